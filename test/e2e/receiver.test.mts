import { randomInt } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { attacksOn, type Attack } from './receiver/attacks.mts';
import { readExecutions, readRaw, untilQuiet } from './receiver/executions.mts';
import { findSecrets } from './receiver/secrets.mts';
import { ReceiverHarness } from './support/receiverHarness.mts';
import { send } from './receiver/wire.mts';
import { START_LIMIT_MS } from './support/harness.mts';

const LIMIT_MS = 300_000;
const CASES = 500;
const SEED = Number(process.env.HOSTILE_SEED ?? randomInt(2 ** 31));

let harness: ReceiverHarness;
let receiver: Workflow;
let target: string;
let webhookSecret: string;
/** The message of an activation that finds no free webhook; n8n tries it again for 20 seconds. */
let noFreeWebhook: Promise<string>;

beforeAll(async () => {
	harness = await ReceiverHarness.start({ N8N_LOG_LEVEL: 'debug' });
	receiver = await harness.addReceiver();
	await harness.api.activate(receiver.id);
	[{ target, secret: webhookSecret }] = await harness.webhooks(1);
	for (let n = 0; n < 4; n++) {
		const other = `https://crm.example.com/${n}`;
		await harness.sinch('POST', '/webhooks', { app_id: harness.appId, target: other });
	}
	const second = await harness.addReceiver();
	noFreeWebhook = harness.api.activate(second.id).then(
		() => 'none',
		(error: Error) => error.message,
	);
}, START_LIMIT_MS);

afterAll(async () => {
	await harness?.stop();
}, LIMIT_MS);

/** All attacks repeatedly, in an order that the seed determines. */
function shuffledAttacks(): Attack[] {
	let state = SEED;
	const next = () => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 1) / 2 ** 31;
	let identity = 46_703_000_000;
	const attacks: Array<Attack & { at: number }> = [];
	while (attacks.length < CASES) {
		const round = attacksOn(harness.appId, webhookSecret, () => String((identity += 1)));
		attacks.push(...round.map((attack) => ({ ...attack, at: next() })));
	}
	return attacks.sort((one, other) => one.at - other.at);
}

it(
	`the trigger answers ${CASES} hostile requests correctly and starts nothing unsigned, seed ${SEED}`,
	async () => {
		const attacks = shuffledAttacks();
		// The first one that looks genuine makes the trigger look at Sinch, and 503 is right meanwhile.
		const genuineLooking = attacks.find(({ name }) => name === 'truncated, as text')!;
		expect(await send(target, genuineLooking.request)).toBe(genuineLooking.status);
		const inTurn = pLimit(4);
		const answers = await Promise.all(
			attacks.map(
				async ({ name, request, ...expected }) =>
					await inTurn(async () => {
						const got = await send(target, request);
						return { name, got, ...expected };
					}),
			),
		);
		const wanted = attacks.flatMap(({ starts }) => starts ?? []).sort();
		await untilQuiet(harness, receiver.id);
		const executions = await readExecutions(harness, receiver.id);

		const wrong = answers.filter(
			({ status, mayBeReset, got }) => got !== status && !(mayBeReset && got === null),
		);
		const byStatus: Record<string, number> = {};
		for (const { got } of answers) byStatus[String(got)] = (byStatus[String(got)] ?? 0) + 1;
		const figures = { cases: answers.length, byStatus, executions: executions.length };
		process.stderr.write(`Hostile requests, HOSTILE_SEED=${SEED}: ${JSON.stringify(figures)}\n`);
		expect([
			...new Set(wrong.map(({ name, status, got }) => `${name}: ${got}, not ${status}`)),
		]).toEqual([]);
		expect(
			executions.flatMap(({ items }) => items.map(({ identity }) => String(identity))).sort(),
		).toEqual(wanted);
		expect(executions.filter(({ status }) => status !== 'success')).toEqual([]);
		expect(harness.n8n.running).toBe(true);
	},
	LIMIT_MS,
);

/** Everything in this run that is visible to a user or a reader of the log. */
async function everything(workflowIds: string[]): Promise<Record<string, string>> {
	const texts: Record<string, string> = {
		'log of n8n': await readFile(harness.n8n.logFile, 'utf8'),
		credentials: JSON.stringify(await harness.api.http.request('GET', '/credentials')),
		'simulated Sinch': JSON.stringify(await harness.control('GET', '/log')),
	};
	for (const workflowId of workflowIds) {
		for (const execution of await readRaw(harness, workflowId)) {
			texts[`execution ${execution.id}`] = JSON.stringify(execution);
		}
	}
	return texts;
}

function secrets(): Record<string, string> {
	const { keyId, keySecret, tokens } = harness.secrets;
	expect(tokens.length).toBeGreaterThan(0);
	return {
		'key secret': keySecret,
		'key and secret': `${keyId}:${keySecret}`,
		'webhook secret': webhookSecret,
		...Object.fromEntries(tokens.map((token, index) => [`token ${index + 1}`, token])),
	};
}

it(
	'secrets are in no item, error, log line or execution of this run',
	async () => {
		expect(await noFreeWebhook).toMatch(/already has 5 webhooks/);
		const texts = await everything([receiver.id]);
		expect(texts['log of n8n']).toContain('Sinch Capability Trigger refused a request');
		expect(Object.keys(texts).length).toBeGreaterThan(50);
		const found = findSecrets(texts, secrets());
		process.stderr.write(`Secrets in ${Object.keys(texts).length} texts: ${found.length}\n`);
		expect(found).toEqual([]);
	},
	LIMIT_MS,
);

it('secrets are found when planted in an item', async () => {
	const { keySecret } = harness.secrets;
	const leak = await harness.api.createWorkflow({
		name: 'A leak, on purpose',
		nodes: [
			{
				id: '5a4db0c5-0003-4000-8000-000000000001',
				name: 'Start manually',
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {},
			},
			{
				id: '5a4db0c5-0003-4000-8000-000000000002',
				name: 'Leak',
				type: 'n8n-nodes-base.set',
				typeVersion: 3.4,
				position: [240, 0],
				parameters: {
					mode: 'raw',
					jsonOutput: JSON.stringify({ header: Buffer.from(keySecret).toString('base64') }),
				},
			},
		],
		connections: { 'Start manually': { main: [[{ node: 'Leak', type: 'main', index: 0 }]] } },
	});
	const id = await harness.api.run(leak.id, 'Start manually');
	await harness.api.waitForExecution(id!);
	const found = findSecrets(await everything([leak.id]), secrets());
	expect(found).toContainEqual({ text: `execution ${id}`, secret: 'key secret', form: 'Base64' });
});
