import type { IDataObject } from 'n8n-workflow';

import { mergeInput } from '../../../nodes/SinchCapability/actions/operation';

const result = (outcome: string, channel: string | null = null) => ({
	outcome,
	best_channel: channel,
	channels: [],
	request_id: `of ${outcome}`,
});

const check = (input: IDataObject, ...results: object[]) =>
	results.reduce<IDataObject>((item, one) => mergeInput(item, one), input);

it('a second result replaces the first one next to fields of other names', () => {
	expect(check({ name: 'Anna' }, result('No Answer'), result('Full', 'RCS'))).toEqual({
		name: 'Anna',
		...result('Full', 'RCS'),
	});
});

it("a second result replaces the first one in its own field, and the input's field stays", () => {
	const item = check({ outcome: 'won' }, result('No Answer'), result('Full', 'RCS'));
	expect(item).toEqual({
		...result('Full', 'RCS'),
		outcome: 'won',
		capability: result('Full', 'RCS'),
	});
});

it('a second result for an item of the trigger replaces the first one, and nothing of the item', () => {
	const answer = { outcome: 'None', request_id: 'a', channel: 'RCS', notification_id: 'n' };
	const item = check(answer, result('No Answer'), result('Full', 'RCS'));
	expect(item).toEqual({
		...result('Full', 'RCS'),
		...answer,
		capability: result('Full', 'RCS'),
	});
});

it("a result leaves a field of the user's own with the name of its field alone", () => {
	const item = check({ outcome: 'won', capability: 'mine' }, result('None'), result('Full'));
	expect(item).toMatchObject({
		outcome: 'won',
		capability: 'mine',
		capability_2: result('Full'),
	});
	expect(item).not.toHaveProperty('capability_3');
});

it('a field that someone has changed since the first result stays', () => {
	const first = check({ outcome: 'won' }, result('No Answer'));
	expect(mergeInput({ ...first, best_channel: 'SMS' }, result('Full', 'RCS'))).toMatchObject({
		outcome: 'won',
		best_channel: 'SMS',
		capability: result('Full', 'RCS'),
	});
});
