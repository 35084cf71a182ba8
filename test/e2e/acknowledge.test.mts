import { randomUUID } from 'node:crypto';
import { TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { capabilityCallback, post, signatureHeaders } from './support/callbacks.mts';
import { START_LIMIT_MS } from './support/harness.mts';
import { ReceiverHarness, TRIGGER_NAME } from './support/receiverHarness.mts';

const LIMIT_MS = 300_000;

let harness: ReceiverHarness;

beforeAll(async () => {
	harness = await ReceiverHarness.start();
}, START_LIMIT_MS);

afterAll(async () => {
	await harness?.stop();
}, LIMIT_MS);

/** A trigger that acknowledges when its workflow has finished, and one more node. */
async function addReceiver(type: string, parameters: object): Promise<Workflow> {
	const workflow = await harness.add({
		name: `Receiver ${randomUUID()}`,
		nodes: [
			[
				TRIGGER_NAME,
				TRIGGER_TYPE,
				1,
				{ outputMode: 'single', options: { acknowledge: 'finished' } },
			],
			['Behind it', type, 1, parameters],
		].map(([name, nodeType, typeVersion, given]) => ({
			id: randomUUID(),
			name: name as string,
			type: nodeType as string,
			typeVersion: typeVersion as number,
			position: [0, 0],
			parameters: { ...(given as object) },
		})),
		connections: { [TRIGGER_NAME]: { main: [[{ node: 'Behind it', type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	});
	await harness.api.activate(workflow.id);
	return workflow;
}

it(
	'n8n responds to Sinch when the workflow has finished',
	async () => {
		const { id } = await addReceiver('n8n-nodes-base.wait', { amount: 3, unit: 'seconds' });
		const [{ target, secret }] = await harness.webhooks(1);
		expect(target).toMatch(/\/capability-finished$/);
		const body = capabilityCallback(harness.appId, '46704000001');
		const begin = Date.now();
		expect(await post(target, body, signatureHeaders(body, secret))).toBe(200);
		expect(Date.now() - begin).toBeGreaterThan(2_900);
		expect(await harness.api.listExecutions(id)).toMatchObject([{ status: 'success' }]);
		await harness.api.deactivate(id);
		expect(await harness.webhooks(0)).toEqual([]);
	},
	LIMIT_MS,
);

it(
	'n8n has the answer sent again when the workflow fails, and then runs the workflow again',
	async () => {
		const { id } = await addReceiver('n8n-nodes-base.stopAndError', { errorMessage: 'Broken' });
		const [{ target, secret }] = await harness.webhooks(1);
		const body = capabilityCallback(harness.appId, '46704000002');
		const headers = signatureHeaders(body, secret);
		expect(await post(target, body, headers)).toBe(500);
		expect(await post(target, body, headers)).toBe(500);
		expect(await harness.api.waitForExecutions(id, 2)).toMatchObject([
			{ status: 'error' },
			{ status: 'error' },
		]);
		await harness.api.deactivate(id);
	},
	LIMIT_MS,
);
