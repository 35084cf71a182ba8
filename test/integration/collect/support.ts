import type { IDataObject } from 'n8n-workflow';

import { mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import type { RunNodeOptions } from '../../support/engine';
import { type ReceivingProcesses, actAs, startProcesses } from '../../support/processes';
import { runAction, useSimulator } from '../../support/simulated';

export const LIMIT_MS = 300_000;

/** Items with a phone number each. */
export const phones = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ phone: `4670${1_000_000 + index}` }));

/** *Check reachability and wait* in a worker, and other processes that receive its answers. */
export function useWorker() {
	const simulated = useSimulator();
	let n8n: ReceivingProcesses;

	beforeAll(() => actAs('worker'));

	beforeEach(async () => {
		await simulated.control.settings({
			callbacksPerSecond: 500,
			answerDelayMs: 100,
			retryBaseMs: 300,
		});
	});

	afterEach(async () => {
		jest.restoreAllMocks();
		await n8n.stop();
		expect(mailbox['open'].size).toBe(0);
	});

	afterAll(() => actAs('main'));

	return {
		simulated,
		/** Starts processes that receive the answers; they stop at the end of the test. */
		async start(count: number, parameters: IDataObject = {}, instanceId?: string) {
			n8n = await startProcesses(simulated, count, parameters as never, instanceId);
			return n8n;
		},
		run: async (
			items: IDataObject[],
			parameters: IDataObject = {},
			settings: RunNodeOptions = {},
		) =>
			await runAction(
				simulated,
				{
					operation: 'queryAndWait',
					recipientType: 'channelIdentities',
					channelIdentities: { identity: [{ channel: 'SMS', identity: '={{ $json.phone }}' }] },
					...parameters,
				} as never,
				items,
				{ instanceUrl: n8n.instanceUrl, ...settings },
			),
		/** How many answers have started an execution of the trigger's workflow. */
		executions: () => n8n.received.filter(({ call }) => call?.executes).length,
		/** How many requests for kept answers have come. */
		collecting: () => n8n.received.filter(({ isCollecting }) => isCollecting).length,
		/** The numbers whose answers have started an execution. */
		emitted: () =>
			n8n.received.flatMap(({ call }) =>
				(call?.workflowData ?? []).flat().map(({ json }) => json.identity),
			),
		/** No process holds or keeps anything. */
		isQuiet: () =>
			n8n.stores.every(({ heldRequests, keptAnswers }) => heldRequests + keptAnswers === 0),
		/** How many queries Sinch has received. */
		asked: async () => (await simulated.control.log()).queries.length,
	};
}
