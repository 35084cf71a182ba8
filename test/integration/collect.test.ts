import type { IDataObject } from 'n8n-workflow';

import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { mailbox } from '../../nodes/SinchCapability/results/mailbox';
import type { RunNodeOptions } from '../support/engine';
import { runNode } from '../support/engine';
import type { ReceivingProcesses } from '../support/processes';
import { actAs, startProcesses } from '../support/processes';
import { simulate } from '../support/simulated';
import type { Simulated } from '../support/simulated';
import { until } from '../support/until';

let simulated: Simulated;
let n8n: ReceivingProcesses;

beforeAll(async () => {
	simulated = await simulate();
	actAs('worker');
});

beforeEach(async () => {
	await simulated.simulator.control.settings({ callbacksPerSecond: 500, answerDelayMs: 100 });
});

afterEach(async () => {
	await n8n.stop();
	await simulated.simulator.control.reset();
	expect(mailbox.size).toBe(0);
});

afterAll(async () => {
	actAs('main');
	await simulated.simulator.stop();
});

const parameters = {
	operation: 'queryAndWait',
	channelIdentities: { identity: [{ channel: 'SMS', identity: '={{ $json.phone }}' }] },
};

const phones = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ phone: `4670${1_000_000 + index}` }));

const run = async (items: IDataObject[], given: object = {}, settings: RunNodeOptions = {}) =>
	await runNode(new SinchCapability(), { ...parameters, ...given } as never, items, {
		credentials: simulated.store(),
		instanceUrl: n8n.instanceUrl,
		...settings,
	});

const executions = () => n8n.received.filter(({ call }) => call?.executes).length;
const collecting = () => n8n.received.filter(({ isCollecting }) => isCollecting).length;

describe('Query and Wait in a worker', () => {
	it.each([1, 3])('has every answer that comes to %i other processes', async (count) => {
		n8n = await startProcesses(simulated, count);
		const items = phones(60);
		const { outputs, error } = await run(items);
		expect(error).toBeUndefined();
		expect(outputs.flat().map(({ json }) => json.phone)).toHaveLength(60);
		expect(outputs[5] ?? []).toEqual([]);
		expect(executions()).toBe(0);
		await until(() => n8n.stores.every(({ heldRequests }) => heldRequests === 0));
	});

	it('asks for a single answer a few times only', async () => {
		n8n = await startProcesses(simulated, 3);
		const { outputs } = await run(phones(1));
		expect(outputs.flat()).toHaveLength(1);
		expect(collecting()).toBeLessThan(12);
	});
});
