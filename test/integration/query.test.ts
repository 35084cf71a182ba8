import type { IDataObject } from 'n8n-workflow';

import { runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();

const byContact = {
	recipientType: 'contact',
	contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
};

const run = async (parameters: object, items: IDataObject[], settings = {}) =>
	await runAction(simulated, parameters as never, items, settings);

it('Check reachability registers a query for every demo contact with one token', async () => {
	const contacts = simulated.demo.contacts.map(({ contactId }) => ({ contactId }));
	const { outputs, error } = await run(byContact, contacts);
	expect(error).toBeUndefined();
	const { queries, totals } = await simulated.control.log();
	expect(queries.map(({ requestId, recipient }) => ({ requestId, recipient }))).toEqual(
		contacts.map(({ contactId }, index) => ({
			requestId: outputs[0][index].json.request_id,
			recipient: { contact_id: contactId },
		})),
	);
	expect(totals.tokensIssued).toBe(1);
});

it('Check reachability registers a query by channel identities, several in one', async () => {
	const { outputs } = await run(
		{
			recipientType: 'channelIdentities',
			channelIdentities: {
				identity: [
					{ channel: 'RCS', identity: '+46 70 174 06 05' },
					{ channel: 'SMS', identity: '={{ $json.phone }}' },
				],
			},
		},
		[{ phone: '0046701740605' }],
	);
	expect(outputs[0][0].json.recipient).toEqual({
		identified_by: {
			channel_identities: [
				{ channel: 'RCS', identity: '46701740605' },
				{ channel: 'SMS', identity: '46701740605' },
			],
		},
	});
});

const sixty = () =>
	Array.from({ length: 60 }, () => ({ contactId: simulated.demo.contacts[0].contactId }));

it('Check reachability continues with a new token when the old one expires during the run', async () => {
	const lifetimeSeconds = 3;
	await simulated.control.settings({ tokenLifetimeSeconds: lifetimeSeconds });
	const settings = { ...byContact, options: { requestsPerSecond: 15 } };
	const startedAt = performance.now();
	const { outputs, error } = await run(settings, sixty());
	const lifetimes = (performance.now() - startedAt) / 1000 / lifetimeSeconds;
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(60);
	const { tokensIssued } = (await simulated.control.log()).totals;
	expect(tokensIssued).toBeGreaterThan(1);
	expect(tokensIssued).toBeLessThanOrEqual(2 + Math.floor(lifetimes));
});

it('Check reachability continues when Sinch revokes the token in the middle of a run', async () => {
	const running = run({ ...byContact, options: { requestsPerSecond: 60 } }, sixty());
	const { control } = simulated.simulator;
	await until(async () => (await control.log()).totals.queries >= 10);
	await control.expireTokens();
	const { outputs, error } = await running;
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(60);
});

it('Check reachability names the failing item among the others', async () => {
	const [first, second] = simulated.demo.contacts;
	const unknown = '01SANDB0XC0NTACTVNKN0WN001';
	const items = [first.contactId, unknown, second.contactId].map((contactId) => ({ contactId }));
	const { outputs } = await run(byContact, items, { onError: 'continueErrorOutput' });
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
	expect(outputs[1]).toEqual([
		{
			json: {
				contactId: unknown,
				error: expect.objectContaining({ httpCode: '404', item: 1 }),
			},
			pairedItem: { item: 1 },
		},
	]);
});

it.each([
	['an unknown app', { appId: '01SANDB0XN0SVCHAPP00000001' }, 'Sinch could not find the app'],
	['an app id of another form', { appId: 'my-app' }, 'Sinch did not accept the request'],
])(
	'Check reachability says in plain words what is wrong with %s',
	async (_, credential, message) => {
		const { error } = await run(byContact, [{ contactId: simulated.demo.contacts[0].contactId }], {
			credentials: simulated.store(credential),
		});
		expect(error?.message).toContain(message);
	},
);

it.each([
	['a reset connection', { kind: 'reset' }],
	['an answer that never comes', { kind: 'timeout' }],
	['an outage', { kind: 'status', status: 503 }],
	['a limit', { kind: 'status', status: 429, retryAfter: 1 }],
	['a lost answer', { kind: 'reset', processed: true }],
] as const)(
	'Check reachability gets through after %s, with the same request ID',
	async (_, fault) => {
		await simulated.control.faults({ target: 'query', ...fault });
		const options = fault.kind === 'timeout' ? { timeout: 2 } : {};
		const { outputs, error, runs } = await run({ ...byContact, options }, [
			{ contactId: simulated.demo.contacts[0].contactId },
		]);
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(1);
		const { queries, requests } = await simulated.control.log();
		const ids = new Set(queries.map(({ requestId }) => requestId));
		expect([...ids]).toEqual([outputs[0][0].json.request_id]);
		expect(requests.filter(({ path }) => path.endsWith('capability:query'))).toHaveLength(2);
		expect(JSON.stringify(runs[0].hints)).toContain('Retries: 1;');
	},
);

it('Check reachability fetches one token for many items at once', async () => {
	const items = Array.from({ length: 120 }, () => ({
		contactId: simulated.demo.contacts[0].contactId,
	}));
	const { error, outputs } = await run(byContact, items);
	expect(error).toBeUndefined();
	expect(outputs[0]).toHaveLength(120);
	expect((await simulated.control.log()).totals.tokensIssued).toBe(1);
});

it('Check reachability sends nothing more when the access key is refused', async () => {
	const items = Array.from({ length: 120 }, () => ({
		contactId: simulated.demo.contacts[0].contactId,
	}));
	// Whether the answers need room is not known without the key.
	const parameters = { ...byContact, options: { answersPerSecond: 500 } };
	const { outputs } = await run(parameters, items, {
		credentials: simulated.store({ keySecret: 'wrong' }),
		onError: 'continueRegularOutput',
	});
	expect(outputs[0]).toHaveLength(120);
	expect(outputs[0][119].json.error).toMatchObject({
		message: 'Sinch does not know this access key',
		item: 119,
	});
	expect((await simulated.control.log()).totals.tokenCalls).toBeLessThanOrEqual(2);
});

it('Check reachability sends 100 items at the pace of the option', async () => {
	const items = Array.from({ length: 100 }, () => ({
		contactId: simulated.demo.contacts[0].contactId,
	}));
	const started = Date.now();
	await run({ ...byContact, options: { requestsPerSecond: 100 } }, items);
	const { queries } = await simulated.control.log();
	const times = queries.map(({ at }) => Date.parse(at) - started).sort((a, b) => a - b);
	expect(times).toHaveLength(100);
	// None is early, beside what the pace may make up for; a busy computer is late, and then sends several at once.
	expect(times.filter((ms, index) => ms < index * 10 - 100)).toEqual([]);
});

const N8N = 'https://n8n.example.com';

const hintsOf = async (items = 2, settings: object = {}) => {
	const contacts = simulated.demo.contacts.slice(0, items);
	const { runs } = await run(
		byContact,
		contacts.map(({ contactId }) => ({ contactId })),
		{ mode: 'manual', instanceUrl: `${N8N}/`, ...settings },
	);
	return runs[0].hints ?? [];
};

const listen = async (target: string, triggers = ['CAPABILITY']) =>
	await simulated.api('POST', '/webhooks', {
		app_id: simulated.appId,
		target,
		target_type: 'HTTP',
		triggers,
	});

const lookUps = async () =>
	(await simulated.control.log()).requests.filter(
		({ method, path }) => method === 'GET' && path.endsWith('/webhooks'),
	);

it.each([
	[1, '1 query'],
	[2, '2 queries'],
])(
	'a manual run of Check reachability warns that its answers will be lost when no workflow listens (%i items)',
	async (count, queries) => {
		await listen('https://elsewhere.example.com/webhook/a/capability');
		await listen(`${N8N}/webhook/b/other`, ['MESSAGE_INBOUND']);
		expect(await hintsOf(count)).toEqual([
			{
				message: `Sinch registered ${queries}, but no published workflow in this n8n receives the answers of app ${simulated.appId}, so they will be lost. Publish (activate) a workflow with a Sinch Capability Trigger for this app; if it is published already, unpublish (deactivate) the workflow and publish (activate) it again.`,
				type: 'warning',
			},
		]);
		expect(await lookUps()).toHaveLength(1);
	},
);

it.each(['capability', 'capability-finished'])(
	'a manual run of Check reachability says that answers start the workflow with the trigger when one is published at /%s',
	async (path) => {
		await listen(`${N8N}/webhook/5d3c1d0e-5a0e-4f5a-8a55-0c1f5c4f3a10/${path}`);
		expect(await hintsOf()).toEqual([
			{
				message:
					'Sinch registered 2 queries. The answers start every published workflow with a Sinch Capability Trigger for this app; see their Executions tabs.',
				type: 'info',
			},
		]);
	},
);

it('a manual run of Check reachability says nothing about a webhook of another kind in this n8n', async () => {
	await listen(`${N8N}/webhook/all-sinch-events`);
	expect(await hintsOf()).toEqual([]);
});

it('Check reachability does not look up webhooks in production', async () => {
	expect(await hintsOf(2, { mode: 'trigger' })).toEqual([]);
	expect(await lookUps()).toEqual([]);
});

it('a manual run of Check reachability says nothing about answers when Sinch does not give the list of webhooks', async () => {
	await simulated.control.faults({ target: 'webhooks', kind: 'status', status: 403 });
	expect(await hintsOf()).toEqual([]);
	expect(await lookUps()).toHaveLength(1);
});
