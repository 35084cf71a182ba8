import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import { ContactDirectory } from '../../../nodes/SinchCapability/actions/capability/contactDirectory';
import { createClient } from '../../../nodes/SinchCapability/actions/operation';
import { itemsOf } from '../../../nodes/SinchCapability/parameters/item';
import { actionContext, type Reply } from './context';

const REFUSED: Reply = { status: 400, body: { error: { message: 'no', code: 400 } } };

const newContact = (...numbers: string[]) => ({
	channel_identities: numbers.map((identity) => ({ channel: 'SMS', identity })),
	language: 'EN_US',
});

/** Sinch with some contacts; it refuses the first so many new ones. */
async function directoryOf(stored: Record<string, string>, refused = 0, mode = 'CONVERSATION') {
	let count = 0;
	const { context, sent } = actionContext({
		items: [{}, {}],
		respond: ({ url, method, qs, body }) => {
			if (url.includes('/apps/')) return { body: { id: 'app', processing_mode: mode } };
			if (method === 'GET') {
				const { channel, identity } = qs as Record<string, string>;
				const id = stored[identity];
				const contacts = id ? [{ id, channel_identities: [{ channel, identity }] }] : [];
				return { body: { contacts } };
			}
			if (count++ < refused) return REFUSED;
			return { body: { ...(body as IDataObject), id: `new-${count}` } };
		},
	});
	const client = await createClient(context);
	const directory = new ContactDirectory(client);
	const [item] = itemsOf(context);
	const ensure = async (...numbers: string[]) =>
		await directory
			.ensure(client.forItem(0), 'app', newContact(...numbers), item)
			.catch(({ message }: NodeOperationError) => message);
	const created = () => sent.filter(({ method }) => method === 'POST').length;
	const looks = () => sent.filter(({ url }) => url.includes('/apps/')).length;
	return { ensure, created, looks };
}

it('a contact that has any of the identities is used, and none is created', async () => {
	const { ensure, created } = await directoryOf({ '462': 'stored' });
	expect(await ensure('461', '462')).toEqual({ contact_id: 'stored', contact_created: false });
	expect(created()).toBe(0);
});

it('a contact is created when no contact has one of the identities', async () => {
	const { ensure, created } = await directoryOf({});
	expect(await ensure('461', '462')).toEqual({ contact_id: 'new-1', contact_created: true });
	expect(created()).toBe(1);
});

it('one contact is created for items that share an identity, and the first item has created it', async () => {
	const { ensure, created, looks } = await directoryOf({});
	const known = await Promise.all([ensure('461', '462'), ensure('463', '462'), ensure('463')]);
	expect(known).toEqual([
		{ contact_id: 'new-1', contact_created: true },
		{ contact_id: 'new-1', contact_created: false },
		{ contact_id: 'new-1', contact_created: false },
	]);
	expect([created(), looks()]).toEqual([1, 1]);
});

it('items without a common identity have contacts of their own', async () => {
	const { ensure } = await directoryOf({});
	expect(await Promise.all([ensure('461'), ensure('462')])).toMatchObject([
		{ contact_created: true },
		{ contact_created: true },
	]);
});

it('an item creates the contact when an earlier one with its identity has failed', async () => {
	const { ensure } = await directoryOf({}, 1);
	expect(await Promise.all([ensure('461'), ensure('461')])).toEqual([
		'Sinch did not accept the request',
		{ contact_id: 'new-2', contact_created: true },
	]);
});

it('no contact is looked for or created with an app that stores none', async () => {
	const { ensure, created } = await directoryOf({}, 0, 'DISPATCH');
	expect(await ensure('461')).toBe('The app app is in DISPATCH mode and stores no contacts');
	expect(created()).toBe(0);
});
