import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { answerPaceOf } from '../../nodes/SinchCapability/transport/queries';
import { type Listening, listen } from '../support/listening';
import { deliverDropped, runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();
let n8n: Listening;

afterEach(async () => await n8n.stop());

const phones = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ phone: String(46701740700 + index) }));

const query = async (items: IDataObject[], options: INodeParameters = {}) =>
	await runAction(
		simulated,
		{ phoneNumber: '={{ $json.phone }}', channels: ['RCS'], options },
		items,
		{ instanceUrl: n8n.instanceUrl },
	);

const isOutstanding = (requestId: unknown) =>
	answerPaceOf(simulated.appId).window.find(requestId as string) !== undefined;

it.each<[string, INodeParameters, number]>([
	['start an execution', {}, 1],
	['a filter of the trigger drops', { channels: ['SMS'] }, 0],
	['are executed one at a time', { executions: 'onePerAnswer' }, 1],
])(
	'outstanding answers of Check reachability no longer count when they %s',
	async (_, options, executions) => {
		n8n = await listen(simulated, { options });
		await simulated.control.faults({ target: 'callback', kind: 'drop' });
		const { outputs } = await query(phones(1));
		const [{ json }] = outputs[0];
		expect(isOutstanding(json.request_id)).toBe(true);
		await deliverDropped(simulated);
		await until(() => !isOutstanding(json.request_id));
		await until(() => n8n.calls.length > 0);
		expect(n8n.calls.filter(({ executes }) => executes)).toHaveLength(executions);
	},
);

it('outstanding answers of Check reachability count until n8n has stored their execution', async () => {
	let finish = () => {};
	const stored = new Promise<void>((resolve) => (finish = resolve));
	let isStoring = false;
	n8n = await listen(simulated, {}, async () => {
		isStoring = true;
		await stored;
	});
	const { outputs } = await query(phones(1));
	const [{ json }] = outputs[0];
	await until(() => isStoring);
	expect(isOutstanding(json.request_id)).toBe(true);
	finish();
	await until(() => !isOutstanding(json.request_id));
});

it('answers of Check reachability do not count as outstanding when Sinch refused the query', async () => {
	n8n = await listen(simulated);
	await simulated.control.faults({ target: 'query', kind: 'status', status: 400 });
	await query([{ phone: '46701740605' }], { requestId: 'refused-by-sinch' });
	expect(isOutstanding('refused-by-sinch')).toBe(false);
});

it('about 25 answers of Check reachability are outstanding at a time, and the next queries follow when they come', async () => {
	n8n = await listen(simulated);
	await simulated.control.settings({ callbacksPerSecond: 400 });
	await simulated.control.faults({ target: 'callback', kind: 'drop', times: 25 });
	const running = query(phones(80), { answersPerSecond: 400 });
	const asked = async () => (await simulated.control.log()).queries.length;
	await until(async () => (await asked()) >= 25);
	await sleep(500);
	expect(await asked()).toBe(25);
	await deliverDropped(simulated);
	const { error } = await running;
	expect(error).toBeUndefined();
	expect(await asked()).toBe(80);
});
