import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CONTACTS_PER_PAGE } from '../../nodes/SinchCapability/transport/contacts';
import { runAction, useSimulator } from '../support/simulated';

interface Stored {
	id: string;
	channel_identities: Array<{ channel: string; identity: string; app_id: string }>;
	display_name: string;
}

const UNKNOWN = '01SANDB0XC0NTACTVNKN0WN001';

const simulated = useSimulator();

const run = async (
	operation: string,
	parameters: INodeParameters,
	items: IDataObject[] = [{}],
	settings: object = {},
) => await runAction(simulated, { resource: 'contact', operation, ...parameters }, items, settings);

const identities = (...pairs: Array<[channel: string, identity: string]>): INodeParameters => ({
	channelIdentities: { identity: pairs.map(([channel, identity]) => ({ channel, identity })) },
});
const byId = (value: string): INodeParameters => ({
	contactId: { __rl: true, mode: 'id', value },
});

const stored = async (id: string) => await simulated.api<Stored>('GET', `/contacts/${id}`);
const having = async (channel: string, identity: string) =>
	(
		await simulated.api<{ contacts: Stored[] }>(
			'GET',
			`/contacts?channel=${channel}&identity=${identity}`,
		)
	).contacts;
const requests = async (method: string) =>
	(await simulated.control.log()).requests.filter(
		(request) => request.method === method && request.path.includes('/contacts'),
	);

it('Contact: Create stores identities, language and all options, and returns the contact', async () => {
	const { outputs, error } = await run('create', {
		...identities(['SMS', '+46 70 174 06 99'], ['MESSENGER', '7746490198930851']),
		displayName: ' Anna ',
		language: 'FIL',
		options: {
			email: 'anna@example.com',
			externalId: 'crm-1',
			metadata: '={{ { plan: "gold" } }}',
		},
	});
	expect(error).toBeUndefined();
	const { id, ...contact } = outputs[0][0].json as unknown as Stored;
	expect(contact).toEqual({
		channel_identities: [
			{ channel: 'SMS', identity: '46701740699', app_id: '' },
			{ channel: 'MESSENGER', identity: '7746490198930851', app_id: simulated.appId },
		],
		channel_priority: [],
		display_name: 'Anna',
		email: 'anna@example.com',
		external_id: 'crm-1',
		metadata: '{"plan":"gold"}',
		language: 'FIL',
	});
	expect(outputs[0][0].pairedItem).toEqual({ item: 0 });
	expect(await stored(id)).toEqual({ id, ...contact });
});

it('Contact: Create takes the app of app-scoped identities from the options, and leaves out what is empty', async () => {
	const dispatch = simulated.demo.apps[1].appId;
	const { outputs } = await run('create', {
		...identities(['LINE', 'U1']),
		options: { appId: { __rl: true, mode: 'list', value: dispatch } },
	});
	expect(outputs[0][0].json).toMatchObject({
		channel_identities: [{ channel: 'LINE', app_id: dispatch }],
		display_name: 'Unknown',
		language: 'EN_US',
	});
});

it('Contact: Create stores 100 contacts with one token, in the order of the items', async () => {
	const items = Array.from({ length: 100 }, (_, index) => ({ phone: `467017${10000 + index}` }));
	const { outputs, error } = await run('create', identities(['SMS', '={{ $json.phone }}']), items);
	expect(error).toBeUndefined();
	const sent = outputs[0].map(({ json }) => (json as unknown as Stored).channel_identities[0]);
	expect(sent.map(({ identity }) => identity)).toEqual(items.map(({ phone }) => phone));
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
		items.map((_, item) => ({ item })),
	);
	expect((await simulated.control.log()).totals.tokensIssued).toBe(1);
});

it.each<[string, INodeParameters, string]>([
	['no identities', { channelIdentities: {} }, "'Channel Identities' is empty"],
	[
		'a number that is none',
		identities(['SMS', 'call me']),
		"'Phone Number or ID' is not a phone number: call me",
	],
	[
		'too much metadata',
		{ ...identities(['SMS', '46701740699']), options: { metadata: 'x'.repeat(1025) } },
		"'Metadata' is too long",
	],
	[
		'no language',
		{ ...identities(['SMS', '46701740699']), language: '={{ "" }}' },
		"'Language' is empty",
	],
])(
	'Contact: Create with %s is an error before anything is sent',
	async (_, parameters, message) => {
		const { error } = await run('create', parameters);
		expect(error).toMatchObject({
			message: expect.stringContaining(message),
			context: { itemIndex: 0 },
		});
		expect((await simulated.control.log()).requests).toEqual([]);
	},
);

it('Contact: Create gives one failed item among three when On Error is set to continue', async () => {
	const items = [{ phone: '46701740691' }, { phone: '' }, { phone: '46701740693' }];
	const { outputs } = await run('create', identities(['SMS', '={{ $json.phone }}']), items, {
		onError: 'continueRegularOutput',
	});
	expect(outputs[0].map(({ json, pairedItem }) => [Boolean(json.id), pairedItem])).toEqual([
		[true, { item: 0 }],
		[false, { item: 1 }],
		[true, { item: 2 }],
	]);
	expect(outputs[0][1].json.error).toMatchObject({
		message: "'Phone Number or ID' is empty",
		item: 1,
	});
});

it("Contact: Create reports a refusal with Sinch's message", async () => {
	const { error } = await run('create', identities(['FAX', '1']));
	expect(error).toMatchObject({
		message: expect.stringContaining('Sinch did not accept the request'),
		description: expect.stringContaining('Invalid value for enum field channel: "FAX"'),
	});
});

it.each([
	['lost', { kind: 'reset', processed: true }, 1],
	['never sent', { kind: 'reset' }, 2],
	['a 503', { kind: 'status', status: 503 }, 2],
] as const)(
	'Contact: Create creates one contact when the response to the first attempt is %s',
	async (_, fault, posts) => {
		await simulated.control.faults({ target: 'contacts', method: 'POST', ...fault });
		const { outputs, error } = await run('create', {
			...identities(['SMS', '46701740699']),
			displayName: 'Anna',
		});
		expect(error).toBeUndefined();
		expect(await having('SMS', '46701740699')).toEqual([outputs[0][0].json]);
		expect(await requests('POST')).toHaveLength(posts);
	},
);

it('Contact: Create does not mistake another contact with the same number for its own when a response was lost', async () => {
	await simulated.control.faults({ target: 'contacts', method: 'POST', kind: 'reset' });
	const { outputs } = await run('create', {
		...identities(['SMS', '46701740605']),
		displayName: 'Anna',
	});
	expect(outputs[0][0].json).toMatchObject({ display_name: 'Anna' });
	expect(outputs[0][0].json.id).not.toBe(simulated.demo.contacts[0].contactId);
});

it('Contact: Create creates one contact when a response was lost and a page of older contacts have the same number', async () => {
	const [{ contactId }] = simulated.demo.contacts;
	const { channel_identities } = await stored(contactId);
	for (let count = 0; count < CONTACTS_PER_PAGE; count++) {
		await simulated.api('POST', '/contacts', { channel_identities, language: 'SV' });
	}
	const lost = { kind: 'reset', processed: true } as const;
	await simulated.control.faults({ target: 'contacts', method: 'POST', ...lost });
	const created = (await requests('POST')).length;
	const { outputs, error } = await run('create', {
		...identities(['SMS', channel_identities[0].identity]),
		displayName: 'Anna',
	});
	expect(error).toBeUndefined();
	expect(outputs[0][0].json).toMatchObject({ display_name: 'Anna' });
	expect((await requests('POST')).length - created).toBe(1);
});

it('Contact: Get reads each contact, and 404 is an error of its item', async () => {
	const [first, second] = simulated.demo.contacts;
	const items = [first.contactId, UNKNOWN, second.contactId].map((id) => ({ id }));
	const { outputs } = await run('get', byId('={{ $json.id }}'), items, {
		onError: 'continueRegularOutput',
	});
	expect(outputs[0].map(({ json }) => json.display_name)).toEqual([
		first.name,
		undefined,
		second.name,
	]);
	expect(outputs[0][1]).toMatchObject({
		json: { error: { httpCode: '404', item: 1 } },
		pairedItem: { item: 1 },
	});
	const { error } = await run('get', byId('={{ $json.id }}'), items);
	expect(error).toMatchObject({ httpCode: '404', context: { itemIndex: 1 } });
});

it('Contact: Get without an ID is an error before anything is sent', async () => {
	expect((await run('get', byId(' '))).error?.message).toBe("'Contact' is empty");
	expect((await simulated.control.log()).requests).toEqual([]);
});

const ids = (outputs: Array<Array<{ json: IDataObject }>>) => outputs[0].map(({ json }) => json.id);

it('Contact: Get Many returns 50 contacts by default, in pages of 20 and 10', async () => {
	const { outputs } = await run('getAll', {});
	expect(new Set(ids(outputs)).size).toBe(50);
	expect(outputs[0].every(({ pairedItem }) => JSON.stringify(pairedItem) === '{"item":0}')).toBe(
		true,
	);
	expect(await requests('GET')).toHaveLength(3);
});

it.each([
	[1, 1, 1],
	[20, 20, 1],
	[21, 21, 2],
	[1000, 53, 3],
])('Contact: Get Many with a limit of %i returns %i from %i pages', async (limit, count, pages) => {
	const { outputs } = await run('getAll', { limit });
	expect(outputs[0]).toHaveLength(count);
	expect(await requests('GET')).toHaveLength(pages);
});

it('Contact: Get Many returns all contacts for each item', async () => {
	const { outputs } = await run('getAll', { returnAll: true }, [{}, {}]);
	expect(outputs[0]).toHaveLength(106);
	expect(outputs[0][105].pairedItem).toEqual({ item: 1 });
});

it('Contact: Get Many finds by external ID, and by channel and identity however the number is written', async () => {
	const [, { contactId, channels }] = simulated.demo.contacts;
	const items = [{ id: 'crm-1002' }, { id: 'nobody' }];
	const found = await run(
		'getAll',
		{ filterBy: 'externalId', externalId: '={{ $json.id }}' },
		items,
	);
	expect(found.outputs[0]).toHaveLength(1);
	expect(found.outputs[0][0].json.id).toBe(contactId);

	const number = `+${channels[0].identity.replace(/^(..)/, '$1 ')}`;
	const filter = { filterBy: 'channelIdentity', channel: 'RCS', identity: number };
	expect(ids((await run('getAll', filter)).outputs)).toEqual([contactId]);
});

it.each<[string, INodeParameters, string]>([
	['a limit of 0', { limit: '={{ 0 }}' }, "'Limit' must be a number of at least 1: 0"],
	['no external id', { filterBy: 'externalId', externalId: '={{ "" }}' }, "'External ID' is empty"],
	[
		'no identity',
		{ filterBy: 'channelIdentity', channel: 'SMS', identity: '={{ "" }}' },
		"'Phone Number or ID' is empty",
	],
])(
	'Contact: Get Many with %s is an error before anything is sent',
	async (_, parameters, message) => {
		expect((await run('getAll', parameters)).error?.message).toBe(message);
		expect((await simulated.control.log()).requests).toEqual([]);
	},
);

const change = async (updateFields: INodeParameters, items: IDataObject[], settings: object = {}) =>
	await run('update', { ...byId('={{ $json.id }}'), updateFields }, items, settings);

it('Contact: Update changes what is given and leaves the rest, with a mask of it', async () => {
	const [{ contactId }] = simulated.demo.contacts;
	const before = await stored(contactId);
	const { outputs, error } = await change(
		{ displayName: ' Ada ', language: 'SV', metadata: '={{ { plan: "gold" } }}' },
		[{ id: contactId }],
	);
	expect(error).toBeUndefined();
	const expected = {
		...before,
		display_name: 'Ada',
		language: 'SV',
		metadata: '{"plan":"gold"}',
	};
	expect(outputs[0]).toEqual([{ json: expected, pairedItem: { item: 0 } }]);
	expect(await stored(contactId)).toEqual(expected);
	const [{ path }] = await requests('PATCH');
	expect(path).toContain(`/contacts/${contactId}`);
});

it('Contact: Update deletes a detail whose field is empty', async () => {
	const [{ contactId }] = simulated.demo.contacts;
	await change({ email: 'ada@example.com', externalId: 'x-1' }, [{ id: contactId }]);
	const { outputs } = await change({ email: '' }, [{ id: contactId }]);
	expect(outputs[0][0].json).toMatchObject({ email: '', external_id: 'x-1' });
});

it('Contact: Update reports a contact that does not exist as an error of its item', async () => {
	const [{ contactId }] = simulated.demo.contacts;
	const { outputs } = await change({ displayName: 'Ada' }, [{ id: UNKNOWN }, { id: contactId }], {
		onError: 'continueErrorOutput',
	});
	expect(outputs[0]).toMatchObject([{ json: { id: contactId }, pairedItem: { item: 1 } }]);
	expect(outputs[1]).toMatchObject([{ json: { error: { httpCode: '404', item: 0 } } }]);
});

it('Contact: Update gets through after a lost response', async () => {
	const [{ contactId }] = simulated.demo.contacts;
	await simulated.control.faults({
		target: 'contacts',
		method: 'PATCH',
		kind: 'reset',
		processed: true,
	});
	const { outputs, error } = await change({ displayName: 'Ada' }, [{ id: contactId }]);
	expect(error).toBeUndefined();
	expect(outputs[0][0].json.display_name).toBe('Ada');
});

it.each<[string, INodeParameters, string]>([
	['nothing', {}, 'Nothing to change'],
	['no language', { language: '' }, "'Language' is empty"],
	['too long metadata', { metadata: 'x'.repeat(1025) }, "'Metadata' is too long"],
])('Contact: Update with %s is an error before anything is sent', async (_, fields, message) => {
	const { error } = await change(fields, [{ id: simulated.demo.contacts[0].contactId }]);
	expect(error?.message).toBe(message);
	expect((await simulated.control.log()).requests).toEqual([]);
});

it('Contact: Delete confirms the deletion, and a contact that does not exist is an error of its item', async () => {
	const [{ contactId }, , third] = simulated.demo.contacts;
	const items = [contactId, UNKNOWN, third.contactId].map((id) => ({ id }));
	const { outputs } = await run('delete', byId('={{ $json.id }}'), items, {
		onError: 'continueErrorOutput',
	});
	expect(outputs[0]).toEqual([
		{ json: { deleted: true }, pairedItem: { item: 0 } },
		{ json: { deleted: true }, pairedItem: { item: 2 } },
	]);
	expect(outputs[1]).toMatchObject([{ json: { error: { httpCode: '404', item: 1 } } }]);
	await expect(stored(contactId)).rejects.toThrow(/not found/);
});

it("Contact: Delete counts as done when only Sinch's response was lost", async () => {
	const [{ contactId }] = simulated.demo.contacts;
	await simulated.control.faults({
		target: 'contacts',
		method: 'DELETE',
		kind: 'reset',
		processed: true,
	});
	const { outputs, error } = await run('delete', byId(contactId));
	expect(error).toBeUndefined();
	expect(outputs[0][0].json).toEqual({ deleted: true });
});

it('Contact: Delete deletes 100 contacts', async () => {
	const items = Array.from({ length: 100 }, (_, index) => ({ phone: `467017${20000 + index}` }));
	const created = await run('create', identities(['SMS', '={{ $json.phone }}']), items);
	const { outputs, error } = await run(
		'delete',
		byId('={{ $json.id }}'),
		created.outputs[0].map(({ json }) => json as IDataObject),
	);
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(100);
	expect((await run('getAll', { returnAll: true })).outputs[0]).toHaveLength(53);
});

it.each<[string, string, INodeParameters]>([
	['Create', 'create', identities(['SMS', '46701740699'])],
	['Get', 'get', byId('01C0NTACT00000000000000001')],
	['Get Many', 'getAll', {}],
])(
	'Contact: %s reports a proxy that responds with its own page',
	async (_, operation, parameters) => {
		await simulated.control.faults({ target: 'contacts', kind: 'garbage' });
		expect((await run(operation, parameters)).error?.message).toMatch(/did not come from Sinch/);
	},
);
