import type { IDataObject } from 'n8n-workflow';

import { mailbox } from '../../nodes/SinchCapability/waiting/mailbox';
import { WAIT_OUTCOMES } from '../../nodes/SinchCapability/waiting/contactResult';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { runNode } from '../support/engine';
import type { Listening } from '../support/listening';
import { listen } from '../support/listening';
import { deliverDropped, runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();
let n8n: Listening;

beforeEach(async () => {
	n8n = await listen(simulated);
	await simulated.control.settings({ callbacksPerSecond: 500 });
});

afterEach(async () => {
	await n8n.stop();
	expect(mailbox['open'].size).toBe(0);
});

const byContact = {
	operation: 'queryAndWait',
	recipientType: 'contact',
	contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
};

const byPhone = (...channels: string[]) => ({
	operation: 'queryAndWait',
	recipientType: 'channelIdentities',
	channelIdentities: {
		identity: channels.map((channel) => ({ channel, identity: '={{ $json.phone }}' })),
	},
});

const run = async (parameters: object, items: IDataObject[], settings = {}) =>
	await runAction(simulated, parameters as never, items, {
		instanceUrl: n8n.instanceUrl,
		...settings,
	});

const executions = () => n8n.calls.filter(({ executes }) => executes).length;

const [phone] = ['46701740605'];

it('Check reachability and wait emits each demo contact on its best outcome, with its own fields', async () => {
	const contacts = simulated.demo.contacts;
	const { outputs, error } = await run(
		byContact,
		contacts.map(({ contactId, name }) => ({ contactId, name })),
	);
	expect(error).toBeUndefined();
	const expected = contacts.map(({ contactId, name, channels }, item) => {
		const usable = channels.find(({ outcome }) => ['Full', 'Partial'].includes(outcome));
		const outcome =
			usable?.outcome ??
			['Failed', 'No Answer', 'Unknown', 'None'].find((one) =>
				channels.some((row) => row.outcome === one),
			);
		return { contactId, name, outcome, channels, item };
	});
	for (const [index, outcome] of WAIT_OUTCOMES.entries()) {
		expect(outputs[index] ?? []).toEqual(
			expected
				.filter((contact) => contact.outcome === outcome)
				.map(({ contactId, name, channels, item }) => ({
					json: expect.objectContaining({
						contactId,
						name,
						outcome,
						channels: channels.map((row) =>
							expect.objectContaining({ channel: row.channel, outcome: row.outcome }),
						),
					}),
					pairedItem: { item },
				})),
		);
	}
	expect(executions()).toBe(0);
});

it('Check reachability and wait gives the best channel in the order asked', async () => {
	const { outputs } = await run(byPhone('WHATSAPP', 'RCS', 'SMS'), [{ phone }]);
	expect(outputs[0][0].json).toMatchObject({
		phone,
		outcome: 'Full',
		best_channel: 'WHATSAPP',
		best_identity: phone,
	});
});

it('Check reachability and wait gives one item per channel on request', async () => {
	const { outputs } = await run({ ...byContact, itemPer: 'channel' }, [
		{ contactId: simulated.demo.contacts[1].contactId, name: 'Oliver' },
	]);
	expect(outputs.map((items) => items.map(({ json }) => [json.name, json.channel]))).toEqual([
		[['Oliver', 'SMS']],
		[['Oliver', 'RCS']],
		[['Oliver', 'VIBERBM']],
		[],
		[],
		[],
	]);
});

it('Check reachability and wait emits all items on one output when there is only one', async () => {
	const { outputs } = await run({ ...byPhone('RCS'), outputMode: 'single' }, [{ phone }]);
	expect(outputs).toHaveLength(1);
	expect(outputs[0][0].json).toMatchObject({ phone, outcome: 'Full' });
});

it('Check reachability and wait never overwrites a field of the input', async () => {
	const input = { phone, outcome: 'won', channels: 3 };
	const { outputs } = await run({ ...byPhone('RCS'), outputMode: 'single' }, [input]);
	expect(outputs[0][0].json).toMatchObject({ ...input, capability: { outcome: 'Full' } });
	expect(Object.keys(outputs[0][0].json).slice(0, 4)).toEqual([
		...Object.keys(input),
		'best_channel',
	]);
	const chosen = { ...byPhone('RCS'), outputMode: 'single', options: { resultField: 'check' } };
	const { outputs: put } = await run(chosen, [input]);
	expect(put[0][0].json).toEqual({
		...input,
		check: expect.objectContaining({ outcome: 'Full', best_channel: 'RCS' }),
	});
});

it('Check reachability and wait replaces its own earlier result when a contact is checked again', async () => {
	const parameters = { ...byPhone('RCS'), outputMode: 'single' };
	const { outputs } = await run(parameters, [{ phone, note: 'own' }]);
	const earlier: IDataObject = { ...outputs[0][0].json, outcome: 'Failed', best_channel: null };
	const { outputs: again } = await run(parameters, [earlier]);
	expect(again[0][0].json).toMatchObject({
		phone,
		note: 'own',
		outcome: 'Full',
		best_channel: 'RCS',
	});
	expect(again[0][0].json).not.toHaveProperty('capability');
	expect(again[0][0].json.request_id).not.toBe(earlier.request_id);
});

it('Check reachability and wait asks once about an identity that is given twice', async () => {
	const started = Date.now();
	const { outputs } = await run(
		{
			...byPhone(),
			channelIdentities: {
				identity: ['+46701740605', '0046 70 174 06 05'].map((identity) => ({
					channel: 'RCS',
					identity,
				})),
			},
		},
		[{}],
	);
	expect(outputs[0][0].json.channels).toHaveLength(1);
	// Long before the time-out.
	expect(Date.now() - started).toBeLessThan(20_000);
});

it.each(['={{ $json.missing }}', '', 0])(
	'Check reachability and wait refuses the time-out %j before it sends anything',
	async (timeout) => {
		const { error } = await run({ ...byPhone('RCS'), timeout } as never, [{ phone }]);
		expect(error?.message).toContain("'Timeout (Seconds)' must be a number of at least 1");
		expect((await simulated.control.log()).queries).toEqual([]);
	},
);

it('Check reachability and wait does not wait for the rest when the first usable channel is enough', async () => {
	await simulated.control.faults({
		target: 'callback',
		kind: 'delay',
		recipient: '716253440',
		delayMs: 60_000,
	});
	const { outputs } = await run(
		{
			operation: 'queryAndWait',
			waitFor: 'firstUsable',
			recipientType: 'channelIdentities',
			channelIdentities: {
				identity: [
					{ channel: 'TELEGRAM', identity: '716253440' },
					{ channel: 'RCS', identity: phone },
				],
			},
		},
		[{}],
	);
	expect(outputs[0][0].json).toMatchObject({ outcome: 'Full', best_channel: 'RCS' });
});

it('an awaited answer also starts the workflow of the trigger when its option says so', async () => {
	await n8n.stop();
	await simulated.control.reset();
	n8n = await listen(simulated, { options: { emitAwaited: true } });
	const { outputs } = await run(byPhone('RCS', 'SMS'), [{ phone }]);
	expect(outputs[0]).toHaveLength(1);
	expect(executions()).toBe(2);
});

it('a duplicate answer changes nothing and starts no execution', async () => {
	await simulated.control.faults({ target: 'callback', kind: 'duplicate', times: 2 });
	const { outputs } = await run(byPhone('RCS', 'SMS'), [{ phone }]);
	expect(outputs[0][0].json).toMatchObject({ outcome: 'Full' });
	expect(executions()).toBe(0);
});

it('an answer before the acknowledgement is not lost', async () => {
	await simulated.control.faults({
		target: 'query',
		kind: 'delay',
		delayMs: 600,
		processed: true,
	});
	const { outputs } = await run(byPhone('RCS'), [{ phone }]);
	expect(outputs[0][0].json).toMatchObject({ outcome: 'Full' });
});

it('a channel without an answer is marked as No Answer, in time', async () => {
	await simulated.control.settings({ answerDelayMs: 0 });
	await simulated.control.faults({
		target: 'callback',
		kind: 'drop',
		recipient: phone,
		times: 1,
	});
	const started = Date.now();
	const { outputs } = await run({ ...byPhone('RCS', 'SMS'), timeout: 3 }, [{ phone }]);
	const { outcome, channels } = outputs[0][0].json as never as {
		outcome: string;
		channels: IDataObject[];
	};
	expect(outcome).toBe('Full');
	expect(channels.map((channel) => channel.outcome).sort()).toEqual(['Full', 'No Answer']);
	expect(Date.now() - started).toBeGreaterThanOrEqual(3_000);
	expect(Date.now() - started).toBeLessThan(30_000);
});

it('a contact without any answer leaves on No Answer, with a hint', async () => {
	await simulated.control.settings({ answerDelayMs: 60_000 });
	const { outputs, runs } = await run({ ...byPhone('RCS'), timeout: 1 }, [{ phone }]);
	expect(outputs[WAIT_OUTCOMES.indexOf('No Answer')]).toEqual([
		{ json: expect.objectContaining({ phone, outcome: 'No Answer' }), pairedItem: { item: 0 } },
	]);
	expect(JSON.stringify(runs[0].hints)).toContain('Sinch has delivered nothing to n8n.');
});

it('a late first answer starts an execution of the trigger, so it is not lost', async () => {
	await simulated.control.faults({ target: 'callback', kind: 'drop' });
	await run({ ...byPhone('RCS'), timeout: 1 }, [{ phone }]);
	expect(executions()).toBe(0);
	await deliverDropped(simulated);
	await until(() => executions() > 0);
	expect(executions()).toBe(1);
});

it('two executions about the same contact get an answer each', async () => {
	const both = await Promise.all([
		run(byPhone('RCS'), [{ phone }]),
		run(byPhone('RCS'), [{ phone }]),
	]);
	const ids = both.map(({ outputs }) => outputs[0][0].json.request_id);
	expect(new Set(ids).size).toBe(2);
});

it('a cancelled execution stops at once and leaves nothing behind', async () => {
	await simulated.control.settings({ answerDelayMs: 40_000 });
	const stop = new AbortController();
	const running = run(byPhone('RCS'), [{ phone }], { signal: stop.signal });
	await until(() => mailbox['open'].size > 0);
	const cancelled = Date.now();
	stop.abort();
	expect((await running).status).toBe('canceled');
	await until(() => mailbox['open'].size === 0);
	// Long before the answer.
	expect(Date.now() - cancelled).toBeLessThan(15_000);
});

it('a query that Sinch refuses is a failed item among the others', async () => {
	const contactId = simulated.demo.contacts[0].contactId;
	const { outputs } = await run(
		byContact,
		[{ contactId: '01SANDB0XC0NTACTVNKN0WN001' }, { contactId }],
		{ onError: 'continueRegularOutput' },
	);
	expect(outputs[0]).toHaveLength(1);
	expect(outputs[WAIT_OUTCOMES.indexOf('Failed')]).toEqual([
		{
			json: {
				contactId: '01SANDB0XC0NTACTVNKN0WN001',
				outcome: 'Failed',
				best_channel: null,
				best_identity: null,
				channels: [],
				request_id: null,
				error: expect.objectContaining({ httpCode: '404' }),
			},
			pairedItem: { item: 0 },
		},
	]);
});

it('Check reachability and wait says at once which workflow to activate, and sends no query, when none listens', async () => {
	await simulated.control.reset();
	const { error } = await run(byPhone('RCS'), [{ phone }]);
	expect(error).toMatchObject({
		message: `No published workflow receives the answers of app ${simulated.appId}`,
		description: expect.stringContaining('Sinch Capability Trigger'),
	});
	expect((await simulated.control.log()).queries).toEqual([]);
});

it('Check reachability and wait ignores a webhook to another address', async () => {
	const { error } = await run(byPhone('RCS'), [{ phone }], {
		instanceUrl: 'https://other.example.com/',
	});
	expect(error?.message).toMatch(/No published workflow receives/);
});

it('as a tool of an AI agent, Check reachability and wait returns a short answer on one output', async () => {
	const node = new SinchCapability();
	const tool = Object.assign(Object.create(node), {
		description: { ...node.description, name: `${node.description.name}Tool` },
	}) as SinchCapability;
	const { outputs } = await runNode(
		tool,
		byPhone('RCS', 'SMS') as never,
		[{ phone: '46701740606' }],
		{ credentials: simulated.store(), instanceUrl: n8n.instanceUrl },
	);
	expect(outputs[0].map(({ json }) => json)).toEqual([
		{
			outcome: 'Full',
			best_channel: 'SMS',
			best_identity: '46701740606',
			channels: [
				{ channel: 'RCS', identity: '46701740606', outcome: 'None' },
				{ channel: 'SMS', identity: '46701740606', outcome: 'Full' },
			],
		},
	]);
});
