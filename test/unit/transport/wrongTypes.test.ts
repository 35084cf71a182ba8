import type { ApiClient } from '../../../nodes/SinchCapability/transport/client';
import { getApp, listApps } from '../../../nodes/SinchCapability/transport/apps';
import {
	createContact,
	findContact,
	getContact,
	listContacts,
	updateContact,
} from '../../../nodes/SinchCapability/transport/contacts';
import {
	createWebhook,
	listWebhooks,
	shownWebhook,
} from '../../../nodes/SinchCapability/transport/webhooks';
import { sendQuery } from '../../../nodes/SinchCapability/transport/queries';
import type { Contact } from '../../../nodes/SinchCapability/sinch/types';

const APP = '01W4FFL35P4NC4K35CONVAPP01';
const CONTACT = '01W4FFL35P4NC4K35CONTACT01';
const SMS = { channel: 'SMS', identity: '46701740605' };

const app = {
	id: APP,
	display_name: 'App',
	processing_mode: 'CONVERSATION',
	channel_credentials: [{ channel: 'RCS', state: { status: 'ACTIVE' } }],
};
const contact = {
	id: CONTACT,
	channel_identities: [{ ...SMS, app_id: '' }],
	display_name: 'Ada',
	external_id: 'ada',
	language: 'EN_US',
};
const webhook = {
	id: '01W4FFL35P4NC4K35WEBHOOK01',
	app_id: APP,
	target: 'https://n8n.example.com/webhook/1/capability',
	target_type: 'HTTP',
	triggers: ['CAPABILITY'],
	secret: 'secret',
};
const query = {
	app_id: APP,
	project_id: 'project',
	recipient: { identified_by: { channel_identities: [SMS] } },
	request_id: '01W4FFL35P4NC4K35CAPABILITY',
};
const contacts = { contacts: [contact], next_page_token: '' };

/** What is not Sinch's, in the words of each operation. */
class Foreign extends Error {}

/** A client to which Sinch responds with this body. */
const clientFor = (body: unknown): ApiClient => ({
	request: async ({ expect: read }) => {
		const response = await Promise.resolve(read(body));
		if (response === undefined) throw new Foreign();
		return response;
	},
});

const areTexts = (list: unknown[]): boolean => list.every((one) => typeof one === 'string');
const isContact = ({ id, channel_identities }: Contact): boolean =>
	areTexts([id, ...channel_identities.flatMap(({ channel, identity }) => [channel, identity])]);

type Read = (client: ApiClient) => Promise<boolean>;

/** Each request, a genuine response to it, and whether what was read of a response can be used. */
const REQUESTS: Array<[string, object, Read]> = [
	[
		'the list of apps',
		{ apps: [app] },
		async (client) =>
			(await listApps(client, 1)).every(({ id, name, channels, processingMode }) =>
				areTexts([id, name, processingMode, ...channels]),
			),
	],
	[
		'an app',
		app,
		async (client) => {
			const { id, name, channels, processingMode } = await getApp(client, APP);
			return areTexts([id, name, processingMode, ...channels]);
		},
	],
	['a contact', contact, async (client) => isContact(await getContact(client, CONTACT))],
	[
		'a new contact',
		contact,
		async (client) =>
			isContact(await createContact(client, { channel_identities: [SMS], language: 'SV' })),
	],
	[
		'a changed contact',
		contact,
		async (client) => isContact(await updateContact(client, CONTACT, { email: 'a@b.c' })),
	],
	[
		'the list of contacts',
		contacts,
		async (client) => {
			const page = await listContacts(client, {});
			return page.contacts.every(isContact) && typeof page.nextPageToken === 'string';
		},
	],
	[
		'a contact by its external ID',
		contacts,
		async (client) =>
			(await listContacts(client, { filter: { external_id: 'ADA' } })).contacts.every(isContact),
	],
	[
		'a contact by its identity',
		contacts,
		async (client) => {
			const found = await findContact(client, SMS);
			return found === undefined || isContact(found);
		},
	],
	[
		'the list of webhooks',
		{ webhooks: [webhook] },
		async (client) =>
			(await listWebhooks(client, APP)).every(({ id, target, triggers = [] }) =>
				areTexts([id, target, ...triggers]),
			),
	],
	[
		'a new webhook',
		webhook,
		async (client) => {
			const { id, target, triggers = [] } = shownWebhook(await createWebhook(client, webhook));
			return areTexts([id, target, ...triggers]);
		},
	],
	['a query', query, async (client) => areTexts([(await sendQuery(client, query)).request_id])],
];

/** Instead of the text, list or object that Sinch documents. */
const ODD: unknown[] = [
	null,
	5,
	true,
	'x',
	'',
	[],
	{},
	[null],
	[[5]],
	[{}],
	{ toString: 1, valueOf: null },
	JSON.parse('{"__proto__":{"id":"x"}}'),
];

type Path = string[];

/** Every place in a JSON value, the whole first. */
const pathsOf = (value: unknown, path: Path = []): Path[] => [
	path,
	...(typeof value === 'object' && value !== null
		? Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))
		: []),
];

/** The value with another one at a place, or without it. */
function replace(value: unknown, [name, ...rest]: Path, odd: unknown): unknown {
	if (name === undefined) return odd;
	const copy = structuredClone(value) as Record<string, unknown>;
	copy[name] = replace(copy[name], rest, odd);
	return copy;
}

describe.each(REQUESTS)('the response to a request for %s', (_, genuine, read) => {
	it('a response is read as Sinch documents it', async () => {
		await expect(read(clientFor(genuine))).resolves.toBe(true);
	});

	it.each(pathsOf(genuine).map((path) => [path.join('.'), path] as const))(
		'a response with a value of any type in "%s" can be used, or counts as not from Sinch',
		async (_path, path) => {
			const wrong: string[] = [];
			for (const odd of [...ODD, undefined]) {
				const result = await read(clientFor(replace(genuine, path, odd))).catch(
					(error: Error) => error instanceof Foreign || error.message,
				);
				if (result !== true) wrong.push(`${JSON.stringify(odd)}: ${result}`);
			}
			expect(wrong).toEqual([]);
		},
	);
});
