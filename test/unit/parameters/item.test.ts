import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { queryAndWait } from '../../../nodes/SinchCapability/actions/capability/queryAndWait.operation';
import { Item } from '../../../nodes/SinchCapability/parameters/item';
import { strictContext } from '../../support/engine/strictContext';

const node = {
	id: '1',
	name: 'N',
	type: 't',
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
};

/** The last item of several, with values of its fields. */
function lastOf(count: number, fields: Record<string, unknown> = {}) {
	const getNodeParameter = jest.fn((field: string, _: number, fallback: unknown) =>
		field in fields ? fields[field] : fallback,
	);
	const context = strictContext<IExecuteFunctions>({
		getInputData: () => Array.from({ length: count }, () => ({ json: {} })),
		getNode: () => node,
		getNodeParameter,
	});
	return { item: new Item(context, { json: {} }, count - 1), getNodeParameter };
}

const itemWith = (fields: Record<string, unknown>) => lastOf(1, fields).item;

it.each([
	['  +1 202 CALL ME \n', ': +1 202 CALL ME'],
	['', ''],
	[null, ''],
	[7, ': 7'],
	['x'.repeat(80), `: ${'x'.repeat(80)}`],
	['x'.repeat(81), `: ${'x'.repeat(80)}…`],
])('the error of a field names the field and the value %j', (value, quoted) => {
	const { item } = lastOf(3);
	const error = item.fieldError('Phone Number', 'is not a phone number', 'Check it.', value);
	expect(error.message).toBe(`'Phone Number' is not a phone number${quoted}`);
	expect(error.description).toBe('Check it. Row 3 of 3.');
	expect(error.context.itemIndex).toBe(2);
});

it('the error of a field names no row when the item is the only one', () => {
	const error = itemWith({}).fieldError('Limit', 'is empty', 'Enter one.');
	expect([error.message, error.description]).toEqual(["'Limit' is empty", 'Enter one.']);
});

const TIMEOUT = { displayName: 'Timeout', name: 'timeout', default: 30 };

it.each([
	[true, true],
	[false, false],
	['true', true],
	[' FALSE ', false],
	['', false],
	['yes', true],
	['No', false],
	['0', false],
	[1, true],
	[2, true],
	[0, false],
	[null, false],
])('a switch that an expression sets to %j is read as %j', (given, isOn) => {
	expect(itemWith({ simplify: given }).isOn('simplify', 'Simplify', true)).toBe(isOn);
});

it('a switch that an expression sets to neither yes nor no is refused', () => {
	expect(() => itemWith({ simplify: 'maybe' }).isOn('simplify', 'Simplify')).toThrow(
		expect.objectContaining({
			message: "'Simplify' is neither true nor false: maybe",
			description: 'Use true or false.',
		}),
	);
});

it('a switch that the form does not show has its default', () => {
	expect([
		itemWith({}).isOn('simplify', 'Simplify', true),
		itemWith({}).isOn('returnAll', 'Return All'),
	]).toEqual([true, false]);
});

const waitForField = queryAndWait.fields.find(({ name }) => name === 'waitFor');
const waitFor = (given: unknown) =>
	itemWith({ waitFor: given }).choice(waitForField as INodeProperties);

it.each([
	['firstUsable', 'firstUsable'],
	['first usable', 'firstUsable'],
	['First Usable Channel', 'firstUsable'],
	[' ALL', 'all'],
	[undefined, 'all'],
	[null, 'all'],
	['', 'all'],
])('the choice %j is read as %j', (given, choice) => {
	expect(waitFor(given)).toBe(choice);
});

it.each(['any', 1, true, [], {}, Object.create(null)])('%j is refused as a choice', (given) => {
	expect(() => waitFor(given)).toThrow(
		expect.objectContaining({
			message: expect.stringMatching(/^'Wait Until' is not valid: /),
			description: 'Use one of: All Answers, First Usable Channel.',
		}),
	);
});

it.each([
	['x', 'x'],
	[7, '7'],
	[['x'], 'x'],
	[[], ''],
	[[null], ''],
	[null, ''],
])('the text %j is read as %j', (given, text) => {
	expect(itemWith({ name: given }).text('name', 'Name')).toBe(text);
});

it.each([[['a', 'b']], [{}], [[{}]], [[[]]], [Object.create(null)]])(
	'%j is refused as a text',
	(given) => {
		expect(() => itemWith({ name: given }).text('name', 'Name')).toThrow(
			/^'Name' is not a single value: /,
		);
	},
);

it.each([
	[1, 1],
	[' 2.5 ', 2.5],
])('the number %j is read as %j', (given, number) => {
	expect(itemWith({ timeout: given }).positiveNumber(TIMEOUT)).toBe(number);
});

it.each([[0], [-1], [''], [null], ['ten'], [Infinity], [true]])(
	'%j is refused as a number of 1 or more',
	(given) => {
		expect(() => itemWith({ timeout: given }).positiveNumber(TIMEOUT)).toThrow(
			/^'Timeout' must be a number of at least 1/,
		);
	},
);

it('an option that was not added has its default, and one that is empty has none', () => {
	const { options } = itemWith({ options: { appId: undefined, requestId: null } });
	expect(options.positiveNumber(TIMEOUT)).toBe(30);
	expect([options.has('appId'), options.has('requestId')]).toEqual([false, true]);
	expect([options.text('appId', 'App'), options.text('requestId', 'ID')]).toEqual(['', '']);
});

it('options that are no collection have no entries', () => {
	expect(itemWith({ options: 'none' }).options.text('appId', 'App')).toBe('');
});

it('the expressions of options are evaluated once for an item', () => {
	const { item, getNodeParameter } = lastOf(1, { options: { appId: 'A', requestId: 'R' } });
	const { options } = item;
	expect([options.text('appId', 'App'), item.options.text('requestId', 'ID')]).toEqual(['A', 'R']);
	expect(getNodeParameter).toHaveBeenCalledTimes(1);
});

it.each([
	[
		[{ channel: 'SMS' }, { channel: 'RCS' }],
		['SMS', 'RCS'],
	],
	[{ channel: 'SMS' }, ['SMS']],
	[['SMS'], ['']],
	[null, []],
])('the rows %j have the channels %j', (rows, channels) => {
	const read = itemWith({ identities: rows }).rows('identities');
	expect(read.map((row) => row.text('channel', 'Channel'))).toEqual(channels);
});
