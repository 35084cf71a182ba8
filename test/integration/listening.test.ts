/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { signed } from '../support/signed';
import type { Listening } from '../support/listening';
import { listen } from '../support/listening';
import { actAs, answerOptions } from '../support/processes';
import { runAction, useSimulator } from '../support/simulated';
import { until } from '../support/until';

const simulated = useSimulator();

const COLLECT_HEADER = 'x-sinch-capability-collect';

const NODE = '3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90';

const parameters: INodeParameters = {
	operation: 'queryAndWait',
	recipientType: 'channelIdentities',
	channelIdentities: { identity: [{ channel: 'RCS', identity: '46701000001' }] },
	timeout: 1,
};

const register = async (target: string, appId = simulated.appId) =>
	await simulated.api('POST', '/webhooks', {
		app_id: appId,
		target,
		target_type: 'HTTP',
		triggers: ['CAPABILITY'],
	});

const run = async (instanceUrl: string, timeout = 1) => {
	const asked = { ...parameters, timeout };
	const { error, runs } = await runAction(simulated, asked, [{}], { instanceUrl });
	return { error, hint: JSON.stringify((runs[0].hints ?? []).map(({ message }) => message)) };
};

const queries = async () => (await simulated.control.log()).queries.length;

describe('an n8n in which no workflow is published at the address that Sinch posts to', () => {
	let end: () => void;
	let instanceUrl: string;

	const answerWith = async (answer: (method: string, response: ServerResponse) => void) => {
		const server = createServer((request, response) => answer(request.method!, response));
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		instanceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		end = () => server.close().closeAllConnections();
	};

	afterEach(() => end());

	it.each([`webhook/${NODE}/capability`, 'webhook/sinch-events'])(
		'a workflow that is not published is named before any query is sent when Sinch posts to %s',
		async (path) => {
			await answerWith((method, response) =>
				method === 'OPTIONS'
					? answerOptions(response, 'OPTIONS')
					: response.writeHead(404).end('{"code":404}'),
			);
			await register(`${instanceUrl}${path}`);
			const { error } = await run(instanceUrl);
			expect(error?.message).toBe(
				`The workflow that receives the answers of app ${simulated.appId} is not published (active)`,
			);
			expect((error as { description?: string }).description).toContain(
				`Sinch posts them to ${instanceUrl}${path}, where no workflow is published.`,
			);
			expect(await queries()).toBe(0);
		},
	);

	it('a webhook of a test that has ended counts as a workflow that is not published', async () => {
		await answerWith((_, response) => response.writeHead(404).end('{"code":404}'));
		await register(`${instanceUrl}webhook-test/${NODE}/capability`);
		expect((await run(instanceUrl)).error?.message).toMatch(/is not published \(active\)$/);
		expect(await queries()).toBe(0);
	});

	it('an unpublished workflow is not named as the one that receives the answers of another app', async () => {
		await answerWith((_, response) => response.writeHead(404).end('{"code":404}'));
		const other = simulated.demo.apps.find(({ appId }) => appId !== simulated.appId)!.appId;
		await register(`${instanceUrl}webhook/${NODE}/capability`, other);
		const { error } = await run(instanceUrl);
		expect(error?.message).toBe(
			`No published workflow receives the answers of app ${simulated.appId}`,
		);
		expect((error as { description?: string }).description).not.toContain(other);
	});

	it('an unpublished workflow is named after a manual run of Check reachability, whose answers will be lost', async () => {
		await answerWith((_, response) => response.writeHead(404).end('{"code":404}'));
		await register(`${instanceUrl}webhook/${NODE}/capability`);
		const { error, runs } = await runAction(
			simulated,
			{ ...parameters, operation: 'query' },
			[{}],
			{ instanceUrl, mode: 'manual' },
		);
		expect(error).toBeUndefined();
		expect(runs[0].hints).toEqual([
			{ message: expect.stringContaining('so they will be lost.'), type: 'warning' },
		]);
	});

	it('a workflow is not taken for unpublished when a proxy answers itself, and the query is sent', async () => {
		await answerWith((_, response) => answerOptions(response, 'GET, HEAD, OPTIONS'));
		await register(`${instanceUrl}webhook/sinch-events`);
		await register(`${instanceUrl}webhook/${NODE}/capability`);
		expect((await run(instanceUrl)).error).toBeUndefined();
		expect(await queries()).toBe(1);
	});
});

describe("a workflow that receives the answers with n8n's Webhook node", () => {
	let requests: IncomingMessage[];
	let instanceUrl: string;
	let end: () => void;

	beforeEach(async () => {
		requests = [];
		const server = createServer((request, response) => {
			if (request.method === 'OPTIONS') {
				answerOptions(response);
			} else {
				requests.push(request);
				response.end('{}');
			}
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		instanceUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
		end = () => server.close().closeAllConnections();
	});

	afterEach(() => {
		actAs('main');
		end();
	});

	it("a workflow with n8n's Webhook node is started by nothing but the answers, however long they take", async () => {
		await register(`${instanceUrl}webhook/orders/capability`);
		await simulated.control.settings({ answerDelayMs: 1_500 });
		const settings = { instanceUrl, mode: 'manual' } as const;
		const { runs } = await runAction(simulated, { ...parameters, timeout: 2 }, [{}], settings);
		await until(() => requests.length > 0);
		expect(requests.map(({ headers }) => COLLECT_HEADER in headers)).toEqual([false]);
		// Another process may have received it, and the node cannot tell.
		const [{ message }] = runs[0].hints!;
		expect(message).toContain('This process of n8n has received nothing.');
		expect(message).toContain(
			'or n8n runs in queue mode: there, a Webhook node keeps no answers for this node',
		);
		expect(message).not.toContain('Sinch has delivered nothing');
	});

	it("a user of the Webhook node is advised to use Sinch's secret when Parse Notification refuses its requests", async () => {
		await register(`${instanceUrl}webhook/sinch-events`);
		await simulated.control.settings({ answerDelayMs: 20_000 });
		const running = run(instanceUrl, 2);
		await until(async () => (await queries()) === 1);
		const { headers, rawBody } = signed({}, { secret: 'of the webhook at Sinch' });
		await runAction(
			simulated,
			{ operation: 'parseNotification', secretFrom: 'field', webhookSecret: 'another' },
			[{ headers: headers as IDataObject }],
			{ binary: { data: { data: (rawBody as Buffer).toString('base64'), mimeType: '' } } },
		);
		expect((await running).hint).toContain(
			"the signature does not match the secret. If Sinch was the sender, make 'Webhook Secret' and the secret of the webhook at Sinch the same.",
		);
	});

	it("a workflow with n8n's Webhook node is not started by a worker, which says that it needs the trigger", async () => {
		await register(`${instanceUrl}webhook/orders/capability`);
		actAs('worker');
		expect((await run(instanceUrl)).error).toMatchObject({
			message:
				'No published workflow with a Sinch Capability Trigger receives the answers of this app',
			description: expect.stringContaining('No query was sent.'),
		});
		expect(requests).toEqual([]);
		expect(await queries()).toBe(0);
	});
});

it('Check reachability and wait names the other app for which a workflow of this n8n listens', async () => {
	const other = simulated.demo.apps.find(({ appId }) => appId !== simulated.appId)!.appId;
	await register(`https://n8n.example.com/webhook/${NODE}/capability`, other);
	const { error } = await run('https://N8N.example.com:443/');
	expect(error).toMatchObject({
		message: `No published workflow receives the answers of app ${simulated.appId}`,
		description: `A published workflow in this n8n receives the answers of app ${other}: choose the same app (or credential) in both. No query was sent.`,
	});
});

it('Check reachability and wait finds the trigger of an n8n whose addresses have other parts', async () => {
	await register(`https://n8n.example.com/hooks/v1/${NODE}/capability`);
	const endpoints = { webhook: 'hooks/v1', webhookWaiting: 'hooks/v1/waiting', rest: 'api/rest' };
	const { error } = await runAction(simulated, parameters, [{}], { endpoints });
	expect(error).toBeUndefined();
	expect(await queries()).toBe(1);
});

it('the error about a missing trigger shows no signed address, and says that a published workflow must be unpublished first', async () => {
	const { error } = await run('https://n8n.example.com/');
	const { description } = error as { description?: string };
	expect(description).toBe(
		'Sinch has no address in this n8n (https://n8n.example.com) for them. Publish (activate) a workflow with a Sinch Capability Trigger for this app; if it is published already, unpublish (deactivate) the workflow and publish (activate) it again. No query was sent.',
	);
});

describe('the hint when no answer has arrived', () => {
	let n8n: Listening;

	beforeEach(async () => {
		n8n = await listen(simulated);
		await simulated.control.settings({ answerDelayMs: 20_000 });
	});

	afterEach(async () => await n8n.stop());

	/** Runs Check reachability and wait while something happens. */
	const hintAfter = async (happens: () => Promise<unknown>) => {
		const running = run(n8n.instanceUrl, 2);
		await until(async () => (await queries()) > 0);
		await happens();
		return (await running).hint;
	};

	const post = async (secret: string) => {
		const { headers, rawBody } = signed({}, { secret });
		await fetch(`${n8n.instanceUrl}webhook/${NODE}/capability`, {
			method: 'POST',
			headers: headers as Record<string, string>,
			body: rawBody as never,
		});
	};

	const webhook = async () =>
		(await simulated.api<{ webhooks: IDataObject[] }>('GET', `/apps/${simulated.appId}/webhooks`))
			.webhooks[0] as { id: string; secret: string };

	it('the hint says that the workflow was unpublished during the wait', async () => {
		const hint = await hintAfter(
			async () => await simulated.api('DELETE', `/webhooks/${(await webhook()).id}`),
		);
		expect(hint).toMatch(
			/While this node waited, the webhook that receives the answers of the app .* disappeared/,
		);
	});

	it('the hint says that signatures were refused, and how many', async () => {
		const hint = await hintAfter(async () => {
			await post('forged');
			await post('forged');
		});
		expect(hint).toMatch(/n8n refused 2 requests: the signature does not match/);
	});
});
