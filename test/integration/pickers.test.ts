import type { INodeParameters, INodeType } from 'n8n-workflow';

import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { loadOptionsContext } from '../support/engine';
import type { CredentialStore } from '../support/engine';
import { useSimulator } from '../support/simulated';

const simulated = useSimulator();

const action = new SinchCapability();
const trigger = new SinchCapabilityTrigger();

const contextOf = (
	node: INodeType,
	parameters: INodeParameters = {},
	credentials: CredentialStore | undefined = simulated.store(),
) => loadOptionsContext(node, { parameters, credentials });

const dispatchApp = () => simulated.demo.apps[1].appId;
const picked = (value: string): INodeParameters => ({
	options: { appId: { __rl: true, mode: 'list', value } },
});
const names = ({ results }: { results: Array<{ name: string }> }) =>
	results.map(({ name }) => name);

/** Every text in a JSON value. */
function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

const search = async (filter?: string, node: INodeType = action) =>
	await (node as SinchCapability).methods.listSearch.searchApps.call(contextOf(node), filter);

it('the list of apps shows name, channels and mode, in both nodes', async () => {
	const expected = {
		results: [
			{
				name: 'Demo Conversation App (CONVERSATION) — RCS, WhatsApp, SMS, MMS, Viber Business Messages, Messenger, Instagram, Telegram, LINE',
				value: simulated.appId,
			},
			{
				name: 'Demo Dispatch App (DISPATCH) — RCS, WhatsApp, SMS',
				value: dispatchApp(),
			},
		],
	};
	expect(await search()).toEqual(expected);
	expect(await search('', trigger)).toEqual(expected);
});

it.each([
	['dispatch', 1],
	[' TELEGRAM ', 1],
	['Demo', 2],
	['nothing of the kind', 0],
])('the list of apps finds %j %i times', async (filter, count) => {
	expect((await search(filter)).results).toHaveLength(count);
});

it('the list of apps finds an app by its ID', async () => {
	expect((await search(simulated.appId.slice(4))).results).toHaveLength(1);
});

it("the list of apps returns nothing else of Sinch's response, which contains secrets", async () => {
	const { apps } = await simulated.api<{ apps: object[] }>('GET', '/apps');
	const secrets = textsOf(apps).filter((text) => /secret|token|sender/.test(text));
	expect(secrets.length).toBeGreaterThan(10);
	const shown = JSON.stringify([
		await search(),
		await action.methods.loadOptions.getChannels.call(contextOf(action)),
		await action.methods.listSearch.searchContactsOfApp.call(contextOf(action)),
	]);
	for (const secret of secrets) expect(shown).not.toContain(secret);
});

it.each([
	['a wrong key', { keySecret: 'wrong' }, 'Sinch does not know this access key'],
	["another project's key", { projectId: 'other' }, 'The access key has no permission'],
	['no server', { apiUrl: 'http://127.0.0.1:9' }, 'Sinch could not be reached'],
])(
	'the list of apps explains what is wrong with %s, without a secret',
	async (_, data, message) => {
		const context = contextOf(action, {}, simulated.store(data));
		const error = await action.methods.listSearch.searchApps.call(context).catch((e: Error) => e);
		expect(error).toMatchObject({ message: expect.stringContaining(message) });
		const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
		expect(shown).not.toContain(simulated.demo.project.keySecret);
	},
);

it('the list of apps says that a project without apps is likely in another region', async () => {
	await simulated.control.faults({
		target: 'apps',
		kind: 'status',
		status: 200,
		// The check of the new token gets the first one.
		times: 2,
		body: { id: simulated.appId, apps: [] },
	});
	await expect(search()).rejects.toMatchObject({
		message:
			'Sinch lists no apps for this project in this region. Check Region and Project ID in the credential.',
	});
});

const { searchContacts, searchContactsOfApp } = action.methods.listSearch;

it('the list of contacts comes in pages of 20 until there are no more', async () => {
	const pages = [];
	for (let token: string | undefined; ;) {
		const page = await searchContacts.call(contextOf(action), '', token);
		pages.push(page.results);
		token = page.paginationToken as string | undefined;
		if (!token) break;
	}
	expect(pages.map(({ length }) => length)).toEqual([20, 20, 13]);
	expect(new Set(pages.flat().map(({ value }) => value)).size).toBe(53);
	expect(pages[0][0]).toEqual({
		name: 'Astrid Lindqvist — 46701740605',
		value: simulated.demo.contacts[0].contactId,
	});
});

it.each([
	['a phone number', '+46 70 174 06 05', ['Astrid Lindqvist — 46701740605']],
	['a number on Viber only', '0061 491 570 156', [expect.stringContaining('Charlotte')]],
	['an external id', 'crm-1002', ['Oliver Bennett — 447700900123']],
	['a part of a name', 'LINDQ', ['Astrid Lindqvist — 46701740605']],
	['a name on the third page', 'iris evans', ['Iris Evans — 447700900244']],
	['a contact id', '01C0NTACT00000000000000002', ['Oliver Bennett — 447700900123']],
	['what no one has', 'Zaphod', []],
])('the list of contacts can be searched by %s', async (_, filter, expected) => {
	expect(names(await searchContacts.call(contextOf(action), filter))).toEqual(expected);
});

it('the list of contacts goes on with the search where a page ended', async () => {
	const first = await searchContacts.call(contextOf(action), 'andersson');
	const second = await searchContacts.call(
		contextOf(action),
		'andersson',
		first.paginationToken as string,
	);
	const all = [...names(first), ...names(second)];
	expect(new Set(all).size).toBe(all.length);
	expect(all.every((name) => name.includes('Andersson'))).toBe(true);
	expect(all.length).toBeGreaterThan(first.results.length);
});

it('the list of contacts names a contact without a name by what it has', async () => {
	const create = async (fields: object) =>
		await simulated.api<{ id: string }>('POST', '/contacts', {
			channel_identities: [{ channel: 'SMS', identity: '46701740677' }],
			language: 'SV',
			...fields,
		});
	const plain = await create({});
	const { results } = await searchContacts.call(contextOf(action), '46701740677');
	expect(results).toEqual([{ name: '46701740677', value: plain.id }]);
});

it('the list of contacts is replaced by a sentence for an app in DISPATCH mode', async () => {
	const inDispatch = contextOf(action, picked(dispatchApp()));
	await expect(searchContactsOfApp.call(inDispatch)).rejects.toMatchObject({
		message: expect.stringMatching(
			/^The app Demo Dispatch App is in DISPATCH mode and stores no contacts\. .*Phone Number/,
		),
	});
	const byCredential = contextOf(action, {}, simulated.store({ appId: dispatchApp() }));
	await expect(searchContactsOfApp.call(byCredential)).rejects.toThrow(/DISPATCH/);
	const elsewhere = contextOf(action, { options: { appId: '={{ $json.app }}' } });
	expect((await searchContactsOfApp.call(elsewhere)).results).toHaveLength(20);
	expect((await searchContacts.call(inDispatch)).results).toHaveLength(20);
});

const PLANTED = 'planted-0123456789-webhook';
const { searchWebhooks } = action.methods.listSearch;
const add = async (target: string, fields: object = {}) =>
	await simulated.api<{ id: string }>('POST', '/webhooks', {
		app_id: simulated.appId,
		target,
		target_type: 'HTTP',
		triggers: ['CAPABILITY'],
		...fields,
	});

it("the list of webhooks names those of the credential's app by target and triggers, and says which are signed", async () => {
	const signed = await add('https://example.com/a', { secret: PLANTED });
	const plain = await add('https://example.com/b', { triggers: ['OPT_IN', 'OPT_OUT'] });
	const list = await searchWebhooks.call(contextOf(action));
	expect(list.results).toEqual([
		{ name: 'https://example.com/a (CAPABILITY) — signed', value: signed.id },
		{ name: 'https://example.com/b (OPT_IN, OPT_OUT) — not signed', value: plain.id },
	]);
	expect(JSON.stringify(list)).not.toContain(PLANTED);
	expect(names(await searchWebhooks.call(contextOf(action), '.COM/B'))).toHaveLength(1);
});

it('the list of webhooks has those of the app that is chosen in the form', async () => {
	const { id } = await add('https://example.com/c', { app_id: dispatchApp() });
	const appId = { __rl: true, mode: 'list', value: dispatchApp() };
	const { results } = await searchWebhooks.call(contextOf(action, { appId }));
	expect(results.map(({ value }) => value)).toEqual([id]);
	expect((await searchWebhooks.call(contextOf(action))).results).toEqual([]);
});

it('the list of webhooks is replaced by a sentence when an expression determines the app', async () => {
	const appId = { __rl: true, mode: 'id', value: '={{ $json.app }}' };
	await expect(searchWebhooks.call(contextOf(action, { appId }))).rejects.toThrow(
		/Choose the app from the list, or enter the webhook's ID/,
	);
});

it.each([
	['', "'App' is empty. Enter an App ID in the credential, or choose an app in this node."],
	['..', "'App' is not an ID: ... An ID has 26 letters and digits."],
])(
	'the lists of webhooks and contacts say what is wrong with the App ID %j in the credential, and nothing is sent',
	async (appId, message) => {
		const { searchContactsOfApp } = action.methods.listSearch;
		const context = contextOf(action, {}, simulated.store({ appId }));
		await expect(searchWebhooks.call(context)).rejects.toMatchObject({ message });
		await expect(searchContactsOfApp.call(context)).rejects.toMatchObject({ message });
		expect((await simulated.control.log()).requests).toEqual([]);
	},
);

describe('the list of channels', () => {
	const load = async (parameters?: INodeParameters, credentials?: CredentialStore) =>
		await action.methods.loadOptions.getChannels.call(contextOf(action, parameters, credentials));
	const marked = (options: Array<{ name: string; value: unknown }>) =>
		options
			.filter(({ name }) => name.endsWith(' (not set up in this app)'))
			.map(({ value }) => value);

	it("channels that the credential's app lacks are marked and come last, and both groups are sorted by name", async () => {
		const options = await load();
		expect(options).toHaveLength(13);
		expect(marked(options)).toEqual(['APPLEBC', 'KAKAOTALK', 'KAKAOTALKCHAT', 'WECHAT']);
		expect(options.find(({ value }) => value === 'VIBERBM')?.name).toBe('Viber Business Messages');
		const isMarked = ({ name }: { name: string }) => name.endsWith('(not set up in this app)');
		const sorted = [...options].sort(
			(one, other) =>
				Number(isMarked(one)) - Number(isMarked(other)) || one.name.localeCompare(other.name),
		);
		expect(options).toEqual(sorted);
	});

	it.each([
		['picked', (id: string) => picked(id)],
		['kept from a workflow without picker', (id: string) => ({ options: { appId: id } })],
	])('channels are marked for the app that was %s in the options', async (_, parameters) => {
		const options = await load(parameters(dispatchApp()));
		expect(options).toHaveLength(13);
		expect(marked(options)).toHaveLength(10);
		expect(options.find(({ value }) => value === 'VIBERBM')?.name).toBe(
			'Viber Business Messages (not set up in this app)',
		);
	});

	it('the list of channels includes one that Sinch has and this version does not know', async () => {
		const body = { id: simulated.appId, channel_credentials: [{ channel: 'NEWCHAT' }, {}] };
		await simulated.control.faults({
			target: 'apps',
			kind: 'status',
			status: 200,
			// The check of the new token gets the first one.
			times: 2,
			body,
		});
		const options = await load();
		expect(options).toContainEqual({ name: 'NEWCHAT', value: 'NEWCHAT' });
		expect(marked(options)).toHaveLength(13);
	});

	it.each<[string, () => Promise<Array<{ name: string; value: unknown }>>]>([
		[
			'without a credential',
			async () => await action.methods.loadOptions.getChannels.call(loadOptionsContext(action)),
		],
		['with a wrong key', async () => await load({}, simulated.store({ keySecret: 'wrong' }))],
		[
			'when no one answers',
			async () => await load({}, simulated.store({ apiUrl: 'http://127.0.0.1:9' })),
		],
		['with an app that is not there', async () => await load(picked('01SANDB0XN0SVCHAPP00000001'))],
		['with an app that an expression names', async () => await load(picked('={{ $json.app }}'))],
		[
			'with a page of a proxy',
			async () => {
				await simulated.control.faults({ target: 'apps', kind: 'garbage' });
				return await load();
			},
		],
	])('all channels are in the list and unmarked %s', async (_, loaded) => {
		const options = await loaded();
		expect(options).toHaveLength(13);
		expect(marked(options)).toEqual([]);
		expect(options).toContainEqual({ name: 'WeChat', value: 'WECHAT' });
	});

	it('the marks of channels are not kept for the next user', async () => {
		expect(marked(await load())).toHaveLength(4);
		expect(marked(await load({}, simulated.store({ appId: dispatchApp() })))).toHaveLength(10);
		expect(marked(await load({}, simulated.store({ keySecret: 'wrong' })))).toEqual([]);
	});
});
