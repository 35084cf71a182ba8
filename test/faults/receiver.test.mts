import { setTimeout as sleep } from 'node:timers/promises';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { START_LIMIT_MS } from '../e2e/support/harness.mts';
import { lockDatabase } from '../e2e/receiver/databaseLock.mts';
import { countByIdentity, readExecutions, untilQuiet } from '../e2e/receiver/executions.mts';
import { ReceiverHarness } from '../e2e/support/receiverHarness.mts';
import { slowReceiver, WorkflowReports } from '../e2e/support/slowReceiver.mts';
import { openFrontDoor, type FrontDoor } from './frontDoor.mts';
import { readStored, type StoredExecution } from './storedExecutions.mts';

/** `FAULTS=short` is for continuous integration: fewer answers, the same kills. */
const ANSWERS = process.env.FAULTS === 'short' ? 120 : 500;

/** The share of the answers that have started a workflow when n8n is killed. */
const KILLS_AT = [0.15, 0.4];

/** Long time-outs, so that a busy machine does not measure its own slowness. */
const SENDER = {
	callbacksPerSecond: 25,
	callbackTimeoutMs: 30_000,
	retryBaseMs: 1000,
	retryMaxDelayMs: 16_000,
	retryMaxAttempts: 100,
};

const LIMIT_MS = 600_000;

interface Delivery {
	identity: string;
	state: string;
	attempts: Array<{ httpStatus: number | null; error?: string }>;
}

let door: FrontDoor;
let harness: ReceiverHarness;
let active: Workflow | undefined;

beforeAll(async () => {
	door = await openFrontDoor();
	harness = await ReceiverHarness.start({ WEBHOOK_URL: door.url, N8N_WEBHOOK_URL: door.url });
	door.target = harness.n8n.url;
}, START_LIMIT_MS);

afterEach(async () => {
	if (active) await harness.api.deactivate(active.id);
	active = undefined;
	await harness.control('DELETE', '/log');
}, LIMIT_MS);

afterAll(async () => {
	await harness?.stop();
	door?.close();
}, LIMIT_MS);

const identitiesFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => String(first + index));

const deliveries = async () =>
	(await harness.control<{ deliveries: Delivery[] }>('GET', '/log')).deliveries;

const isDelivered = ({ state }: Delivery): boolean => state === 'delivered';

function histogram(values: Array<string | number>): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
	return counts;
}

/** The number of attempts by response. */
const tally = (all: Delivery[]) =>
	histogram(
		all.flatMap(({ attempts }) =>
			attempts.map(({ httpStatus, error }) => httpStatus ?? error ?? 'none'),
		),
	);

const report = (what: string, figures: object) =>
	process.stderr.write(`${what}: ${JSON.stringify(figures)}\n`);

/** Waits until `count` callbacks have a 2xx response; reports its progress every 10 seconds. */
async function untilDelivered(count: number, limitMs = 240_000): Promise<Delivery[]> {
	const begin = Date.now();
	for (let said = begin; ; await sleep(500)) {
		const all = await deliveries();
		const delivered = all.filter(isDelivered).length;
		if (delivered >= count) return all;
		if (Date.now() - said >= 10_000) {
			said = Date.now();
			report(`${delivered} of ${count}`, {
				...histogram(all.map(({ state }) => state)),
				...tally(all),
			});
		}
		if (Date.now() - begin > limitMs) {
			throw new Error(`Only ${delivered} of ${all.length} callbacks are delivered`);
		}
	}
}

/** Every execution that n8n has ever stored, with its items. */
class Executions {
	private readonly byId = new Map<number, StoredExecution>();

	constructor(private readonly workflowId: string) {}

	async look(): Promise<void> {
		for (const execution of await readStored(harness.n8n.userFolder, this.workflowId)) {
			const { items = execution.items } = this.byId.get(execution.id) ?? {};
			this.byId.set(execution.id, { ...execution, items });
		}
	}

	get all(): StoredExecution[] {
		return [...this.byId.values()];
	}
}

it.each([
	['n8n has stored them', 'stored', 46_701_000_000],
	['the workflow has finished', 'finished', 46_703_000_000],
] as const)(
	`n8n loses none of ${ANSWERS} answers at 25 a second while it is killed twice, when they are acknowledged once %s`,
	async (_, acknowledge, first) => {
		const reports = new WorkflowReports();
		const workflow = await harness.add(slowReceiver(acknowledge, await reports.start()));
		await harness.api.activate(workflow.id);
		active = workflow;
		await harness.control('PATCH', '/settings', SENDER);

		const identities = identitiesFrom(first, ANSWERS);
		const executions = new Executions(workflow.id);
		await harness.ask('RCS', ...identities);
		for (const share of KILLS_AT) {
			// All answers may have been acknowledged before this many have begun.
			await Promise.race([reports.untilBegun(share * ANSWERS), untilDelivered(ANSWERS)]);
			await harness.n8n.kill();
			await executions.look();
			await harness.n8n.restart();
		}
		const all = await untilDelivered(ANSWERS);
		await untilQuiet(harness, workflow.id);
		await executions.look();
		reports.stop();

		const counts = countByIdentity(executions.all, identities);
		const twice = identities.filter((identity) => counts.get(identity)! > 1);
		const lost = identities.filter((identity) => counts.get(identity) === 0);
		const neverFinished = identities.filter((identity) => !reports.finished.has(identity));
		report(`${ANSWERS} answers, two kills, acknowledged once ${acknowledge}`, {
			lost: lost.length,
			neverFinished: neverFinished.length,
			begunTwice: twice.length,
			finishedTwice: [...reports.finished.values()].filter((count) => count > 1).length,
			executions: histogram(executions.all.map(({ status }) => status)),
			attempts: tally(all),
		});
		expect(lost).toEqual([]);
		if (acknowledge === 'finished') expect(neverFinished).toEqual([]);
		const ids = executions.all.flatMap(({ items }) => items.map((item) => item.notification_id));
		expect(ids).not.toContain(undefined);
		expect(new Set(ids).size).toBe(ANSWERS);
		// A second execution is legitimate only where the first answer did not reach the sender.
		const byIdentity = new Map(all.map((delivery) => [delivery.identity, delivery]));
		for (const identity of twice) {
			expect(byIdentity.get(identity)?.attempts.length).toBeGreaterThan(1);
		}
	},
	LIMIT_MS,
);

it(
	'n8n answers 5xx while executions cannot be stored, and takes no retry for a repeat',
	async () => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		active = workflow;
		const settings = { retryBaseMs: 1000, retryMaxDelayMs: 2000, retryMaxAttempts: 100 };
		await harness.control('PATCH', '/settings', { ...settings, callbackTimeoutMs: 60_000 });

		const identities = identitiesFrom(46_702_000_000, 10);
		const release = await lockDatabase(harness.n8n.userFolder);
		try {
			await harness.ask('RCS', ...identities);
			for (const end = Date.now() + 60_000; Date.now() < end; await sleep(250)) {
				const tried = (await deliveries()).filter(({ attempts }) => attempts.length > 0);
				if (tried.length === identities.length) break;
			}
		} finally {
			await release();
		}
		const whileLocked = await deliveries();
		const all = await untilDelivered(identities.length, 90_000);
		await untilQuiet(harness, workflow.id);
		const counts = countByIdentity(await readExecutions(harness, workflow.id), identities);
		report('database locked', { whileLocked: tally(whileLocked), answers: tally(all) });

		const first = all.map(({ attempts }) => attempts[0].httpStatus);
		expect(first.filter((status) => status !== null && status >= 500)).toHaveLength(10);
		expect([...counts.values()]).toEqual(identities.map(() => 1));
	},
	LIMIT_MS,
);
