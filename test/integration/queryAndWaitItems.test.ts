import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { WAIT_OUTCOMES } from '../../nodes/SinchCapability/waiting/contactResult';
import { useListening } from '../support/listening';
import { runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();
const n8n = useListening(simulated);

const FAILED = WAIT_OUTCOMES.indexOf('Failed');

const byPhone = (...channels: string[]): INodeParameters => ({
	operation: 'queryAndWait',
	recipientType: 'channelIdentities',
	channelIdentities: {
		identity: channels.map((channel) => ({ channel, identity: '={{ $json.phone }}' })),
	},
});

const wait = async (parameters: INodeParameters, items: IDataObject[], settings: object = {}) =>
	await runAction(simulated, parameters, items, { instanceUrl: n8n.instanceUrl, ...settings });

/** Runs a query whose own answers are lost, and posts these instead. */
async function answerWith(parameters: INodeParameters, phone: string, answers: object[]) {
	await simulated.control.faults({ target: 'callback', kind: 'drop', times: 2 });
	const running = wait(parameters, [{ phone }]);
	await until(async () => (await simulated.control.log()).queries.length > 0);
	const [query] = (await simulated.control.log()).queries;
	for (const { app_id = simulated.appId, ...answer } of answers as Array<{ app_id?: string }>) {
		await simulated.control.callbacks({
			appId: simulated.appId,
			body: {
				app_id,
				capability_notification: {
					request_id: (query as unknown as { requestId: string }).requestId,
					...answer,
				},
			},
		});
	}
	return await running;
}

const phone = '5531996883193';
const answers = [
	{ channel: 'WHATSAPP', identity: '553196883193', capability_status: 'NO_CAPABILITY' },
	{ channel: 'SMS', identity: phone, capability_status: 'NO_CAPABILITY' },
];

it('an answer of WhatsApp in its own spelling of a Brazilian number completes the contact, which leaves on None', async () => {
	const { outputs } = await answerWith(byPhone('WHATSAPP', 'SMS'), phone, answers);
	const [item] = outputs[WAIT_OUTCOMES.indexOf('None')];
	expect(item.json.channels).toEqual([
		expect.objectContaining({ channel: 'WHATSAPP', identity: '553196883193', outcome: 'None' }),
		expect.objectContaining({ channel: 'SMS', identity: phone, outcome: 'None' }),
	]);
});

it('an answer of WhatsApp in its own spelling of a Brazilian number is one of two items with One Item per Channel', async () => {
	const parameters = { ...byPhone('WHATSAPP', 'SMS'), itemPer: 'channel' };
	const { outputs } = await answerWith(parameters, phone, answers);
	expect(outputs.flat().map(({ json }) => [json.channel, json.outcome])).toEqual([
		['WHATSAPP', 'None'],
		['SMS', 'None'],
	]);
});

it('an answer for another app is not believed, although its request ID is awaited', async () => {
	const phone = '46701740605';
	const { outputs } = await answerWith({ ...byPhone('SMS'), timeout: 2 }, phone, [
		{
			app_id: '01AN0THERAPP00000000000000',
			channel: 'SMS',
			identity: phone,
			capability_status: 'CAPABILITY_FULL',
		},
	]);
	expect(outputs[WAIT_OUTCOMES.indexOf('No Answer')]).toHaveLength(1);
});

it('a query whose response is lost is not repeated any more once its answer shows that Sinch has registered it', async () => {
	await simulated.control.faults({
		target: 'query',
		kind: 'reset',
		processed: true,
		times: 12,
	});
	const { outputs } = await wait(byPhone('SMS'), [{ phone: '46701740605' }]);
	expect(outputs[0][0].json).toMatchObject({ outcome: 'Full' });
	// All attempts of a request: without the answer, the item would fail after them.
	expect((await simulated.control.log()).queries.length).toBeLessThan(12);
});

const binary = { photo: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
const items = [{ phone: '46701740605' }, { phone: 'call me' }];
const onError = 'continueRegularOutput';

it.each(['contact', 'channel'])('an item per %s keeps the files of the input', async (itemPer) => {
	const parameters = { ...byPhone('RCS', 'SMS'), itemPer };
	const { outputs } = await wait(parameters, items, { onError, binary });
	expect(outputs[0].length).toBeGreaterThan(0);
	expect(outputs.flat().every((item) => item.binary?.photo)).toBe(true);
	expect(outputs[FAILED]).toHaveLength(1);
});

it.each<[string, INodeParameters, object]>([
	['per contact', {}, { best_channel: null, channels: [], request_id: null }],
	['per channel', { itemPer: 'channel' }, { channel: null, identity: null, request_id: null }],
	['on a single output', { outputMode: 'single' }, { best_channel: null, channels: [] }],
])('an item that could not be sent is Failed %s', async (_, parameters, fields) => {
	const { outputs } = await wait({ ...byPhone('RCS'), ...parameters }, items, { onError });
	const failed = outputs.flat().find(({ json }) => json.error);
	expect(failed).toEqual({
		json: expect.objectContaining({ ...items[1], ...fields, outcome: 'Failed' }),
		pairedItem: { item: 1 },
	});
});

it('an item that could not be sent is Failed even if the input has an earlier result', async () => {
	const earlier = {
		outcome: 'Full',
		best_channel: 'RCS',
		best_identity: '46701740605',
		channels: [],
		request_id: 'earlier',
	};
	const { outputs } = await wait(byPhone('RCS'), [{ phone: 'call me', ...earlier }], { onError });
	expect(outputs[FAILED][0].json).toMatchObject({ outcome: 'Failed', best_channel: null });
});

const answered = {
	outcome: 'Full',
	channel: 'RCS',
	identity: '46701740605',
	contact_id: null,
	capability_status: 'CAPABILITY_FULL',
	reason: null,
	channel_capabilities: ['RICHCARD_STANDALONE'],
	request_id: 'earlier',
	event_time: '2026-01-15T10:20:30Z',
	app_id: 'A',
};

it('an item without an answer keeps nothing of an earlier answer', async () => {
	await simulated.control.faults({ target: 'callback', kind: 'drop', times: 1 });
	const parameters = { ...byPhone('RCS'), itemPer: 'channel', timeout: 1 };
	const { outputs } = await wait(parameters, [{ phone: '46701740605', ...answered }]);
	expect(outputs[WAIT_OUTCOMES.indexOf('No Answer')][0].json).toMatchObject({
		outcome: 'No Answer',
		channel: 'RCS',
		capability_status: null,
		channel_capabilities: [],
		event_time: null,
	});
});

it('a check of an item of the trigger leaves its fields as they are', async () => {
	const item = { ...answered, outcome: 'None', notification_id: 'n' };
	const parameters = {
		...byPhone('RCS'),
		channelIdentities: { identity: [{ channel: 'RCS', identity: '={{ $json.identity }}' }] },
		itemPer: 'channel',
	};
	const { outputs } = await wait(parameters, [item]);
	expect(outputs[0][0].json).toMatchObject({ ...item, capability: { outcome: 'Full' } });
});

it('an item that could not be sent is Failed in the field that the result is put in', async () => {
	const parameters = { ...byPhone('RCS'), options: { resultField: 'check' } };
	const { outputs } = await wait(parameters, [{ phone: 'call me' }], { onError });
	expect(outputs[FAILED][0].json).toMatchObject({ check: { outcome: 'Failed', channels: [] } });
});

const run = async (alwaysOutputData: boolean) => {
	const items = [{ phone: '447700900123' }];
	const { outputs, runs } = await wait(byPhone('RCS'), items, { alwaysOutputData });
	const full = (outputs[0] ?? []).map(({ json }) => json);
	return { full, hints: JSON.stringify(runs[0].hints ?? []) };
};

it('the empty item of Always Output Data is explained when nothing leaves on Full', async () => {
	const [on, off] = [await run(true), await run(false)];
	expect([on.full, off.full]).toEqual([[{}], []]);
	expect(on.hints).toContain("'Always Output Data' is on");
	expect(off.hints).not.toContain('Always Output Data');
});

const summary = async (count: number, parameters: INodeParameters = {}, settings: object = {}) => {
	const items = [{ phone: 'call me' }, { phone: '46701740605' }, { phone: '46701740605' }];
	const { runs } = await wait({ ...byPhone('RCS'), ...parameters }, items.slice(0, count), {
		mode: 'manual',
		onError: 'continueRegularOutput',
		...settings,
	});
	return JSON.stringify(runs[0].hints ?? []);
};

it('the summary after a manual run counts the contacts of each outcome', async () => {
	expect(await summary(3)).toContain('3 contacts: Full 2, Failed 1.');
});

it('the summary after a manual run names the tab on which the only item is', async () => {
	expect(await summary(1)).toContain('1 contact: Failed. Its item is on the tab Failed Branch.');
});

it('the summary after a manual run names the channel by which the only contact can be reached', async () => {
	const hints = await summary(1, {
		channelIdentities: { identity: [{ channel: 'RCS', identity: '46701740605' }] },
	});
	expect(hints).toContain('1 contact: Full on RCS. Its item is on the tab Full Branch.');
});

it('the summary after a manual run names no tab when all items are on one', async () => {
	const hints = await summary(1, { outputMode: 'single' });
	expect(hints).toContain('1 contact: Failed."');
	expect(hints).not.toContain('tab');
});

it('the summary after a manual run names no tab when one contact has an item for each channel', async () => {
	const channelIdentities = {
		identity: ['RCS', 'SMS'].map((channel) => ({ channel, identity: '46701740605' })),
	};
	const hints = await summary(1, { channelIdentities, itemPer: 'channel' });
	expect(hints).toContain('1 contact: Full on RCS."');
});

it('the summary after a manual run names the error output, to which a failed item is sent', async () => {
	const hints = await summary(1, {}, { onError: 'continueErrorOutput' });
	expect(hints).toContain('1 contact: Failed. Its item is on the tab Error Branch.');
});

it('the summary of a run is not shown in production', async () => {
	expect(await summary(1, {}, { mode: 'trigger' })).not.toContain('1 contact');
});
