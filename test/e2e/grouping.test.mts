import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { lockDatabase } from './receiver/databaseLock.mts';
import { countByIdentity, readExecutions, untilQuiet } from './receiver/executions.mts';
import { ReceiverHarness } from './support/receiverHarness.mts';
import { capabilityCallback, post, signatureHeaders } from './support/callbacks.mts';
import { START_LIMIT_MS } from './support/harness.mts';

const LIMIT_MS = 300_000;
const AT_ONCE = 20;

/** How long n8n has run at least when its connections are looked at: its tasks at the start begin a moment later. */
const WATCHED_MS = 10_000;

let harness: ReceiverHarness;
let receiver: Workflow;
let target: string;
let secret: string;
let folder: string;
let readyAt: number;

/** Every host that n8n has connected to, one a line. */
const hostsFile = () => join(folder, 'hosts');

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sinch-connections-'));
	const recorder = new URL('support/connections.mjs', import.meta.url).href;
	harness = await ReceiverHarness.start({
		NODE_OPTIONS: `--import ${recorder}`,
		CONNECTIONS_FILE: hostsFile(),
	});
	readyAt = Date.now();
	receiver = await harness.addReceiver({
		outputMode: 'single',
	});
	await harness.api.activate(receiver.id);
	[{ target, secret }] = await harness.webhooks(1);
}, START_LIMIT_MS);

afterAll(async () => {
	await harness?.stop();
	await rm(folder, { recursive: true });
}, LIMIT_MS);

const identitiesFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => String(first + index));

/** Sends one signed notification for each identity. Returns the statuses of the answers. */
async function send(identities: string[]): Promise<number[]> {
	const inTurn = pLimit(AT_ONCE);
	return await Promise.all(
		identities.map(
			async (identity) =>
				await inTurn(async () => {
					const body = capabilityCallback(harness.appId, identity);
					return await post(target, body, signatureHeaders(body, secret));
				}),
		),
	);
}

it(
	'grouping starts far fewer executions than there are notifications, and each notification is in one of them',
	async () => {
		const identities = identitiesFrom(46_705_000_000, 100);
		const statuses = await send(identities);
		await untilQuiet(harness, receiver.id);
		const executions = await readExecutions(harness, receiver.id);
		process.stderr.write(`100 notifications, ${executions.length} executions\n`);
		expect(statuses.filter((status) => status !== 200)).toEqual([]);
		expect(executions.every(({ status, finished }) => status === 'success' && finished)).toBe(true);
		expect([...countByIdentity(executions, identities).values()]).toEqual(identities.map(() => 1));
		expect(executions.length).toBeLessThan(identities.length / 2);
	},
	LIMIT_MS,
);

it(
	'n8n responds with 5xx to every answer of a group while it cannot store the execution',
	async () => {
		const identities = identitiesFrom(46_706_000_000, 8);
		const release = await lockDatabase(harness.n8n.userFolder);
		let whileLocked: number[];
		try {
			whileLocked = await send(identities);
		} finally {
			await release();
		}
		const afterwards = await send(identities);
		await untilQuiet(harness, receiver.id);
		const executions = await readExecutions(harness, receiver.id);
		process.stderr.write(`Locked ${whileLocked.join(' ')}, afterwards ${afterwards.join(' ')}\n`);
		expect(whileLocked.every((status) => status >= 500)).toBe(true);
		expect(afterwards).toEqual(identities.map(() => 200));
		const counts = countByIdentity(executions, identities);
		expect(identities.map((identity) => counts.get(identity))).toEqual(identities.map(() => 1));
	},
	LIMIT_MS,
);

it('n8n in the sandbox connects to nothing but what its workflows request', async () => {
	await sleep(Math.max(0, readyAt + WATCHED_MS - Date.now()));
	// The requests of the trigger to Sinch are there: the recorder works.
	const hosts = new Set((await readFile(hostsFile(), 'utf8')).trim().split('\n'));
	expect([...hosts]).toEqual(['127.0.0.1']);
});
