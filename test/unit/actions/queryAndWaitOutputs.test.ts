import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Attempt } from '../../../nodes/SinchCapability/actions/operation';
import {
	bestResultsOf,
	outputsOf,
	readLayout,
} from '../../../nodes/SinchCapability/actions/capability/queryAndWait.outputs';
import { itemsOf } from '../../../nodes/SinchCapability/parameters/item';
import { WAIT_OUTCOMES } from '../../../nodes/SinchCapability/waiting/contactResult';
import { PendingQuery } from '../../../nodes/SinchCapability/waiting/mailbox';
import { actionContext, type Settings } from './context';

const TOOL = 'sinchCapabilityTool';
const CONTACT = { perChannel: false, isSingle: false };
const CHANNEL = { perChannel: true, isSingle: false };
const SINGLE = { perChannel: false, isSingle: true };
const IDENTITIES = ['RCS', 'SMS'].map((channel) => ({ channel, identity: '46' }));

/** A query on RCS and SMS: RCS has no capability, SMS is Full. */
function answered(): PendingQuery {
	const pending = new PendingQuery('request', IDENTITIES, 'all');
	const reason = { code: 'RECIPIENT_NOT_REACHABLE', description: 'off' };
	const [rcs, sms] = IDENTITIES;
	pending.accept({
		capability_notification: { ...rcs, capability_status: 'NO_CAPABILITY', reason },
	});
	pending.accept({ capability_notification: { ...sms, capability_status: 'CAPABILITY_FULL' } });
	return pending;
}

/** The attempts of a run whose first item has its answers, and whose second item has failed. */
function attemptsOf(context: IExecuteFunctions): Array<Attempt<PendingQuery>> {
	const [first, second] = itemsOf(context);
	const failed = { json: { error: { message: 'no' } }, pairedItem: { item: 1 } };
	return [
		{ item: first, result: answered() },
		{ item: second, failed },
	];
}

const BINARY = { data: { data: '', mimeType: 'text/plain' } };

function run(layout: typeof CONTACT, settings: Settings = {}) {
	const items = [{ name: 'Anna' }, { name: 'Bo' }];
	const { context } = actionContext({ items, binary: BINARY, ...settings });
	return outputsOf(context, attemptsOf(context), layout);
}

/** The items by the name of their output. */
const byOutput = (outputs: INodeExecutionData[][]) =>
	Object.fromEntries(
		outputs.flatMap((items, index) =>
			items.length > 0 ? [[WAIT_OUTCOMES[index], items.map(({ json }) => json)]] : [],
		),
	);

it('each contact is an item with the result next to its own fields, on the output of its outcome', () => {
	const outputs = run(CONTACT);
	expect(outputs).toHaveLength(WAIT_OUTCOMES.length);
	expect(byOutput(outputs)).toEqual({
		Full: [
			expect.objectContaining({
				name: 'Anna',
				outcome: 'Full',
				best_channel: 'SMS',
				request_id: 'request',
				channels: [
					expect.objectContaining({ channel: 'RCS', outcome: 'None' }),
					expect.objectContaining({ channel: 'SMS', outcome: 'Full' }),
				],
			}),
		],
		Failed: [
			{
				name: 'Bo',
				outcome: 'Failed',
				best_channel: null,
				best_identity: null,
				channels: [],
				request_id: null,
				error: { message: 'no' },
			},
		],
	});
	expect(outputs.flat().map(({ binary, pairedItem }) => ({ binary, pairedItem }))).toEqual([
		{ binary: BINARY, pairedItem: { item: 0 } },
		{ binary: BINARY, pairedItem: { item: 1 } },
	]);
});

it('each channel is an item on the output of its own outcome when the user wants one item per channel', () => {
	const channel = { identity: '46', request_id: 'request', name: 'Anna' };
	expect(byOutput(run(CHANNEL))).toEqual({
		Full: [expect.objectContaining({ ...channel, outcome: 'Full', channel: 'SMS' })],
		None: [expect.objectContaining({ ...channel, outcome: 'None', channel: 'RCS' })],
		Failed: [
			expect.objectContaining({
				name: 'Bo',
				outcome: 'Failed',
				channel: null,
				error: { message: 'no' },
			}),
		],
	});
});

it('all items are on one output in the order of the input when the user wants a single one', () => {
	const outputs = run(SINGLE);
	expect(outputs).toHaveLength(1);
	expect(outputs[0].map(({ json }) => json.name)).toEqual(['Anna', 'Bo']);
});

it.each([CONTACT, CHANNEL, SINGLE])(
	'an AI agent gets one short item for each contact on a single output, with the choice %j',
	(layout) => {
		const outputs = run(layout, { type: TOOL });
		expect(outputs).toHaveLength(1);
		expect(outputs[0]).toEqual([
			{
				json: {
					outcome: 'Full',
					best_channel: 'SMS',
					best_identity: '46',
					channels: [
						{ channel: 'RCS', identity: '46', outcome: 'None', reason: 'RECIPIENT_NOT_REACHABLE' },
						{ channel: 'SMS', identity: '46', outcome: 'Full' },
					],
				},
				pairedItem: { item: 0 },
			},
			expect.objectContaining({
				json: { outcome: 'Failed', error: { message: 'no' } },
				pairedItem: { item: 1 },
			}),
		]);
	},
);

it.each<[string, IDataObject, string[]]>([
	['is not added', {}, ['name', 'outcome', 'best_channel', 'best_identity', 'channels']],
	['has a name', { resultField: ' reach ' }, ['name', 'reach']],
	['replaces a field of the input', { resultField: 'name' }, ['name']],
	['is blank', { resultField: ' ' }, ['name', 'outcome', 'best_channel', 'best_identity']],
	['cannot be read', { resultField: ['a', 'b'] }, ['name', 'outcome', 'best_channel']],
])(
	'the result is put where the option Put Result in Field says when it %s',
	(_, options, names) => {
		const [anna] = run(SINGLE, { fields: { options } })[0];
		const keys = Object.keys(anna.json);
		expect(keys.slice(0, names.length)).toEqual(names);
		expect(keys.includes('outcome')).toBe(names.includes('outcome'));
		const field = typeof options.resultField === 'string' ? options.resultField.trim() : '';
		if (field) expect(anna.json[field]).toMatchObject({ outcome: 'Full', best_channel: 'SMS' });
	},
);

it('the results of contacts are those of their best channels, and Failed for an item whose query was not sent', () => {
	const { context } = actionContext({ items: [{}, {}] });
	expect(bestResultsOf(attemptsOf(context))).toMatchObject([
		{ outcome: 'Full', best_channel: 'SMS' },
		{ outcome: 'Failed', best_channel: null },
	]);
});

it.each([
	[
		{ outputMode: 'single', itemPer: 'channel' },
		{ isSingle: true, perChannel: true },
	],
	[{ outputMode: 'perOutcome', itemPer: 'contact' }, CONTACT],
	[{}, CONTACT],
])('the choices %j divide the results as %j', (fields, expected) => {
	const layout = { isSingle: !expected.isSingle, perChannel: !expected.perChannel };
	readLayout(actionContext({ fields }).context, layout);
	expect(layout).toEqual(expected);
});
