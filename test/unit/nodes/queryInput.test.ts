import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { APP_ID, PROJECT_ID, storeWith } from '../../support/package';
import { acknowledge, identities, run, useSinch } from './querySupport';

useSinch();

it.each([
	['is given while the run stops at such an item', 'stopWorkflow', true],
	['is not repeated in items that are skipped already', 'continueRegularOutput', false],
] as const)('the advice to skip items with a bad number %s', async (_, onError, isGiven) => {
	const items = [{ phone: '070 174 06 05' }];
	const { error, outputs } = await run({ phoneNumber: '={{ $json.phone }}' }, items, { onError });
	const failed = outputs[0]?.[0]?.json.error as IDataObject | undefined;
	const description = String((failed ?? error)?.description);
	expect(description).toContain('such as +46 70 123 45 67');
	expect(description.includes('set Settings > On Error to Continue')).toBe(isGiven);
});

const contact = (value: string) => ({
	recipientType: 'contact',
	contactId: { __rl: true, mode: 'id', value },
});

it.each<[string, INodeParameters, string]>([
	[
		'no recipient',
		{ recipientType: 'channelIdentities', channelIdentities: {} },
		"'Channel Identities' is empty",
	],
	['an empty identity', identities(['RCS', ' ']), "'Phone Number or ID' is empty"],
	[
		'an empty identity of several',
		identities(['RCS', '46701234567'], ['SMS', '={{ "" }}']),
		"'Phone Number or ID (channel identity 2)' is empty",
	],
	['an identity without channel', identities(['', '46701234567']), "'Channel Name or ID' is empty"],
	[
		'letters in a phone number',
		identities(['SMS', '+46 70 CALL ME']),
		"'Phone Number or ID' is not a phone number: +46 70 CALL ME",
	],
	['an empty contact', contact('={{ "" }}'), "'Contact' is empty"],
	...(['answersPerSecond', 'timeout', 'requestsPerSecond'] as const).flatMap((option) =>
		['={{ "" }}', 0, -1, '={{ $json.missing + 1 }}', 'soon'].map(
			(value): [string, INodeParameters, string] => [
				`${option} ${value}`,
				{ ...identities(['RCS', '46701234567']), options: { [option]: value } },
				'must be a number of at least 1',
			],
		),
	),
	['a contact with spaces', contact('01W4 FFL3'), "'Contact' contains spaces: 01W4 FFL3"],
])('%s is an error before anything is sent', async (_, parameters, message) => {
	const { error } = await run(parameters);
	expect(error).toMatchObject({
		message: expect.stringContaining(message),
		context: { itemIndex: 0 },
	});
	expect(error?.description).toBeTruthy();
});

it('the error about bad input names the item, and nothing is sent for those before it', async () => {
	const { error } = await run(identities(['RCS', '={{ $json.phone }}']), [
		{ phone: '46701234567' },
		{ phone: '46701234568' },
		{ phone: 'call me' },
	]);
	expect(error).toMatchObject({
		message: "'Phone Number or ID' is not a phone number: call me",
		context: { itemIndex: 2 },
	});
});

it('an item with bad input is one failed item among others when On Error is set to continue', async () => {
	const asked = acknowledge(2);
	const { outputs } = await run(
		identities(['RCS', '={{ $json.phone }}']),
		[{ phone: '46701234567' }, { phone: '' }, { phone: '46701234568' }],
		{ onError: 'continueRegularOutput' },
	);
	expect(asked).toHaveLength(2);
	expect(outputs[0].map(({ json, pairedItem }) => [json.error, pairedItem])).toEqual([
		[undefined, { item: 0 }],
		[expect.objectContaining({ message: "'Phone Number or ID' is empty", item: 1 }), { item: 1 }],
		[undefined, { item: 2 }],
	]);
});

it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
	'with %s, a failed item keeps the fields of its input beside the error',
	async (onError) => {
		const item = { customer: 7, phone: '' };
		const { outputs } = await run(identities(['RCS', '={{ $json.phone }}']), [item], { onError });
		expect(outputs.flat().map(({ json }) => json)).toEqual([
			{ ...item, error: expect.objectContaining({ item: 0 }) },
		]);
	},
);

it('an item keeps the files of its input, even when it fails', async () => {
	acknowledge(1);
	const binary = { photo: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } };
	const { outputs } = await run(
		identities(['RCS', '={{ $json.phone }}']),
		[{ phone: '46701234567' }, { phone: '' }],
		{ onError: 'continueRegularOutput', binary },
	);
	expect(outputs[0].map((item) => item.binary)).toEqual([binary, binary]);
});

it('blanks around the IDs in the credential are ignored', async () => {
	const asked = acknowledge();
	const { error } = await run(identities(['RCS', '46701234567']), [{}], {
		credentials: storeWith({ projectId: ` ${PROJECT_ID}\t`, appId: `\n${APP_ID} ` }),
	});
	expect(error).toBeUndefined();
	expect(asked).toMatchObject([{ app_id: APP_ID, project_id: PROJECT_ID }]);
});
