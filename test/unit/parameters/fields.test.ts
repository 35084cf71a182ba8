import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { operationFields } from '../../../nodes/SinchCapability/actions/router';
import {
	readIdentities,
	withApp,
} from '../../../nodes/SinchCapability/parameters/channelIdentities';
import {
	languageField,
	readLanguage,
} from '../../../nodes/SinchCapability/parameters/contactDetails';
import { Item } from '../../../nodes/SinchCapability/parameters/item';
import { readNumber } from '../../../nodes/SinchCapability/parameters/phoneNumberField';
import { readAppId } from '../../../nodes/SinchCapability/parameters/pickers';
import { readMaxAge } from '../../../nodes/SinchCapability/parameters/verification';
import { strictContext } from '../../support/engine/strictContext';

/** The only item of a run, with values of its fields. */
function itemWith(fields: IDataObject): Item {
	const node = { name: 'Reach', type: 'sinchCapability', typeVersion: 1, parameters: {} };
	const context = strictContext<IExecuteFunctions>({
		getInputData: () => [{ json: {} }],
		getNode: () => node as never,
		continueOnFail: () => false,
		getNodeParameter: (field: string, _: number, fallback: unknown) => fields[field] ?? fallback,
	});
	return new Item(context, { json: {} }, 0);
}

const identities = (...rows: IDataObject[]) =>
	readIdentities(itemWith({ 'channelIdentities.identity': rows }));

it('an identity that is given twice is sent once, and one that belongs to an app names it', () => {
	const sms = { channel: 'SMS', identity: '46701740605' };
	const line = { channel: 'LINE', identity: 'U1' };
	const read = identities({ channel: 'sms', identity: '+46 70 174 06 05' }, line, sms);
	expect(read).toEqual([sms, line]);
	expect(withApp(read, () => '01APP')).toEqual([sms, { ...line, app_id: '01APP' }]);
});

it.each<[IDataObject, string, string]>([
	[
		{ channel: '', identity: '46701740605' },
		"'Channel Name or ID' is empty",
		'Choose the channel that the identity belongs to.',
	],
	[
		{ channel: 'SMS; RCS', identity: '46701740605' },
		"'Channel Name or ID' is not a channel: SMS; RCS",
		'Choose one from the list',
	],
	[
		{ channel: 'SMS', identity: ' ' },
		"'Phone Number or ID' is empty",
		'Enter a phone number with its country code.',
	],
	[
		{ channel: 'TELEGRAM', identity: '' },
		"'Phone Number or ID' is empty",
		'Enter the ID of the recipient on Telegram.',
	],
])('the identity %j is refused with what to do', (row, message, advice) => {
	const description = expect.stringContaining(advice) as string;
	expect(() => identities(row)).toThrow(expect.objectContaining({ message, description }));
});

it.each([
	[undefined, 'EN_US'],
	['sv', 'SV'],
	['pt-br', 'PT_BR'],
	['unspecified', 'UNSPECIFIED'],
	// Not listed, but it may be new at Sinch.
	['zh_hant_hk', 'ZH_HANT_HK'],
])('the language %j is sent as %s', (language, sent) => {
	expect(readLanguage(itemWith({ language }), languageField)).toBe(sent);
});

it.each([
	['', "'Language' is empty"],
	[' ', "'Language' is empty"],
	['Swedish or so', "'Language' is not a language: Swedish or so"],
	['S', "'Language' is not a language: S"],
])('the language %j is refused', (language, message) => {
	expect(() => readLanguage(itemWith({ language }), languageField)).toThrow(
		expect.objectContaining({
			message,
			description: expect.stringContaining('Sinch requires one for every contact.'),
		}),
	);
});

it.each([
	['', '46701740605'],
	['  ', '46701740605'],
	[' None ', '46701740605'],
	[' Sweden ', '46701740605'],
])('a number with its country code needs no default country, and may have %j', (given, digits) => {
	const item = itemWith({ options: { defaultCountry: given } });
	expect(readNumber(item, 'Phone Number', '+46701740605')).toBe(digits);
});

it('a default country that is none is refused, whatever the number', () => {
	const item = itemWith({ options: { defaultCountry: 'Scandinavia' } });
	expect(() => readNumber(item, 'Phone Number', '+46701740605')).toThrow(
		"'Default Country' is not a country: Scandinavia",
	);
});

it.each([
	['01 APP', "'App' contains spaces: 01 APP"],
	['..', "'App' is not an ID: .."],
])('the app %j is refused with %j', (appId, message) => {
	expect(() => readAppId(itemWith({ appId }), { appId: '01APP' })).toThrow(message);
});

it('the app of the credential is used when the node has none, and one of the two is needed', () => {
	expect(readAppId(itemWith({}), { appId: '01APP' })).toBe('01APP');
	expect(() => readAppId(itemWith({}), { appId: '' })).toThrow("'App' is empty");
});

it.each([
	[0, 0],
	['1.5', 1.5],
	['', 24],
	['  ', 24],
	[null, 24],
	[-1, 24],
])('an age limit of %j is read as %d hours', (given, hours) => {
	expect(readMaxAge(given)).toBe(hours);
});

/** All fields of the form, with those in collections. */
const allFields = (fields: readonly INodeProperties[]): INodeProperties[] =>
	fields.flatMap((field) => [
		field,
		...allFields(
			(field.options ?? []).flatMap((option) => {
				if ('values' in option) return option.values;
				return 'type' in option ? [option as INodeProperties] : [];
			}),
		),
	]);

const FORM = allFields(operationFields);
const namesOf = (fields: INodeProperties[]) => [...new Set(fields.map(({ name }) => name))].sort();

it('the editor marks the fields that a user has to fill in', () => {
	expect(namesOf(FORM.filter(({ required }) => required))).toEqual(
		[
			...['channels', 'contactId', 'externalId', 'identity', 'phoneNumber'],
			...['targetUrl', 'webhookId', 'webhookSecret'],
		].sort(),
	);
});

it.each(['operation', 'resource', 'secretFrom'])(
	'the field %s, on which the form depends, cannot be an expression',
	(wanted) => {
		const fields = FORM.filter(({ name }) => name === wanted);
		expect(fields.length).toBeGreaterThan(0);
		expect(fields.every(({ noDataExpression }) => noDataExpression)).toBe(true);
	},
);

it('several channel identities can be added, and the lists of all pickers can be searched', () => {
	const several = FORM.filter(({ typeOptions }) => typeOptions?.multipleValues);
	expect(namesOf(several)).toEqual(['channelIdentities']);
	const lists = FORM.flatMap(({ modes = [] }) => modes.filter(({ type }) => type === 'list'));
	expect(lists.length).toBeGreaterThan(0);
	expect(lists.every(({ typeOptions }) => typeOptions?.searchable)).toBe(true);
});
