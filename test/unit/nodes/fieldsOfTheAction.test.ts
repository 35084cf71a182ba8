import { randomUUID } from 'node:crypto';
import nock from 'nock';
import type { INodeParameters } from 'n8n-workflow';

import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import { runNode } from '../../support/engine';
import { storeWith } from '../../support/package';

const NUMBERS = [
	'-1',
	'0',
	'0.5',
	'1.1',
	'16.1',
	'3000000',
	'1e99',
	'46701234567.5',
	'-46701234567',
] as const;
const WORDS = ['"nonsense!"', '"two words"', 'true', 'false', '"no"', '"UNSPECIFIED"'] as const;

/** What any expression may give, in any field. */
const ANYTHING = [
	'null',
	'undefined',
	'""',
	'"  "',
	...WORDS,
	...NUMBERS,
	'[]',
	'[null]',
	'[[]]',
	'["RCS", 5]',
	'["46701234567", "46701234568"]',
	'{}',
	'({ id: "01W4FFL35P4NC4K35CONVAPP02" })',
	'({ value: { value: 1 } })',
	'Object.create(null)',
	'[Object.create(null)]',
	'$("Nowhere").item.json.x',
] as const;

type Expression = (typeof ANYTHING)[number];

/** What n8n gives for no value; an empty list is no text either. */
const BLANK: Expression[] = ['null', 'undefined', '""', '"  "'];
const NO_TEXT: Expression[] = [...BLANK, '[]', '[null]'];

/** Which of the expressions each kind of field can use; every other one is an error that names the field. */
const USABLE = {
	text: [...NO_TEXT, ...WORDS, ...NUMBERS],
	requiredText: [...WORDS, ...NUMBERS],
	number: ['1.1', '16.1', '3000000', '1e99', '46701234567.5'],
	option: ['undefined', '1.1', '16.1', '3000000', '1e99', '46701234567.5'],
	switch: [...BLANK, 'true', 'false', '"no"', ...NUMBERS],
	choice: BLANK,
	id: ['"nonsense!"', 'true', 'false', '"no"', '"UNSPECIFIED"', ...NUMBERS],
	appId: [...BLANK, '"nonsense!"', 'true', 'false', '"no"', '"UNSPECIFIED"', ...NUMBERS],
	channel: ['true', 'false', '"no"', '"UNSPECIFIED"'],
	country: [...NO_TEXT, '"no"'],
	language: ['"no"', '"UNSPECIFIED"'],
	languageOption: ['undefined', '"no"', '"UNSPECIFIED"'],
	channels: [],
	phoneNumber: [],
	json: [...ANYTHING].filter((one) => !one.startsWith('$')),
} satisfies Record<string, Expression[]>;

type Field = [path: string, label: string, kind: keyof typeof USABLE];

const APP: Field = ['options.appId', 'App', 'appId'];
const FORMS: Field[] = [
	['options.defaultCountry', 'Default Country', 'country'],
	['options.phoneNumberFormat', 'Phone Number Format', 'choice'],
];
const RATE: Field = ['options.requestsPerSecond', 'Requests per Second', 'option'];
const PAIR: Field[] = [
	['channelIdentities.identity.0.channel', 'Channel Name or ID', 'channel'],
	['channelIdentities.identity.0.identity', 'Phone Number or ID', 'phoneNumber'],
];
const CONTACT: Field = ['contactId', 'Contact', 'id'];
const QUERY: Field[] = [
	['options.answersPerSecond', 'Answers per Second', 'option'],
	APP,
	...FORMS,
	RATE,
	['recipientType', 'Recipient', 'choice'],
	['phoneNumber', 'Phone Number', 'phoneNumber'],
	['channels', 'Channels', 'channels'],
];
const details = (collection: string): Field[] => [
	[`${collection}.email`, 'Email', 'text'],
	[`${collection}.externalId`, 'External ID', 'text'],
	[`${collection}.metadata`, 'Metadata', 'json'],
];

const pair = (channel: string, identity: string): INodeParameters => ({
	channelIdentities: { identity: [{ channel, identity }] },
});
const rcs = pair('RCS', '+46701234567');
// With an expression for the recipient, n8n requires the fields of every kind.
const byPhone = {
	phoneNumber: '+46701234567',
	channels: ['RCS'],
	contactId: '01W4',
	channelIdentities: { identity: [{ channel: 'RCS', identity: '+46701234567' }] },
};
const byPair = { recipientType: 'channelIdentities', ...rcs };

/** Each operation with values that it can use, and its fields. */
const FORMS_OF_OPERATIONS: Array<[string, INodeParameters, Field[]]> = [
	[
		'capability query',
		byPhone,
		[
			...QUERY,
			['options.createContact', 'Create Contact If Missing', 'switch'],
			['options.requestId', 'Request ID', 'text'],
			['options.timeout', 'Request Timeout (Seconds)', 'option'],
		],
	],
	['capability query', byPair, PAIR],
	[
		'capability query',
		{ recipientType: 'channelIdentities', ...pair('MESSENGER', '7') },
		[['channelIdentities.identity.0.identity', 'Phone Number or ID', 'requiredText']],
	],
	[
		'capability query',
		{ ...byPhone, options: { createContact: true } },
		[['options.contactLanguage', 'Contact Language', 'languageOption']],
	],
	['capability query', { recipientType: 'contact', contactId: '01W4' }, [CONTACT]],
	[
		'capability queryAndWait',
		byPhone,
		[
			...QUERY,
			['waitFor', 'Wait Until', 'choice'],
			['timeout', 'Timeout (Seconds)', 'number'],
			['options.bestChannel', 'Best Channel', 'choice'],
			['options.resultField', 'Put Result in Field', 'text'],
		],
	],
	[
		'contact create',
		rcs,
		[
			...PAIR,
			...FORMS,
			RATE,
			['displayName', 'Display Name', 'text'],
			['language', 'Language', 'language'],
			...details('options'),
		],
	],
	['contact create', pair('MESSENGER', '7'), [APP]],
	['contact get', { contactId: '01W4' }, [CONTACT]],
	['contact delete', { contactId: '01W4' }, [CONTACT]],
	[
		'contact update',
		{ contactId: '01W4', updateFields: { displayName: 'Ada', language: 'SV' } },
		[
			CONTACT,
			['updateFields.displayName', 'Display Name', 'text'],
			['updateFields.language', 'Language', 'languageOption'],
			...details('updateFields'),
		],
	],
	[
		'contact getAll',
		{ externalId: 'x', channel: 'RCS', identity: '+46701234567' },
		[
			['returnAll', 'Return All', 'switch'],
			['limit', 'Limit', 'number'],
			['filterBy', 'Filter By', 'choice'],
		],
	],
	[
		'contact getAll',
		{ filterBy: 'externalId', externalId: 'x' },
		[['externalId', 'External ID', 'requiredText']],
	],
	[
		'contact getAll',
		{ filterBy: 'channelIdentity', channel: 'RCS', identity: '+46701234567' },
		[
			['channel', 'Channel Name or ID', 'channel'],
			['identity', 'Phone Number or ID', 'phoneNumber'],
			...FORMS,
		],
	],
	[
		'webhook create',
		{ targetUrl: 'https://n8n.example.com/webhook/a' },
		[['appId', 'App', 'appId']],
	],
	['webhook getAll', {}, [['appId', 'App', 'appId']]],
	['webhook delete', { webhookId: '01W4' }, [['webhookId', 'Webhook', 'id']]],
];

/** The parameters with another value at a path, e.g. `channelIdentities.identity.0.channel`. */
function withValue(parameters: INodeParameters, path: string, value: string): INodeParameters {
	const changed = structuredClone(parameters);
	const names = path.split('.');
	let place = changed as Record<string, unknown>;
	for (const name of names.slice(0, -1)) {
		place = (place[name] ??= {}) as Record<string, unknown>;
	}
	place[names.at(-1) as string] = value;
	return changed;
}

/** What was sent to Sinch, apart from look-ups of webhooks. */
let sent: string[] = [];

beforeAll(() => {
	nock.activate();
	nock.disableNetConnect();
});

beforeEach(() => {
	const record = (path: string, body: unknown): object => {
		sent.push(`${decodeURIComponent(path)} ${JSON.stringify(body)}`);
		if (path.includes('capability:query')) return { request_id: '01W4' };
		if (/contacts\?/.test(path)) return { contacts: [] };
		if (/webhooks$/.test(path) && body === '') return { webhooks: [] };
		const [, id = '01W4'] = /(?:contacts|webhooks|apps)\/([^?]+)/.exec(path) ?? [];
		return { id: decodeURIComponent(id), app_id: '' };
	};
	const sinch = nock('https://eu.conversation.api.sinch.com').persist();
	for (const method of ['GET', 'POST', 'PATCH']) {
		sinch.intercept(/./, method).reply(200, record);
	}
	sinch.delete(/./).reply((path) => {
		sent.push(path);
		return [200, {}];
	});
});

afterEach(() => nock.cleanAll());
afterAll(() => nock.restore());

describe.each(FORMS_OF_OPERATIONS)('the operation %s with %j', (name, parameters, fields) => {
	const [resource = '', operation = ''] = name.split(' ');

	/** What happens with an expression in a field; nothing when it can be used. */
	async function problemOf(path: string, expression: string): Promise<string> {
		sent = [];
		const given = withValue(parameters, path, `={{ ${expression} }}`);
		const { error } = await runNode(
			new SinchCapability(),
			{ resource, operation, ...given },
			[{}],
			// A process keeps the rate of a project for its next runs.
			{ credentials: storeWith({ webhookSecret: 'secret', projectId: randomUUID() }) },
		);
		return error?.message ?? '';
	}

	it.each(fields)(
		'the node uses an expression that can be a value of %s, and otherwise names the field %s before anything is sent',
		async (path, label, kind) => {
			const usable: readonly string[] = USABLE[kind];
			const wrong: string[] = [];
			for (const expression of ANYTHING) {
				const problem = await problemOf(path, expression);
				const isNamed = problem.startsWith(`'${label}' `) || expression.startsWith('$');
				const isSent = sent.length > 0;
				// Check reachability and wait finds no workflow that listens.
				const isUsed = operation === 'queryAndWait' ? !isNamed : isSent && problem === '';
				const isOdd = sent.some((one) => /object Object|undefined/.test(one));
				const isRight = usable.includes(expression)
					? isUsed && !isOdd
					: problem !== '' && isNamed && !isSent;
				if (!isRight) wrong.push(`${expression}: ${problem || sent.join('; ')}`);
			}
			expect(wrong).toEqual([]);
		},
	);
});
