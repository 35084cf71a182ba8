import type { IDataObject, WorkflowExecuteMode } from 'n8n-workflow';

import { useListening } from '../support/listening';
import { runAction, useSimulator } from '../support/simulated';

const simulated = useSimulator();
const n8n = useListening(simulated);

/** Runs Check reachability and wait for three numbers. @returns the number of requests that are not callbacks */
async function requestsBeside(mode: WorkflowExecuteMode, answerDelayMs: number): Promise<number> {
	await simulated.control.settings({ answerDelayMs });
	const phones: IDataObject[] = ['46701000001', '46701000002', '46701000003'].map((phone) => ({
		phone,
	}));
	const { outputs } = await runAction(
		simulated,
		{
			operation: 'queryAndWait',
			recipientType: 'channelIdentities',
			channelIdentities: { identity: [{ channel: 'SMS', identity: '={{ $json.phone }}' }] },
		},
		phones,
		{ mode, instanceUrl: n8n.instanceUrl },
	);
	expect(outputs[0]).toHaveLength(3);
	expect(n8n.calls.filter(({ executes }) => executes)).toEqual([]);
	return n8n.calls.length - 3;
}

it('a manual run asks its own address once more when no answer arrives soon and none has arrived before', async () => {
	expect(await requestsBeside('manual', 1_500)).toBe(2);
});

it('a run in production asks its own address once whether the trigger listens, for a minute', async () => {
	expect(await requestsBeside('trigger', 100)).toBe(1);
	n8n.calls.length = 0;
	expect(await requestsBeside('trigger', 100)).toBe(0);
});
