import { basic, startSinch } from './support';
import type { Sinch } from './support';

interface ContactShape {
	id: string;
	display_name: string;
	external_id: string;
	channel_identities: Array<{ channel: string; identity: string; app_id: string }>;
}
interface Page {
	contacts: ContactShape[];
	next_page_token: string;
}

let sinch: Sinch;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => await sinch.control.reset());

const list = async (query: Record<string, string>) =>
	await sinch.call<Page>('GET', `/contacts?${new URLSearchParams(query)}`);
const phone = { channel: 'SMS', identity: '46701740609' };

async function readAll(page_size: string): Promise<ContactShape[][]> {
	const pages: ContactShape[][] = [];
	for (let page_token = ''; ;) {
		const { body } = await list({ page_size, page_token });
		pages.push(body.contacts);
		if (body.next_page_token === '') return pages;
		page_token = body.next_page_token;
	}
}

it('the list of contacts comes in pages of 10, or of up to 20', async () => {
	expect((await list({})).body.contacts).toHaveLength(10);
	const pages = await readAll('20');
	expect(pages.map(({ length }) => length)).toEqual([20, 20, 13]);
	const ids = pages.flat().map(({ id }) => id);
	expect(new Set(ids).size).toBe(53);
	expect(ids.slice(0, 8)).toEqual(sinch.demo.contacts.map(({ contactId }) => contactId));
});

it('the list of contacts continues at the same place when contacts are added and deleted between two pages', async () => {
	const first = (await list({ page_size: '20' })).body;
	await sinch.call('DELETE', `/contacts/${first.contacts[3]!.id}`);
	await sinch.call('POST', '/contacts', { channel_identities: [phone], language: 'SV' });
	const rest = await list({ page_size: '20', page_token: first.next_page_token });
	const last = await list({ page_size: '20', page_token: rest.body.next_page_token });
	expect([rest.body.contacts.length, last.body.contacts.length]).toEqual([20, 14]);
	expect(last.body.next_page_token).toBe('');
});

it('the list of contacts can be searched by external ID, or by channel and identity whatever the number looks like', async () => {
	const { contactId, channels } = sinch.demo.contacts[1]!;
	const byExternalId = await list({ external_id: 'crm-1002' });
	expect(byExternalId.body.contacts.map(({ id }) => id)).toEqual([contactId]);
	const identity = `+${channels[0]!.identity}`;
	const found = await list({ channel: 'RCS', identity });
	expect(found.body).toMatchObject({ contacts: [{ id: contactId }], next_page_token: '' });
	expect((await list({ channel: 'MMS', identity })).body.contacts).toEqual([]);
});

it('the list of contacts with an identity has all of them, in pages, when several contacts share it', async () => {
	const ids: string[] = [];
	for (const language of ['SV', 'FI', 'DA']) {
		const created = { channel_identities: [phone], language };
		ids.push((await sinch.call<ContactShape>('POST', '/contacts', created)).body.id);
	}
	const first = (await list({ ...phone, page_size: '2' })).body;
	const last = (await list({ ...phone, page_size: '2', page_token: first.next_page_token })).body;
	expect([first.contacts.length, last.next_page_token]).toEqual([2, '']);
	const found = [...first.contacts, ...last.contacts].map(({ id }) => id);
	expect(new Set(found)).toEqual(new Set(ids));
});

it.each([
	['page_size', { page_size: '21' }],
	['page_size', { page_size: '0' }],
	['page_size', { page_size: 'ten' }],
	['page_token', { page_token: 'made-up' }],
	['channel', { channel: 'RCS' }],
	['channel', { identity: '46701740605' }],
	['external_id', { external_id: 'a', channel: 'RCS', identity: '46701740605' }],
])('the list of contacts refuses a wrong %s: %j', async (field, query) => {
	const { status, body } = await sinch.call('GET', `/contacts?${new URLSearchParams(query)}`);
	expect(status).toBe(400);
	expect(body.error.message).toContain(field);
});

it('a contact is created, read, queried and deleted', async () => {
	const created = await sinch.call<ContactShape>('POST', '/contacts', {
		channel_identities: [phone],
		language: 'EN_US',
	});
	expect(created.body).toEqual({
		id: expect.stringMatching(/^[0-9A-Z]{26}$/),
		channel_identities: [{ ...phone, app_id: '' }],
		channel_priority: [],
		display_name: 'Unknown',
		email: '',
		external_id: '',
		metadata: '',
		language: 'EN_US',
	});
	const path = `/contacts/${created.body.id}`;
	expect((await sinch.call('GET', path)).body).toEqual(created.body);
	await sinch.query({ contact_id: created.body.id });

	const deleted = await sinch.call('DELETE', path);
	expect([deleted.status, deleted.body]).toEqual([200, {}]);
	expect((await sinch.call('GET', path)).status).toBe(404);
	expect((await sinch.call('DELETE', path)).status).toBe(404);
	expect((await sinch.call('PUT', path, {})).status).toBe(501);
});

it.each([
	['no identities', { channel_identities: undefined }],
	['an empty list of identities', { channel_identities: [] }],
	['no language', { language: undefined }],
	['a language that is none', { language: 'english' }],
	['an unknown channel', { channel_identities: [{ channel: 'FAX', identity: '1' }] }],
	[
		'an app-scoped identity without app',
		{ channel_identities: [{ channel: 'LINE', identity: 'U' }] },
	],
	['metadata of 1025 characters', { metadata: 'x'.repeat(1025) }],
])('a contact is refused with %s', async (_what, fields) => {
	const body = { channel_identities: [phone], language: 'SV', ...fields };
	expect((await sinch.call('POST', '/contacts', body)).status).toBe(400);
});

it('an update of a contact changes what the mask names, and a masked field without value goes back to its default', async () => {
	const path = `/contacts/${sinch.demo.contacts[0]!.contactId}`;
	const before = (await sinch.call<ContactShape>('GET', path)).body;
	const body = { display_name: 'Ada', email: 'ada@example.com', metadata: 'm' };
	const patched = await sinch.call('PATCH', `${path}?update_mask=display_name,email`, body);
	const expected = { ...before, display_name: 'Ada', email: 'ada@example.com' };
	expect([patched.status, patched.body]).toEqual([200, expected]);
	expect((await sinch.call('GET', path)).body).toEqual(expected);
	const cleared = await sinch.call('PATCH', `${path}?update_mask=display_name,email`, {});
	expect(cleared.body).toEqual({ ...before, display_name: 'Unknown', email: '' });
	const unmasked = await sinch.call('PATCH', path, { language: 'DA' });
	expect(unmasked.body).toMatchObject({ language: 'DA', display_name: 'Unknown' });
});

it.each([
	['a field that cannot be changed', 'id', { id: 'x' }],
	['no language for the mask', 'language', {}],
	['no identities for the mask', 'channel_identities', {}],
	['metadata of 1025 characters', 'metadata', { metadata: 'x'.repeat(1025) }],
])('a contact is not changed with %s', async (_what, mask, body) => {
	const path = `/contacts/${sinch.demo.contacts[0]!.contactId}`;
	expect((await sinch.call('PATCH', `${path}?update_mask=${mask}`, body)).status).toBe(400);
	expect((await sinch.call('PATCH', '/contacts/01SANDB0XC0NTACTVNKN0WN001', {})).status).toBe(404);
});

it('a contact of another project is unknown', async () => {
	const { projectId, keyId, keySecret } = sinch.demo.otherProject;
	const authorization = basic(keyId, keySecret);
	const path = `${sinch.url}/v1/projects/${projectId}/contacts`;
	const { contactId } = sinch.demo.contacts[0]!;
	const response = await fetch(`${path}/${contactId}`, { headers: { authorization } });
	expect(response.status).toBe(404);
});
