import { sleep } from 'n8n-workflow';

import { createSecret } from '../../../nodes/SinchCapability/shared/webhookAddresses';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
	MAX_HOLD_MS,
} from '../../../nodes/SinchCapability/waiting/queueMode/protocol';
import {
	createMarkedRequestId,
	markOf,
} from '../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { MAX_HELD_REQUESTS } from '../../../nodes/SinchCapability/waiting/queueMode/collectServer';
import { settingsOfN8n } from '../../support/instance';
import { type ReceivingProcesses, actAs, startProcesses } from '../../support/processes';
import { runAction, useSimulator } from '../../support/simulated';
import { until } from '../../support/until';

const LIMIT_MS = 300_000;

/** Half as long as a request is held at most. */
const HOLD_MS = MAX_HOLD_MS / 2;
const OWNER = createSecret();

const simulated = useSimulator();
let n8n: ReceivingProcesses;

beforeEach(async () => {
	n8n = await startProcesses(simulated, 1);
	await simulated.control.settings({ answerDelayMs: 0, retryBaseMs: 200 });
});

afterEach(async () => await n8n.stop());

const collect = async (
	body: unknown,
	headers: Record<string, string> = { [COLLECT_HEADER]: COLLECT_VERSION },
) => {
	const response = await fetch(n8n.target, {
		method: 'POST',
		headers: { 'content-type': 'application/json', ...headers },
		body: typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

/** Sends a collecting request as the owner of the key, without the node. */
const ask = async () => {
	const identity = { channel: 'SMS', identity: '46701740605' };
	await simulated.api('POST', '/capability:query', {
		app_id: simulated.appId,
		request_id: createMarkedRequestId(markOf(OWNER), 1, settingsOfN8n().instanceId, Date.now()),
		recipient: { identified_by: { channel_identities: [identity] } },
	});
};

const executions = () => n8n.received.filter(({ call }) => call?.executes).length;

/** One answer is kept, and its owner is waiting for it. */
async function keepAnswer() {
	await collect({ key: OWNER });
	await ask();
	await until(() => n8n.stores[0].keptAnswers === 1);
}

/** The owner still gets the answer, and nothing has started an execution. */
async function expectUntouched() {
	const { body } = await collect({ key: OWNER });
	expect(body.answers).toHaveLength(1);
	expect(executions()).toBe(0);
}

it.each([
	['without a key', { holdMs: 0 }, 400],
	['with a key of the wrong form', { key: 'guess' }, 400],
	// n8n itself refuses what is not JSON.
	['that is not JSON', '{"key":', 422],
	['with nothing in it', '', 400],
	['that is too large', { key: OWNER, padding: 'x'.repeat(70_000) }, 400],
	['with a guessed key', { key: createSecret() }, 200],
	['with the mark in place of the key', { key: markOf(OWNER).padEnd(43, '0') }, 200],
])(
	'a request for kept answers %s learns nothing and takes nothing away',
	async (_, body, status) => {
		await keepAnswer();
		const got = await collect(body);
		expect(got.status).toBe(status);
		expect(JSON.stringify(got.body)).not.toMatch(/46701740605|CAPABILITY_/);
		expect(got.body.answers ?? []).toEqual([]);
		await expectUntouched();
	},
);

it('a request for kept answers learns nothing with another version or without the header', async () => {
	await keepAnswer();
	expect((await collect({ key: OWNER }, { [COLLECT_HEADER]: '99' })).status).toBe(400);
	expect((await collect({ key: OWNER }, {})).status).toBe(401);
	await expectUntouched();
});

it('a request for kept answers with another key cannot tell from the response whether anyone is waiting', async () => {
	const before = await collect({ key: createSecret() });
	await keepAnswer();
	const after = await collect({ key: createSecret() });
	expect(after).toEqual(before);
});

it('a request for kept answers with another key cannot end the wait of someone else', async () => {
	await keepAnswer();
	await collect({ key: createSecret(), leave: { unanswered: [1] } });
	await expectUntouched();
});

it(
	'requests with other keys that end unknown waits with thousands of numbers leave the owner of a kept answer alone',
	async () => {
		await keepAnswer();
		const unanswered = Array.from({ length: 10_000 }, (_, number) => number);
		for (let count = 0; count < 10; count++) {
			const { status } = await collect({ key: createSecret(), leave: { unanswered } });
			expect(status).toBe(200);
		}
		expect(n8n.stores[0]['ended']['entries'].size).toBe(10);
		await expectUntouched();
	},
	LIMIT_MS,
);

it(
	'100 requests with other keys do not disturb the owner of a kept answer',
	async () => {
		await keepAnswer();
		for (let twenty = 0; twenty < 5; twenty++) {
			const responses = await Promise.all(
				Array.from({ length: 20 }, async () => await collect({ key: createSecret() })),
			);
			expect(
				responses.every(({ status, body }) => status === 200 && (body.answers as []).length === 0),
			).toBe(true);
			// The owner collects from time to time, as in real use.
			const { body } = await collect({ key: OWNER, received: {} });
			expect(body.answers).toHaveLength(1);
		}
		await expectUntouched();
	},
	LIMIT_MS,
);

describe('in a worker', () => {
	beforeAll(() => actAs('worker'));
	afterAll(() => actAs('main'));

	it(
		'a wait in a worker gets its answers while an attacker holds as many requests as possible',
		async () => {
			let isOver = false;
			const holdOn = async () => {
				while (!isOver) {
					await collect({ key: createSecret(), holdMs: 2_000 }).catch(() => undefined);
					await sleep(100);
				}
			};
			const attack = Array.from({ length: 250 }, holdOn);
			await until(() => n8n.stores[0].heldRequests === 200);
			const { outputs, error } = await runAction(
				simulated,
				{
					operation: 'queryAndWait',
					recipientType: 'channelIdentities',
					channelIdentities: { identity: [{ channel: 'SMS', identity: '46701740605' }] },
					// A busy computer needs most of its time for the attack.
					timeout: 120,
				},
				[{}],
				{ instanceUrl: n8n.instanceUrl },
			);
			isOver = true;
			await Promise.all(attack);
			expect(error).toBeUndefined();
			expect(outputs.flat()).toHaveLength(1);
			expect(outputs[5] ?? []).toEqual([]);
			expect(executions()).toBe(0);
		},
		LIMIT_MS,
	);
});

const isDelivered = async () =>
	(await simulated.control.log()).deliveries.some(({ state }) => state === 'delivered');

it('a kept answer is acknowledged only when it has been collected', async () => {
	await ask();
	await until(() => n8n.stores[0].keptAnswers === 1);
	expect(await isDelivered()).toBe(false);
	expect((await collect({ key: OWNER })).body.answers).toHaveLength(1);
	await until(isDelivered);
});

describe('while no further request is held', () => {
	beforeEach(async () => {
		for (let other = 0; other < MAX_HELD_REQUESTS; other++) {
			n8n.stores[0].contact(markOf(`other ${other}`), performance.now()).isHeld = true;
		}
		expect((await collect({ key: OWNER, holdMs: HOLD_MS })).body.notHeld).toBe('busy');
	});

	it('an answer starts the workflow when its owner leaves before collecting it', async () => {
		await ask();
		await until(() => n8n.stores[0].keptAnswers === 1);
		await sleep(1_500);
		await collect({ key: OWNER, leave: { unanswered: [1] } });
		await until(() => executions() === 1);
	});
});
