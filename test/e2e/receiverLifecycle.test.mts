import { readFile } from 'node:fs/promises';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { ReceiverHarness } from './support/receiverHarness.mts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogLists } from '../../sandbox/simulator/wire.ts';
import { capabilityCallback, post, signatureHeaders } from './support/callbacks.mts';
import { START_LIMIT_MS } from './support/harness.mts';
import { asking, itemsByOutput } from './support/waiting.mts';

const LIMIT_MS = 300_000;

interface Row {
	fault: string;
	shown: string;
	left: string[];
}

const table: Row[] = [];

let harness: ReceiverHarness;

beforeAll(async () => {
	// Makes n8n report a failed activation immediately, instead of retrying for 20 seconds.
	harness = await ReceiverHarness.start({
		N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false',
		// A name of its own for the part of n8n's address that an execution knows.
		N8N_ENDPOINT_WEBHOOK_WAIT: 'resume',
	});
}, START_LIMIT_MS);

afterEach(async () => {
	await harness.control('DELETE', '/faults');
	for (const { id } of await harness.webhooks()) await harness.sinch('DELETE', `/webhooks/${id}`);
});

afterAll(async () => {
	for (const { fault, shown, left } of table) {
		process.stderr.write(`| ${fault} | ${shown} | ${left.join(', ') || 'nothing'} |\n`);
	}
	await harness?.stop();
}, LIMIT_MS);

const fault = async (method: string, rule: Record<string, unknown>) =>
	await harness.control('POST', '/faults', { target: 'webhooks', method, times: 20, ...rule });

/** n8n's message on activation, and what is registered at Sinch afterwards. */
async function activate(name: string, workflow?: Workflow): Promise<Row> {
	const { id } = workflow ?? (await harness.addReceiver());
	const shown = await harness.api.activate(id).then(
		() => 'active',
		(error: Error) => error.message.replace(/^n8n refused .*? with \d+: /, ''),
	);
	await harness.control('DELETE', '/faults');
	const left = (await harness.webhooks()).map(({ target }) =>
		target.replace(/^http:.*\/webhook\/.*/, 'its own webhook'),
	);
	const row = { fault: name, shown, left };
	table.push(row);
	return row;
}

/** The messages themselves are tested in `integration/lifecycle/faults.test.ts`, each for each call. */
it.each<[string, string, Record<string, unknown>, RegExp]>([
	['list', 'GET', { kind: 'status', status: 404 }, /could not find the app.*Check the App ID/],
	[
		'list',
		'GET',
		{ kind: 'reset' },
		/could not be reached at http.*: the connection was lost\. Check the region/,
	],
	[
		'create',
		'POST',
		{ kind: 'status', status: 401 },
		/does not know this access key\. Check the Access/,
	],
	['create', 'POST', { kind: 'status', status: 503 }, /Sinch is not available at the moment\. Try/],
])(
	'n8n shows what happened and what to do when %s (%s) fails with %j',
	async (what, method, rule, expected) => {
		await fault(method, rule);
		const { shown, left } = await activate(`${what} fails with ${JSON.stringify(rule)}`);
		expect(shown).toMatch(expected);
		expect(left).toEqual([]);
	},
	LIMIT_MS,
);

it.each<[string, Record<string, unknown>, number]>([
	['once', { times: 1 }, 0],
	['for long', { times: 20 }, 1],
])(
	'a workflow is deactivated although the deletion of its webhook answers 503 %s',
	async (name, rule, remaining) => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		await fault('DELETE', { kind: 'status', status: 503, ...rule });
		const before = (await readFile(harness.n8n.logFile, 'utf8')).length;
		await harness.api.deactivate(workflow.id);
		await harness.control('DELETE', '/faults');
		const log = (await readFile(harness.n8n.logFile, 'utf8')).slice(before);
		const said = /Could not remove webhooks.*The webhook may still be at Sinch[^\n"]*/.exec(log);
		const left = (await harness.webhooks(remaining)).map(() => 'its own webhook');
		const shown = remaining ? `deactivated; in the log: ${said?.[0]}` : 'deactivated';
		table.push({ fault: `delete answers 503 ${name}`, shown, left });
		expect(left).toHaveLength(remaining);
		expect(said === null).toBe(remaining === 0);
		if (remaining) {
			await harness.api.activate(workflow.id);
			await harness.api.deactivate(workflow.id);
			expect(await harness.webhooks(0)).toEqual([]);
		}
	},
	LIMIT_MS,
);

/** Runs Check reachability and wait for one number manually. */
async function ask() {
	const workflow = await harness.add(asking(['46701000001']));
	const id = await harness.api.run(workflow.id, 'Start');
	return await harness.api.waitForExecution(id!, LIMIT_MS);
}

it(
	'Check reachability and wait has its answers when n8n has another name for the address of waiting executions',
	async () => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		const execution = await ask();
		expect(execution.status).toBe('success');
		expect(Object.values(itemsByOutput(execution)).flat()).toHaveLength(1);
		await harness.api.deactivate(workflow.id);
	},
	LIMIT_MS,
);

it(
	'Check reachability and wait sends no query when the webhook at Sinch is one of an unpublished workflow',
	async () => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		await fault('DELETE', { kind: 'status', status: 401 });
		await harness.api.deactivate(workflow.id);
		await harness.control('DELETE', '/faults');
		expect(await harness.webhooks()).toHaveLength(1);
		await harness.control('DELETE', '/log');
		const execution = await ask();
		expect(execution.status).toBe('error');
		expect(JSON.stringify(execution)).toMatch(
			/The workflow that receives the answers of app \w+ is not published \(active\)/,
		);
		expect((await harness.control<LogLists>('GET', '/log')).queries).toEqual([]);
	},
	LIMIT_MS,
);

/** How many answers arrive in the test below, how many each second, and how often forged requests do. */
const COUNT = 45;
const PER_SECOND = 15;
const FORGED_EVERY_MS = 60;

/** A busy computer gets no more forged requests at a time than this, and so fewer. */
const MAX_FORGED = 10;

it(
	'a trigger whose secret is not the one that its webhook has at Sinch accepts all answers again by itself, also beside 1,000 forged requests a minute',
	async () => {
		const workflow = await harness.addReceiver();
		await harness.api.activate(workflow.id);
		const [{ id, target }] = await harness.webhooks(1);
		await harness.sinch('PATCH', `/webhooks/${id}?update_mask=secret`, {
			target,
			secret: 'set-after-the-backup',
		});
		await harness.control('PATCH', '/settings', { callbacksPerSecond: PER_SECOND });
		await harness.control('DELETE', '/log');
		let isForging = true;
		const requests: Array<Promise<number>> = [];
		let open = 0;
		const forging = (async () => {
			for (; isForging; await sleep(FORGED_EVERY_MS)) {
				if (open >= MAX_FORGED) continue;
				const body = capabilityCallback(harness.appId, '46701234567');
				const headers = signatureHeaders(body, crypto.randomUUID());
				open += 1;
				// n8n may give some up.
				const request = post(target, body, headers).catch(() => 0);
				requests.push(request.finally(() => (open -= 1)));
			}
		})();
		const numbers = Array.from({ length: COUNT }, (_, n) => `4670${2_000_000 + n}`);
		await harness.ask('SMS', ...numbers);
		let log: LogLists;
		do {
			await sleep(200);
			log = await harness.control<LogLists>('GET', '/log');
		} while (
			log.deliveries.length < COUNT ||
			log.deliveries.some(({ state }) => state === 'waiting' || state === 'retrying')
		);
		isForging = false;
		await forging;
		const forged = await Promise.all(requests);
		const attempts = log.deliveries
			.flatMap((one) => one.attempts)
			.map(({ at, httpStatus }) => ({ at: Date.parse(at), httpStatus }))
			.sort((one, other) => one.at - other.at);
		const firstAccepted = attempts.find(({ httpStatus }) => httpStatus === 200)!;
		const notAccepted = attempts.filter(({ httpStatus }) => httpStatus !== 200);
		const looks = log.requests.filter(
			({ method, path }) => method === 'GET' && path.endsWith('/webhooks'),
		);
		process.stderr.write(
			`| wrong secret, ${COUNT} answers at ${PER_SECOND}/s | accepted after ${firstAccepted.at - attempts[0].at} ms | ${notAccepted.length} attempts not accepted (${[...new Set(notAccepted.map(({ httpStatus }) => httpStatus))].join(', ')}) | looks at Sinch: ${looks.length} | forged: ${forged.length}, statuses ${[...new Set(forged)].join(', ')} |\n`,
		);
		expect(new Set(log.deliveries.map(({ state }) => state))).toEqual(new Set(['delivered']));
		expect(looks).toHaveLength(1);
		expect(forged).not.toContain(200);
		await harness.api.deactivate(workflow.id);
	},
	LIMIT_MS,
);
