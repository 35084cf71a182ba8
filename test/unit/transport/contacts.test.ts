import type { Contact, NewContact } from '../../../nodes/SinchCapability/sinch/types';
import {
	contactPages,
	createContact,
	listContacts,
} from '../../../nodes/SinchCapability/transport/contacts';
import { clientWith, LOST } from './support';

const SMS = { channel: 'SMS', identity: '46701740605' };
const RCS = { channel: 'RCS', identity: '46701740605' };

const contactWith = (fields: Partial<Contact>): Contact => ({
	id: 'contact',
	channel_identities: [SMS],
	language: 'SV',
	...fields,
});

const manyContacts = (count: number) =>
	Array.from({ length: count }, (_, index) => contactWith({ id: `contact ${index}` }));

describe('a list of contacts', () => {
	it.each([
		['the external ID that was asked for', true, { external_id: 'ADA' }],
		['another external ID', false, { external_id: 'bob' }],
		['no external ID', false, {}],
	])('a contact with %s is believed to be from Sinch: %s', async (_, isBelieved, fields) => {
		const contacts = [contactWith(fields)];
		const { client } = clientWith(() => ({ contacts }));
		const page = await listContacts(client, { filter: { external_id: 'ada' } }).catch(() => 'no');
		expect(page).toEqual(isBelieved ? { contacts, nextPageToken: '' } : 'no');
	});

	it.each([
		['the identity that was asked for', true, [RCS, { ...SMS, identity: '+46701740605' }]],
		['another identity', false, [{ ...SMS, identity: '46701740606' }]],
		['that identity on another channel', false, [RCS]],
	])('a contact with %s is believed to be from Sinch: %s', async (_, isBelieved, identities) => {
		const contacts = [contactWith({ channel_identities: identities })];
		const { client } = clientWith(() => ({ contacts }));
		const page = await listContacts(client, { filter: SMS }).catch(() => 'no');
		expect(page).toEqual(isBelieved ? { contacts, nextPageToken: '' } : 'no');
	});
});

describe('the pages of contacts', () => {
	/** The sizes and tokens of the pages that are asked for. */
	async function pagesOf(limit: number | undefined, tokens: string[], size = 20) {
		const { client, asked } = clientWith(({ query = {} }) => ({
			contacts: manyContacts(Math.min(size, Number(query.page_size))),
			next_page_token: tokens[tokens.indexOf(query.page_token) + 1] ?? '',
		}));
		let count = 0;
		for await (const contacts of contactPages(client, undefined, limit)) count += contacts.length;
		return { count, asked: asked.map(({ query }) => [query?.page_size, query?.page_token]) };
	}

	const endless = Array.from({ length: 100 }, (_, index) => `page ${index}`);

	it('no more contacts are asked for than are wanted', async () => {
		expect(await pagesOf(45, endless)).toEqual({
			count: 45,
			asked: [
				['20', undefined],
				['20', 'page 0'],
				['5', 'page 1'],
			],
		});
	});

	it('contacts are asked for until there are as many as wanted, even if the pages are smaller', async () => {
		expect((await pagesOf(5, endless, 2)).asked).toEqual([
			['5', undefined],
			['3', 'page 0'],
			['1', 'page 1'],
		]);
	});

	it('all contacts are asked for without a limit', async () => {
		expect((await pagesOf(undefined, ['last'])).asked).toEqual([
			['20', undefined],
			['20', 'last'],
		]);
	});

	it('the pages end when Sinch repeats one', async () => {
		expect((await pagesOf(undefined, ['one', 'two', 'one'])).asked).toHaveLength(3);
	});
});

describe('a new contact whose response was lost', () => {
	const wanted: NewContact = {
		channel_identities: [RCS, SMS],
		language: 'SV',
		display_name: 'Ada',
	};

	const createWith = (pages: Contact[][]) =>
		clientWith(({ method, query = {} }) => {
			if (method === 'POST') return undefined;
			const page = Number(query.page_token ?? 0);
			const next_page_token = page + 1 < pages.length ? String(page + 1) : '';
			return { contacts: pages[page], next_page_token };
		});

	const same = contactWith({ ...wanted, channel_identities: [SMS, RCS] });

	it('a contact that has all its identities and fields is the result', async () => {
		const { client, asked } = createWith([[same]]);
		expect(await createContact(client, wanted)).toEqual(same);
		expect(asked.map(({ method }) => method)).toEqual(['POST', 'GET']);
		expect(asked[1].query).toEqual({ page_size: '20', ...RCS });
	});

	it('a contact that Sinch has given further identities and fields is the result', async () => {
		const more = {
			...same,
			email: '',
			channel_identities: [{ ...RCS, identity: '+46701740605' }, SMS, { ...SMS, channel: 'MMS' }],
		};
		const { client } = createWith([[more]]);
		expect(await createContact(client, wanted)).toEqual(more);
	});

	it('it is looked for on all pages', async () => {
		const other = { ...same, display_name: 'Bob' };
		const { client, asked } = createWith([[other], [other, same]]);
		expect(await createContact(client, wanted)).toEqual(same);
		expect(asked).toHaveLength(3);
	});

	it.each([
		['lacks one of its identities', { ...same, channel_identities: [RCS] }],
		['has another name', { ...same, display_name: 'Bob' }],
		['has no name', { ...same, display_name: undefined }],
	])('a contact that %s is not the result', async (_, contact) => {
		const { client } = createWith([[contact]]);
		await expect(createContact(client, wanted)).rejects.toBe(LOST);
	});
});
