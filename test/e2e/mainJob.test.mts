import { OUTCOMES, readAnswers, triggerName } from '../../sandbox/demo/answers.mts';
import {
	credentialData,
	readExample,
	setUpExamples,
	TRIGGER_TYPE,
} from '../../sandbox/demo/setup.mts';
import type { Workflow } from '../../sandbox/n8n/types.mts';
import { capabilityCallback, post, signatureHeaders } from './support/callbacks.mts';
import { queryTwice } from './support/workflows.mts';
import { existingN8n, START_LIMIT_MS, Harness } from './support/harness.mts';

const LIMIT_MS = 300_000;

const isN8n1 = process.env.N8N_VERSION?.startsWith('1.') ?? false;

/** n8n's messages for a 400 and a 404. */
const WRONG_APP_OF_N8N_1 = /^Bad request|could not be found$/;

/** A number of no demo contact, which identifies its executions. */
const IDENTITY = '46701740650';

/** The node of each outcome in the example, hard-coded so that the test does not rely on the file. */
const BRANCHES: Record<string, string> = {
	Full: 'Write on this channel',
	Partial: 'Send a simpler message',
	None: 'Choose another channel',
	Unknown: 'Try again later',
	Failed: 'Tell the team',
};

let harness: Awaited<ReturnType<typeof Harness.anywhere>>;
/** The message of an activation that finds no free webhook; n8n 2 tries it again for 20 seconds. */
let noFreeWebhook: Promise<string>;

beforeAll(async () => {
	harness = await Harness.anywhere();
}, START_LIMIT_MS);

afterAll(async () => {
	await harness?.stop();
}, LIMIT_MS);

it(
	'the two examples in a real n8n send the answer for every row of the demo table by its branch, and by no other',
	async () => {
		const { check, route } = await setUpExamples(harness.api, harness.credential, harness.demo);
		const id = await harness.api.run(check.id, 'Start manually');
		const asked = await harness.api.waitForExecution(id!);
		expect(asked.status).toBe('success');

		const rows = harness.demo.contacts.flatMap(({ contactId, channels }) =>
			channels.map(({ channel, identity, outcome }) => ({
				row: `${contactId} ${channel} ${identity}`,
				outputs: [outcome],
				nodes: [BRANCHES[outcome]],
			})),
		);
		expect(rows.length).toBeGreaterThanOrEqual(20);
		expect(new Set(rows.map(({ outputs: [output] }) => output))).toEqual(new Set(OUTCOMES));
		const readAll = async () => {
			const summaries = await harness.api.waitForExecutions(route.id, 1);
			const executions = await Promise.all(
				summaries.map(async ({ id: executionId }) => await harness.api.getExecution(executionId)),
			);
			return executions.flatMap((execution) => readAnswers(route, execution));
		};
		const end = Date.now() + LIMIT_MS / 2;
		while ((await readAll()).length < rows.length && Date.now() < end) {
			await new Promise((resolve) => setTimeout(resolve, 500));
		}
		// Surplus executions start now.
		await new Promise((resolve) => setTimeout(resolve, 1000));
		const answers = (await readAll()).map(({ contactId, channel, identity, outputs, nodes }) => ({
			row: `${contactId} ${channel} ${identity}`,
			outputs,
			nodes,
		}));
		const byRow = (one: { row: string }, other: { row: string }) =>
			one.row.localeCompare(other.row);
		expect(answers.sort(byRow)).toEqual(rows.sort(byRow));
		await harness.api.deactivate(route.id);
	},
	LIMIT_MS,
);

describe('The trigger in a real n8n', () => {
	let route: Workflow;
	let target: string;
	let secret: string;

	beforeAll(async () => {
		route = await harness.add(await readExample('route-by-capability'));
		await harness.api.activate(route.id);
		const [webhook] = await harness.webhooks(1);
		({ target, secret } = webhook);
	}, LIMIT_MS);

	afterAll(async () => {
		await harness.api.deactivate(route.id);
	}, LIMIT_MS);

	it('the trigger in a real n8n refuses with 401, and without an execution, what Sinch has not signed', async () => {
		const before = await harness.countExecutions(route);
		const body = capabilityCallback(harness.appId, IDENTITY);
		const changed = body.replace(IDENTITY, IDENTITY.replace(/0$/, '1'));
		const signed = signatureHeaders(body, secret);
		const otherAlgorithm = { ...signed, 'x-sinch-webhook-signature-algorithm': 'HmacSHA512' };

		expect(changed).toHaveLength(body.length);
		expect(await post(target, body)).toBe(401);
		expect(await post(target, body, signatureHeaders(body, `${secret}x`))).toBe(401);
		expect(await post(target, changed, signed)).toBe(401);
		expect(await post(target, body, signatureHeaders(`${body} `, secret))).toBe(401);
		expect(await post(target, body, signatureHeaders(body, secret, 48 * 3600))).toBe(401);
		expect(await post(target, body, otherAlgorithm)).toBe(401);
		expect(await post(target, `${body}\n`, signed)).toBe(401);
		expect(await harness.countExecutions(route)).toBe(before);

		expect(await post(target, body, signed)).toBe(200);
		await harness.api.waitForExecutions(route.id, before + 1);
		expect(await harness.countExecutions(route)).toBe(before + 1);
	});

	it('the trigger in a real n8n takes a genuine callback about something else with 200 and starts nothing', async () => {
		const before = await harness.countExecutions(route);
		const inbound = JSON.stringify({
			app_id: harness.appId,
			accepted_time: '2026-01-15T10:20:30.123456Z',
			message: { contact_message: { text_message: { text: 'Hello' } } },
		});
		for (const body of [inbound, '{}', '[]', '"text"']) {
			expect(await post(target, body, signatureHeaders(body, secret))).toBe(200);
		}
		expect(await harness.countExecutions(route)).toBe(before);
	});

	if (!existingN8n()) {
		it('the trigger keeps working after a restart of n8n', async () => {
			const before = await harness.countExecutions(route);
			await harness.n8n.restart();
			await harness.ask('RCS', '46701740605');
			await harness.api.waitForExecutions(route.id, before + 1);
			expect((await harness.webhooks(1)).map((webhook) => webhook.target)).toEqual([target]);
		});
	}

	it('the trigger in a real n8n listens for a test and in production at the same time', async () => {
		const before = await harness.countExecutions(route);
		expect(await harness.api.run(route.id, triggerName(route))).toBeUndefined();
		const targets = (await harness.webhooks(2)).map((webhook) => webhook.target).sort();
		expect(targets).toEqual([target.replace('/webhook/', '/webhook-test/'), target].sort());

		await harness.ask('RCS', '46701740605');
		const executions = await harness.api.waitForExecutions(route.id, before + 2);
		const newOnes = executions.slice(0, executions.length - before);
		expect(newOnes.map(({ mode }) => mode).sort()).toEqual(['manual', 'webhook']);
		for (const { id } of newOnes) {
			const answers = readAnswers(route, await harness.api.getExecution(id));
			expect(answers).toMatchObject([{ outputs: ['Full'], nodes: ['Write on this channel'] }]);
		}
		expect((await harness.webhooks(1)).map((webhook) => webhook.target)).toEqual([target]);

		await harness.ask('RCS', '46701740606');
		const after = await harness.api.waitForExecutions(route.id, before + 3);
		expect(after[0].mode).toBe('webhook');
	});
});

describe('Activating and deactivating', () => {
	it('activation makes one signed HTTP webhook for CAPABILITY at Sinch, and deactivation removes only that', async () => {
		const foreign = await harness.sinch<object>('POST', '/webhooks', {
			app_id: harness.appId,
			target: 'http://127.0.0.1:9/somebody-else',
			target_type: 'HTTP',
			triggers: ['CAPABILITY', 'MESSAGE_INBOUND'],
			secret: 'not-ours-at-all-0123456789',
		});
		const before = await harness.webhooks();
		const route = await harness.add(await readExample('route-by-capability'));
		const { webhookId } = route.nodes.find(({ type }) => type === TRIGGER_TYPE)!;

		await harness.api.activate(route.id);
		const all = await harness.webhooks(before.length + 1);
		const own = all.filter(({ id }) => before.every((old) => old.id !== id));
		expect(own).toEqual([
			expect.objectContaining({
				app_id: harness.appId,
				target: `${harness.n8n.url}/webhook/${webhookId}/capability`,
				target_type: 'HTTP',
				triggers: ['CAPABILITY'],
				secret: expect.stringMatching(/^\S{32,}$/),
			}),
		]);

		await harness.api.deactivate(route.id);
		expect(await harness.webhooks(before.length)).toEqual(before);
		expect(before).toContainEqual(foreign);

		await harness.api.activate(route.id);
		const again = await harness.webhooks(before.length + 1);
		expect(again).toHaveLength(before.length + 1);
		expect(again.map(({ secret }) => secret)).not.toContain(own[0].secret);
		await harness.api.deactivate(route.id);
	});

	afterAll(async () => {
		while ((await harness.webhooks()).length < 5) {
			const target = `http://127.0.0.1:9/${crypto.randomUUID()}`;
			const body = { app_id: harness.appId, target, target_type: 'HTTP', triggers: ['CAPABILITY'] };
			await harness.sinch('POST', '/webhooks', body);
		}
		const { id } = await harness.add(await readExample('route-by-capability'));
		noFreeWebhook = harness.api.activate(id).then(
			() => 'none',
			(error: Error) => error.message,
		);
	});
});

it('the credential test in a real n8n tells a wrong key, another project, a wrong app and an unreachable host apart', async () => {
	const good = credentialData(harness.demo, harness.simulatorUrl);
	const { keyId, keySecret } = harness.demo.otherProject;
	const test = async (change: Record<string, string>) =>
		await harness.api.testCredential(harness.credential, { ...good, ...change });

	expect(await test({})).toMatchObject({ status: 'OK' });
	const answers = [
		await test({ keySecret: 'wrong' }),
		await test({ keyId, keySecret }),
		await test({ appId: '01W4FFL35P4NC4K35CONVAPP01' }),
		await test({ apiUrl: 'http://127.0.0.1:9' }),
		await test({ authUrl: 'http://127.0.0.1:9' }),
	];
	expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 'Error'));
	const [wrongKey, otherProject, wrongApp, noApi, noAuth] = answers.map(({ message }) => message);
	expect(wrongKey).toMatch(/access key/i);
	// n8n 1 loses the HTTP status of a failed test before it looks for this credential's rule.
	expect(otherProject).toMatch(isN8n1 ? /^Forbidden/ : /another project/);
	expect(wrongApp).toMatch(isN8n1 ? WRONG_APP_OF_N8N_1 : /App ID/);
	for (const message of [noApi, noAuth]) expect(message).toMatch(/reach|refused|connect/i);
	expect(new Set([wrongKey, otherProject, wrongApp, noApi]).size).toBe(4);
	// n8n 1 stores the tested values once it has a token: restore the correct ones.
	expect(await test({})).toMatchObject({ status: 'OK' });
});

it('the credential test in a real n8n tests a changed secret, and not the token that n8n has stored after a node has run', async () => {
	const { keySecret } = credentialData(harness.demo, harness.simulatorUrl);
	const [known] = harness.demo.contacts;
	const workflow = await harness.add(queryTwice(known.contactId, 'continueRegularOutput'));
	const runByHand = async () => {
		const id = await harness.api.run(workflow.id, 'Start manually');
		const { runs } = await harness.api.waitForExecution(id!);
		return runs['Check reachability'][0].data!.main[0]![0].json;
	};
	expect(await runByHand()).toHaveProperty('request_id');

	// The form has placeholders for the secret and the token; n8n replaces them by the stored values.
	const shown = await harness.api.readCredential(harness.credential);
	expect(shown.accessToken).not.toBe('');
	expect(shown.keySecret).not.toBe(keySecret);
	const test = async (change: Record<string, unknown>) =>
		await harness.api.testCredential(harness.credential, { ...shown, ...change });
	expect(await test({})).toMatchObject({ status: 'OK' });
	expect(await test({ keySecret: 'wrong' })).toEqual({
		status: 'Error',
		message: expect.stringMatching(/does not know this access key/),
	});
	expect(await test({ keySecret })).toMatchObject({ status: 'OK' });
	expect(await runByHand()).toHaveProperty('request_id');
});

it('a failed item stops the workflow, and n8n names what happened and where', async () => {
	const [known] = harness.demo.contacts;
	const workflow = await harness.add(queryTwice(known.contactId, 'stopWorkflow'));
	const id = await harness.api.run(workflow.id, 'Start manually');
	const { status, error } = await harness.api.waitForExecution(id!);
	expect(status).toBe('error');
	expect(error?.message).toMatch(/Sinch has no contact with this ID/);
	expect(error?.description).toMatch(/404/);
	expect(error?.context).toMatchObject({ itemIndex: 1 });
});

it('an activation says why when Sinch has no free webhook', async () => {
	expect(await noFreeWebhook).toMatch(
		/already has 5 webhooks.*http:\/\/127\.0\.0\.1:9\/somebody-else/s,
	);
});
