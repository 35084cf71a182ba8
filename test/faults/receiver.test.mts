import { setTimeout as sleep } from 'node:timers/promises';
import { START_LIMIT_MS } from '../e2e/support/harness.mts';
import { lockDatabase } from '../e2e/receiver/databaseLock.mts';
import { countByIdentity, readExecutions, untilQuiet } from '../e2e/receiver/executions.mts';
import { ReceiverHarness } from '../e2e/support/receiverHarness.mts';

const LIMIT_MS = 480_000;

interface Delivery {
	identity: string;
	state: string;
	attempts: Array<{ httpStatus: number | null; error?: string }>;
}

let stand: ReceiverHarness;

beforeAll(async () => {
	stand = await ReceiverHarness.start();
}, START_LIMIT_MS);

afterEach(async () => {
	await stand.control('DELETE', '/log');
});

afterAll(async () => {
	await stand?.stop();
}, LIMIT_MS);

const identitiesFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => String(first + index));

const deliveries = async () =>
	(await stand.control<{ deliveries: Delivery[] }>('GET', '/log')).deliveries;

/** Waits until every callback was answered with 2xx. */
async function untilDelivered(count: number, limitMs: number): Promise<Delivery[]> {
	for (const end = Date.now() + limitMs; ; await sleep(250)) {
		const all = await deliveries();
		const open = all.filter(({ state }) => state !== 'delivered');
		if (all.length === count && open.length === 0) return all;
		if (Date.now() > end) {
			throw new Error(`${open.length} of ${all.length} callbacks are ${open[0]?.state}`);
		}
	}
}

function histogram(values: Array<string | number>): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
	return counts;
}

/** How many attempts had which answer. */
const tally = (all: Delivery[]) =>
	histogram(
		all.flatMap(({ attempts }) =>
			attempts.map(({ httpStatus, error }) => httpStatus ?? error ?? 'none'),
		),
	);

const report = (what: string, figures: object) =>
	process.stderr.write(`${what}: ${JSON.stringify(figures)}\n`);

it(
	'loses none of 500 notifications at 25 a second while n8n is killed and restarted twice',
	async () => {
		const workflow = await stand.addReceiver();
		await stand.api.activate(workflow.id);
		const settings = { retryBaseMs: 1000, retryMaxDelayMs: 16_000, retryMaxAttempts: 100 };
		await stand.control('PATCH', '/settings', { ...settings, callbacksPerSecond: 25 });

		const identities = identitiesFrom(46701000000, 500);
		await stand.ask('RCS', ...identities);
		for (const delivered of [80, 200]) {
			while ((await deliveries()).filter(({ state }) => state === 'delivered').length < delivered) {
				await sleep(200);
			}
			await stand.n8n.kill();
			await stand.n8n.restart();
		}
		const all = await untilDelivered(500, 300_000);
		await untilQuiet(stand, workflow.id);

		const executions = await readExecutions(stand, workflow.id);
		const counts = [...countByIdentity(executions, identities)];
		const ids = executions.flatMap(({ items }) => items.map((item) => item.notification_id));
		const twice = counts.filter(([, count]) => count > 1).map(([identity]) => identity);
		const attemptsOf = (identity: string) =>
			all
				.find((delivery) => delivery.identity === identity)
				?.attempts.map(({ httpStatus, error }) => httpStatus ?? error);
		const finished = executions.filter((execution) => execution.finished);
		report('500 notifications, two SIGKILLs', {
			answers: tally(all),
			executions: executions.length,
			cutOff: executions.length - finished.length,
			lost: counts.filter(([, count]) => count === 0).length,
			neverFinished: [...countByIdentity(finished, identities).values()].filter((n) => n === 0)
				.length,
			timesExecuted: histogram(counts.map(([, count]) => count)),
			statuses: histogram(executions.map(({ status }) => status)),
			attemptsOfThoseMoreThanOnce: twice.slice(0, 8).map(attemptsOf),
			afterRemovingDuplicates: new Set(ids).size,
		});
		expect(counts.filter(([, count]) => count === 0)).toEqual([]);
		expect(new Set(ids).size).toBe(500);
		expect(ids).not.toContain(undefined);
		// A second execution is legitimate only where the first answer did not reach the sender.
		for (const identity of twice) expect(attemptsOf(identity)?.length).toBeGreaterThan(1);
		await stand.api.deactivate(workflow.id);
	},
	LIMIT_MS,
);

it(
	'answers 5xx while executions cannot be stored, and takes no retry for a repeat',
	async () => {
		const workflow = await stand.addReceiver();
		await stand.api.activate(workflow.id);
		const settings = { retryBaseMs: 1000, retryMaxDelayMs: 2000, retryMaxAttempts: 100 };
		await stand.control('PATCH', '/settings', { ...settings, callbackTimeoutMs: 60_000 });

		const identities = identitiesFrom(46702000000, 10);
		const release = await lockDatabase(stand.n8n.userFolder);
		try {
			await stand.ask('RCS', ...identities);
			for (const end = Date.now() + 60_000; Date.now() < end; await sleep(250)) {
				const tried = (await deliveries()).filter(({ attempts }) => attempts.length > 0);
				if (tried.length === identities.length) break;
			}
		} finally {
			await release();
		}
		const whileLocked = await deliveries();
		const all = await untilDelivered(identities.length, 90_000);
		await untilQuiet(stand, workflow.id);
		const counts = countByIdentity(await readExecutions(stand, workflow.id), identities);
		report('database locked', { whileLocked: tally(whileLocked), answers: tally(all) });

		const first = all.map(({ attempts }) => attempts[0].httpStatus);
		expect(first.filter((status) => status !== null && status >= 500)).toHaveLength(10);
		expect([...counts.values()]).toEqual(identities.map(() => 1));
		await stand.api.deactivate(workflow.id);
	},
	LIMIT_MS,
);
