import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ACTION_TYPE, CREDENTIAL_TYPE, TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import { N8nHttp } from '../../sandbox/n8n/http.mts';
import type { WorkflowNode } from '../../sandbox/n8n/types.mts';
import { START_LIMIT_MS, Harness } from './support/harness.mts';

interface Entry {
	name: string;
	value: string;
}
interface Page {
	results: Entry[];
	paginationToken?: string;
}

let harness: Awaited<ReturnType<typeof Harness.anywhere>>;
let editor: N8nHttp;

beforeAll(async () => {
	harness = await Harness.anywhere();
	editor = new N8nHttp(harness.n8n.url);
	const { email, password } = harness.login;
	const login = { emailOrLdapLoginId: email, password };
	await editor.request('POST', '/login', login);
}, START_LIMIT_MS);

afterAll(async () => {
	await harness?.stop();
});

/** The editor's request when a list or a dropdown is opened. */
async function open<T>(
	kind: 'resource-locator-results' | 'options',
	methodName: string,
	{ type = ACTION_TYPE, parameters = {}, credential = true, ...more }: Record<string, unknown> = {},
): Promise<T> {
	const { id, name } = harness.credential;
	return await editor.request('POST', `/dynamic-node-parameters/${kind}`, {
		path: 'parameters.any',
		methodName,
		nodeTypeAndVersion: { name: type, version: 1 },
		currentNodeParameters: parameters,
		...(credential ? { credentials: { [CREDENTIAL_TYPE]: { id, name } } } : {}),
		...more,
	});
}

const list = async (methodName: string, more?: Record<string, unknown>) =>
	await open<Page>('resource-locator-results', methodName, more);
const dispatchApp = () =>
	harness.demo.apps.find(({ processingMode }) => processingMode === 'DISPATCH')!.appId;
const inDispatch = () => ({
	options: { appId: { __rl: true, mode: 'list', value: dispatchApp() } },
});

it('the list of apps in a real n8n shows name, channels and mode, in both nodes and the tool, and no secret', async () => {
	const answers = [];
	for (const type of [ACTION_TYPE, `${ACTION_TYPE}Tool`, TRIGGER_TYPE]) {
		answers.push(await list('searchApps', { type }));
	}
	expect(answers[0].results).toEqual([
		{ name: expect.stringMatching(/^Demo Conv.* \(CONVERSATION\) — RCS/), value: harness.appId },
		{ name: 'Demo Dispatch App (DISPATCH) — RCS, WhatsApp, SMS', value: dispatchApp() },
	]);
	expect(answers[1]).toEqual(answers[0]);
	expect(answers[2]).toEqual(answers[0]);
	expect(JSON.stringify(answers)).not.toMatch(/bearer|secret|sender/i);
	expect((await list('searchApps', { filter: 'dispatch' })).results).toHaveLength(1);
});

it('the list of contacts in a real n8n comes page by page, and can be searched', async () => {
	const first = await list('searchContacts');
	const second = await list('searchContacts', { paginationToken: first.paginationToken });
	expect([first.results.length, second.results.length]).toEqual([20, 20]);
	expect(first.results.map(({ value }) => value)).not.toContain(second.results[0].value);
	const astrid = {
		name: 'Astrid Lindqvist — 46701740605',
		value: harness.demo.contacts[0].contactId,
	};
	for (const filter of ['+46 70 174 06 05', 'crm-1001', 'lindq']) {
		expect((await list('searchContacts', { filter })).results).toEqual([astrid]);
	}
});

it('the list of contacts in a real n8n says why an app in DISPATCH mode has none', async () => {
	await expect(list('searchContactsOfApp', { parameters: inDispatch() })).rejects.toThrow(
		/Demo Dispatch App is in DISPATCH mode and stores no contacts/,
	);
});

it('the list of channels in a real n8n marks those that the app lacks, also in the tool, and none without a credential', async () => {
	const load = async (more?: Record<string, unknown>) =>
		await open<Entry[]>('options', 'getChannels', more);
	const marked = (options: Entry[]) =>
		options.filter(({ name }) => name.includes('not set up')).length;
	expect(marked(await load())).toBe(4);
	expect(marked(await load({ parameters: inDispatch() }))).toBe(10);
	expect(marked(await load({ type: `${ACTION_TYPE}Tool` }))).toBe(4);
	const unmarked = await load({ credential: false });
	expect(unmarked).toHaveLength(13);
	expect(marked(unmarked)).toBe(0);
});

it('contacts in a real n8n are created, read by an expression, and deleted', async () => {
	const node = (index: number, given: Partial<WorkflowNode>) =>
		({
			id: `5a4db0c5-0004-4000-8000-00000000000${index}`,
			position: [index * 240, 0],
			typeVersion: 1,
			type: ACTION_TYPE,
			...given,
		}) as WorkflowNode;
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	const contactId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
	const identity = [{ channel: 'SMS', identity: '+46 70 174 06 99' }];
	const workflow = await harness.add({
		name: 'A contact comes and goes',
		nodes: [
			node(0, { name: 'Start manually', type: 'n8n-nodes-base.manualTrigger', parameters: {} }),
			node(1, {
				name: 'Create',
				parameters: {
					resource: 'contact',
					operation: 'create',
					recipientType: 'channelIdentities',
					channelIdentities: { identity },
					displayName: 'Anna',
				},
			}),
			node(2, { name: 'Get', parameters: { resource: 'contact', operation: 'get', contactId } }),
			node(3, {
				name: 'Delete',
				parameters: { resource: 'contact', operation: 'delete', contactId },
			}),
		],
		connections: { 'Start manually': to('Create'), Create: to('Get'), Get: to('Delete') },
	});
	const id = await harness.api.run(workflow.id, 'Start manually');
	const { status, runs } = await harness.api.waitForExecution(id!);
	expect(status).toBe('success');
	const json = (name: string) => runs[name][0].data!.main[0]![0].json;
	expect(json('Get')).toMatchObject({ display_name: 'Anna', language: 'EN_US' });
	expect(json('Delete')).toEqual({ deleted: true });
});

/** The output schemas of the package. */
const folder = new URL('../../nodes/SinchCapability/__schema__/', import.meta.url);

/** Asks n8n as its editor does. */
const served = async (type: string, path: string) =>
	await fetch(`${harness.n8n.url}/schemas/${type}/${path}.json`, {
		headers: { connection: 'close' },
	});

it('n8n serves each output schema at the address that its editor asks for', async () => {
	const files = (await readdir(fileURLToPath(folder), { recursive: true }))
		.map((file) => file.replace(/\\/g, '/'))
		.filter((file) => file.endsWith('.json'));
	expect(files.length).toBeGreaterThan(10);
	for (const file of files) {
		const path = file.replace(/^v/, '').replace(/\.json$/, '');
		const type = path.includes('/') ? ACTION_TYPE : TRIGGER_TYPE;
		const response = await served(type, path);
		expect([file, response.status]).toEqual([file, 200]);
		expect(await response.json()).toEqual(
			JSON.parse(await readFile(new URL(file, folder), 'utf8')),
		);
	}
	expect((await served(ACTION_TYPE, '1.0.0/capability/unknown')).status).toBe(404);
});
