import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import { queryAndWait } from '../../../nodes/SinchCapability/actions/capability/queryAndWait.operation';
import { WAIT_OUTCOMES } from '../../../nodes/SinchCapability/waiting/contactResult';
import { mailbox } from '../../../nodes/SinchCapability/waiting/mailbox';
import { N8N } from './context';
import { sinchWith } from './sinch';

const FULL = { capability_status: 'CAPABILITY_FULL' };

beforeEach(() => {
	jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
	jest.advanceTimersByTime(60_000);
});
afterEach(() => {
	jest.useRealTimers();
	expect(mailbox['open'].size).toBe(0);
});

/** Runs Check Reachability and Wait on a clock that moves on by itself. */
async function run(count: number, given: Parameters<typeof sinchWith>[1]) {
	const { context, ...seen } = sinchWith(count, given);
	const began = performance.now();
	const run = queryAndWait.execute.call(context).then(
		(outputs) => ({ outputs, error: undefined, ms: performance.now() - began }),
		(error: NodeOperationError) => ({ outputs: [], error, ms: performance.now() - began }),
	);
	await jest.runAllTimersAsync();
	const { outputs, error, ms } = await run;
	const used = outputs.flatMap((items, index) =>
		items.length > 0 ? [`${WAIT_OUTCOMES[index]} ${items.length}`] : [],
	);
	const { hints, queries } = seen;
	return { outputs, error, ms, used, queries, messages: hints.map(({ message }) => message) };
}

it('a wait ends with the last answer, and its items are on the outputs of their outcomes', async () => {
	const { used, ms, messages } = await run(3, { answer: FULL });
	expect(used).toEqual(['Full 3']);
	expect(ms).toBeLessThan(1000);
	expect(messages).toEqual([]);
});

it('a wait without any answer ends after its time-out, and a hint names the cause', async () => {
	const { used, ms, messages } = await run(2, { fields: { timeout: 5 } });
	expect(used).toEqual(['No Answer 2']);
	expect(ms).toBeGreaterThanOrEqual(5000);
	expect(messages).toEqual([
		expect.stringMatching(/^No answer arrived in time for any item\. Sinch has delivered nothing/),
	]);
});

it('a run whose queries Sinch has refused says nothing about answers, and is waited for no longer', async () => {
	const { outputs, used, ms, messages } = await run(2, {
		refused: [0, 1],
		onError: 'continueRegularOutput',
	});
	expect(used).toEqual(['Failed 2']);
	expect(outputs.flat()[0].json).toMatchObject({ row: 0, outcome: 'Failed', error: { item: 0 } });
	expect(ms).toBeLessThan(5000);
	expect(messages).toEqual([]);
});

it('a run that has an answer for one of its items has no hint about those without', async () => {
	const { used, messages } = await run(2, {
		answer: FULL,
		fields: (index) =>
			index === 0 ? {} : { recipientType: 'contact', contactId: 'C', timeout: 5 },
	});
	expect(used).toEqual(['Full 1', 'No Answer 1']);
	expect(messages).toEqual([]);
});

it('a run of no items has no hint', async () => {
	expect((await run(0, {})).messages).toEqual([]);
});

it('a run by hand says how many contacts have which outcome', async () => {
	const { messages } = await run(3, { answer: FULL, mode: 'manual' });
	expect(messages).toEqual(['3 contacts: Full 3.']);
});

it('a run by hand of contacts says that the app stores none, but only of those that could be read', async () => {
	const byContact = { recipientType: 'contact', contactId: 'C', timeout: 1 };
	const shown = async (fields: IDataObject) => {
		const onError = 'continueRegularOutput';
		const { messages } = await run(1, { fields, mode: 'manual', isDispatch: true, onError });
		return messages.filter((message) => message.includes('is in DISPATCH mode'));
	};
	expect(await shown(byContact)).toHaveLength(1);
	expect(await shown({ ...byContact, timeout: 'long' })).toEqual([]);
});

it.each([
	['Best Channel', { bestChannel: 'cheapest' }],
	['Put Result in Field', { resultField: ['a', 'b'] }],
])(
	'an option %s that cannot be used is an error before anything is sent',
	async (label, options) => {
		const { error, queries } = await run(1, { fields: { options } });
		expect(error?.message).toContain(`'${label}'`);
		expect(queries).toEqual([]);
	},
);

it('the items of a run whose choices cannot be read are contacts that have failed, on the output for that', async () => {
	const broken = new Error('no such node');
	const { outputs, used, queries } = await run(2, {
		onError: 'continueRegularOutput',
		fields: () => ({
			get outputMode(): string {
				throw broken;
			},
		}),
	});
	expect(used).toEqual(['Failed 2']);
	expect(outputs.flat()[0].json).toMatchObject({
		outcome: 'Failed',
		best_channel: null,
		error: { message: broken.message },
	});
	expect(queries).toEqual([]);
});

it('a worker sends no query whose answers only a Webhook node receives, which keeps none for it', async () => {
	const receivers = [`${N8N}webhook/sinch`];
	const { error, queries } = await run(1, { receivers, instanceType: 'worker' });
	expect(error?.description).toContain('No query was sent.');
	expect(queries).toEqual([]);
});

it('an item that n8n adds to an empty first output is announced when Always Output Data is on', async () => {
	const answer = { capability_status: 'NO_CAPABILITY' };
	const { messages } = await run(1, { answer, alwaysOutputData: true });
	expect(messages).toEqual([expect.stringContaining("'Always Output Data' is on")]);
});
