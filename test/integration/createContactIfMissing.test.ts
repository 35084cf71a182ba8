import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { runAction, useSimulator } from '../support/simulated';

interface Stored {
	id: string;
	language: string;
	channel_identities: Array<{ channel: string; identity: string; app_id: string }>;
}

const simulated = useSimulator();

const run = async (
	pairs: Array<[channel: string, identity: string]>,
	items: IDataObject[] = [{}],
	options: INodeParameters = {},
	settings: object = {},
) =>
	await runAction(
		simulated,
		{
			recipientType: 'channelIdentities',
			channelIdentities: { identity: pairs.map(([channel, identity]) => ({ channel, identity })) },
			options: { createContact: true, ...options },
		},
		items,
		settings,
	);

const having = async (channel: string, identity: string) =>
	(
		await simulated.api<{ contacts: Stored[] }>(
			'GET',
			`/contacts?channel=${channel}&identity=${identity}`,
		)
	).contacts;
const countContacts = async () => {
	let count = 0;
	for (let token = ''; ;) {
		const { contacts, next_page_token } = await simulated.api<{
			contacts: Stored[];
			next_page_token: string;
		}>('GET', `/contacts?page_size=20&page_token=${token}`);
		count += contacts.length;
		if (next_page_token === '') return count;
		token = next_page_token;
	}
};
const SEEDED = 53;

it('Create Contact If Missing stores a recipient that no contact has, and then asks about it as entered', async () => {
	const { outputs, error } = await run(
		[
			['SMS', '+46 70 174 06 99'],
			['LINE', 'U1'],
		],
		[{}],
		{ contactLanguage: 'SV' },
	);
	expect(error).toBeUndefined();
	const [contact] = await having('SMS', '46701740699');
	expect(contact).toMatchObject({
		language: 'SV',
		channel_identities: [
			{ channel: 'SMS', identity: '46701740699', app_id: '' },
			{ channel: 'LINE', identity: 'U1', app_id: simulated.appId },
		],
	});
	const identities = [
		{ channel: 'SMS', identity: '46701740699' },
		{ channel: 'LINE', identity: 'U1' },
	];
	expect(outputs[0]).toEqual([
		{
			json: {
				app_id: simulated.appId,
				recipient: { identified_by: { channel_identities: identities } },
				request_id: expect.stringMatching(/^[0-9A-Z]{26}$/),
				contact_id: contact.id,
				contact_created: true,
			},
			pairedItem: { item: 0 },
		},
	]);
});

it('Create Contact If Missing uses the contact that has any of the identities, and leaves it as it is', async () => {
	const [{ contactId, channels }] = simulated.demo.contacts;
	const { outputs } = await run([
		['MMS', '46701740698'],
		['SMS', channels[0].identity],
	]);
	expect(outputs[0][0].json).toMatchObject({ contact_id: contactId, contact_created: false });
	expect(await having('MMS', '46701740698')).toEqual([]);
	expect(await countContacts()).toBe(SEEDED);
});

it('Create Contact If Missing creates one contact for many items with the same identity at once', async () => {
	const items = Array.from({ length: 100 }, (_, index) => ({
		phone: `46701740${700 + Math.floor(index / 10)}`,
	}));
	const { outputs, error } = await run([['SMS', '={{ $json.phone }}']], items);
	expect(error).toBeUndefined();
	expect(await countContacts()).toBe(SEEDED + 10);
	const results = outputs[0].map(({ json }) => json);
	expect(results.filter(({ contact_created }) => contact_created)).toHaveLength(10);
	for (const [item, { contact_id }] of results.entries()) {
		const [contact] = await having('SMS', items[item].phone);
		expect(contact_id).toBe(contact.id);
	}
});

it.each([
	['lost', { kind: 'reset', processed: true }],
	['never sent', { kind: 'reset' }],
] as const)(
	'Create Contact If Missing creates one contact when the response to the first attempt is %s',
	async (_, fault) => {
		await simulated.control.faults({ target: 'contacts', method: 'POST', ...fault });
		const { outputs, error } = await run([['SMS', '46701740699']]);
		expect(error).toBeUndefined();
		expect(outputs[0][0].json).toMatchObject({ contact_created: true });
		expect(await having('SMS', '46701740699')).toHaveLength(1);
		expect(await countContacts()).toBe(SEEDED + 1);
	},
);

it('Create Contact If Missing looks the identity up again for the next item when the first one failed', async () => {
	await simulated.control.faults({
		target: 'contacts',
		method: 'POST',
		kind: 'status',
		status: 400,
	});
	const { outputs } = await run(
		[['SMS', '46701740699']],
		[{}, {}, {}],
		{},
		{
			onError: 'continueRegularOutput',
		},
	);
	const [first, second, third] = outputs[0].map(({ json }) => json);
	expect(first.error).toMatchObject({ httpCode: '400', item: 0 });
	expect([second.contact_created, third.contact_created].sort()).toEqual([false, true]);
	expect(second.contact_id).toBe(third.contact_id);
});

it('Create Contact If Missing refuses an app in DISPATCH mode for all its items at once, and sends no query', async () => {
	const dispatch = simulated.demo.apps[1].appId;
	const options = { appId: { __rl: true, mode: 'id', value: '={{ $json.app }}' } };
	const items = [dispatch, dispatch, simulated.appId].map((app) => ({ app }));
	const { outputs } = await run([['SMS', '46701740699']], items, options, {
		onError: 'continueRegularOutput',
	});
	const [first, second, third] = outputs[0].map(({ json }) => json);
	for (const { error } of [first, second]) {
		expect(error).toMatchObject({
			message: `The app ${dispatch} is in DISPATCH mode and stores no contacts`,
			description: expect.stringContaining('Create Contact If Missing'),
		});
	}
	expect(third).toMatchObject({ contact_created: true });
	const { requests, queries } = await simulated.control.log();
	expect(requests.filter(({ path }) => path.endsWith(dispatch))).toHaveLength(1);
	expect(queries).toHaveLength(1);
});

it('Create Contact If Missing looks nothing up when it is switched off', async () => {
	const { outputs } = await run([['SMS', '46701740699']], [{}], { createContact: false });
	expect(outputs[0][0].json).not.toHaveProperty('contact_id');
	const { queries, requests } = await simulated.control.log();
	expect(queries).toHaveLength(1);
	expect(requests.filter(({ path }) => path.includes('/contacts'))).toEqual([]);
});

const ask = async (appIndex: number, mode: 'manual' | 'trigger') =>
	await runAction(
		simulated,
		{
			recipientType: 'contact',
			contactId: {
				__rl: true,
				mode: 'list',
				value: simulated.demo.contacts[0].contactId,
				cachedResultName: 'Astrid',
			},
			options: { appId: simulated.demo.apps[appIndex].appId },
		},
		[{}, {}],
		{ mode },
	);
const appsRead = async () =>
	(await simulated.control.log()).requests.filter(({ path }) =>
		path.endsWith(`/apps/${simulated.demo.apps[1].appId}`),
	);
const aboutDispatch = ({ runs }: Awaited<ReturnType<typeof ask>>) =>
	(runs[0].hints ?? []).filter(({ message }) => message.includes('DISPATCH mode'));

it('a query by contact with an app in DISPATCH mode gets one hint after a run by hand', async () => {
	const asked = await ask(1, 'manual');
	expect(asked.error).toBeUndefined();
	expect(aboutDispatch(asked)).toHaveLength(1);
	expect(await appsRead()).toHaveLength(1);
});

it('a query by contact gets no hint about DISPATCH mode in production, and reads no app', async () => {
	const { runs } = await ask(1, 'trigger');
	expect(runs[0].hints ?? []).toEqual([]);
	expect(await appsRead()).toEqual([]);
});

it('a query by contact gets no hint about DISPATCH mode if the app stores contacts or cannot be read', async () => {
	expect(aboutDispatch(await ask(0, 'manual'))).toEqual([]);
	await simulated.control.faults({ target: 'apps', kind: 'status', status: 404, times: 2 });
	const asked = await ask(1, 'manual');
	expect(asked.error).toBeUndefined();
	expect(aboutDispatch(asked)).toEqual([]);
});
