import type { IDataObject, IHttpRequestOptions, NodeOperationError } from 'n8n-workflow';

import { create } from '../../../nodes/SinchCapability/actions/contact/create.operation';
import { getAll } from '../../../nodes/SinchCapability/actions/contact/getAll.operation';
import { update } from '../../../nodes/SinchCapability/actions/contact/update.operation';
import { searchContacts } from '../../../nodes/SinchCapability/actions/lists';
import type { Operation } from '../../../nodes/SinchCapability/actions/operation';
import { actionContext, type Reply } from './context';

const CONTACT = { id: '01CONTACT', channel_identities: [], language: 'EN_US' };
const ID = { __rl: true, mode: 'id', value: CONTACT.id };

/** Runs one item of an operation; its requests, items and error. */
async function run(
	operation: Operation,
	fields: IDataObject,
	respond: (request: IHttpRequestOptions) => Reply = () => ({ body: CONTACT }),
) {
	const { context, sent } = actionContext({ fields, respond });
	const end = await operation.execute.call(context).then(
		([items]) => ({ items: items.map(({ json }) => json), error: undefined }),
		(error: NodeOperationError) => ({ items: [], error }),
	);
	return { ...end, sent, bodies: sent.map(({ body }) => body as IDataObject) };
}

const identities = (...rows: IDataObject[]) => ({ 'channelIdentities.identity': rows });
const SMS = { channel: 'SMS', identity: '+46 70 174 06 05' };

it('a new contact has the details that were entered, without spaces around them', async () => {
	const { bodies, items } = await run(create, {
		...identities(SMS),
		displayName: ' Anna ',
		language: 'sv',
		options: { email: ' a@example.com ', externalId: ' crm-1 ', metadata: { vip: true } },
	});
	expect(bodies).toEqual([
		{
			channel_identities: [{ channel: 'SMS', identity: '46701740605' }],
			language: 'SV',
			display_name: 'Anna',
			email: 'a@example.com',
			external_id: 'crm-1',
			metadata: '{"vip":true}',
		},
	]);
	expect(items).toEqual([CONTACT]);
});

it('a new contact has no details that are blank', async () => {
	const { bodies } = await run(create, {
		...identities(SMS),
		displayName: ' ',
		options: { email: '', externalId: ' ', metadata: '' },
	});
	expect(bodies).toEqual([
		{ channel_identities: [{ channel: 'SMS', identity: '46701740605' }], language: 'EN_US' },
	]);
});

it('only an identity on a channel where each app has its own names the app', async () => {
	const { bodies } = await run(create, {
		...identities(SMS, { channel: 'INSTAGRAM', identity: '178' }),
		options: { appId: '01APP' },
	});
	expect(bodies[0].channel_identities).toEqual([
		{ channel: 'SMS', identity: '46701740605' },
		{ channel: 'INSTAGRAM', identity: '178', app_id: '01APP' },
	]);
});

it.each([
	[{ displayName: ' Bo ' }, { display_name: 'Bo' }],
	[{ language: 'pt-br' }, { language: 'PT_BR' }],
	[{ externalId: '' }, { external_id: '' }],
	[
		{ email: 'b@example.com', metadata: 'x' },
		{ email: 'b@example.com', metadata: 'x' },
	],
])('the update %j changes nothing but %j', async (updateFields, changes) => {
	const { sent } = await run(update, { contactId: ID, updateFields });
	expect(sent).toMatchObject([{ method: 'PATCH', body: changes }]);
	expect(sent[0].body).toEqual(changes);
	expect(sent[0].qs).toEqual({ update_mask: Object.keys(changes).join(',') });
});

it('an update of nothing is refused before anything is sent', async () => {
	const { error, sent } = await run(update, { contactId: ID, updateFields: {} });
	expect(error?.message).toBe('Nothing to change');
	expect(sent).toEqual([]);
});

it('metadata that is longer than Sinch keeps is refused', async () => {
	const updateOf = async (length: number) =>
		await run(update, { contactId: ID, updateFields: { metadata: 'x'.repeat(length) } });
	expect((await updateOf(1024)).error).toBeUndefined();
	expect((await updateOf(1025)).error).toMatchObject({
		message: "'Metadata' is too long",
		description: 'It has 1025 characters; Sinch keeps at most 1024.',
	});
});

/** So many pages of contacts with an external ID. */
const pages = (count: number) => (request: IHttpRequestOptions) => {
	const page = Number((request.qs as IDataObject).page_token ?? 0);
	const size = Number((request.qs as IDataObject).page_size);
	const contacts = Array.from({ length: size }, (_, index) => ({
		...CONTACT,
		id: `${page}-${index}`,
		external_id: 'crm-1',
	}));
	return { body: { contacts, next_page_token: page + 1 < count ? String(page + 1) : '' } };
};

it.each([
	[{}, 50],
	[{ returnAll: false, limit: 30.9 }, 30],
	[{ returnAll: true, limit: 30 }, 100],
])('with %j, Get Many reads %i of 100 contacts', async (fields, count) => {
	const { items } = await run(getAll, { filterBy: 'nothing', ...fields }, pages(5));
	expect(items).toHaveLength(count);
});

it.each<[IDataObject, object]>([
	[{ filterBy: 'externalId', externalId: ' crm-1 ' }, { external_id: 'crm-1' }],
	[{ filterBy: 'nothing', externalId: 'crm-1' }, {}],
])('with %j, Get Many asks Sinch for %j', async (fields, filter) => {
	const { sent } = await run(getAll, { limit: 1, ...fields }, pages(1));
	expect(sent.map(({ qs }) => qs as object)).toEqual([{ page_size: '1', ...filter }]);
});

it('Get Many finds the contact with a phone number by its digits', async () => {
	const { sent } = await run(getAll, { filterBy: 'channelIdentity', ...SMS }, () => ({
		body: { contacts: [] },
	}));
	expect(sent[0].qs).toMatchObject({ channel: 'SMS', identity: '46701740605' });
});

it.each(['', ' '])('the external ID %j to look for is empty', async (externalId) => {
	const { error, sent } = await run(getAll, { filterBy: 'externalId', externalId });
	expect(error).toMatchObject({
		message: "'External ID' is empty",
		description: expect.stringContaining("set 'Filter By' to 'No Filter'"),
	});
	expect(sent).toEqual([]);
});

it.each([
	['  ', [undefined]],
	[undefined, [undefined]],
	[' crm-1 ', ['crm-1']],
])('the picker of contacts looks for what was typed, %j, without spaces', async (typed, ids) => {
	const { context, sent } = actionContext({ respond: pages(1) });
	await searchContacts.call(context as never, typed);
	expect(sent.map(({ qs }) => (qs as IDataObject).external_id)).toEqual(ids);
});
