/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { basic, startSinch } from './support';
import type { ErrorShape, Sinch } from './support';

let sinch: Sinch;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => await sinch.control.reset());

it('the token endpoint issues a token for a key', async () => {
	const { status, body } = await sinch.askToken();
	expect(status).toBe(200);
	expect(body).toEqual({
		access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
		expires_in: 3600,
		scope: '',
		token_type: 'bearer',
	});
});

it('the token endpoint refuses a wrong secret, a wrong grant and a body that is not a form', async () => {
	const { keyId, keySecret } = sinch.demo.project;
	const wrong = await sinch.askToken({ headers: { authorization: basic(keyId, 'wrong') } });
	expect([wrong.status, wrong.body.error]).toEqual([401, 'invalid_client']);
	expect(wrong.body.error_description).toEqual(expect.any(String));

	const grant = await sinch.askToken({ body: new URLSearchParams({ grant_type: 'password' }) });
	expect([grant.status, grant.body.error]).toEqual([400, 'unsupported_grant_type']);

	for (const type of ['application/json', 'text/plain']) {
		const json = await sinch.askToken({
			headers: { authorization: basic(keyId, keySecret), 'content-type': type },
			body: '{"grant_type":"client_credentials"}',
		});
		expect([json.status, json.body.error]).toEqual([400, 'invalid_request']);
	}
});

it('the token endpoint throttles after 30 calls at once, without Retry-After', async () => {
	await sinch.control.settings({ tokensPerSecond: 0 });
	const answers = await Promise.all(Array.from({ length: 34 }, async () => await sinch.askToken()));
	const refused = answers.filter(({ status }) => status === 429);
	expect(refused).toHaveLength(4);
	expect(refused[0]!.headers.has('retry-after')).toBe(false);
	const { totals } = await sinch.control.log();
	expect([totals.tokenCalls, totals.tokensIssued]).toEqual([34, 30]);
});

it('the token endpoint accepts calls again after a while', async () => {
	await sinch.control.settings({ tokenBurst: 1, tokensPerSecond: 0 });
	expect((await sinch.askToken()).status).toBe(200);
	expect((await sinch.askToken()).status).toBe(429);
	await sinch.control.settings({ tokensPerSecond: 2 });
	await sleep(600);
	expect((await sinch.askToken()).status).toBe(200);
});

const apps = async (authorization?: string) =>
	await sinch.call('GET', '/apps', undefined, authorization ? { authorization } : {});

it('the API accepts a token and, as Sinch does for trials, the key itself', async () => {
	expect((await apps(`Bearer ${await sinch.token()}`)).status).toBe(200);
	expect((await apps()).status).toBe(200);
});

it('the API says in WWW-Authenticate that a token has expired', async () => {
	const token = await sinch.token();
	await sinch.control.expireTokens();
	const { status, headers, body } = await apps(`Bearer ${token}`);
	expect([status, body.error.status]).toEqual([401, 'UNAUTHENTICATED']);
	expect(headers.get('www-authenticate')).toContain('expired');
	expect((await apps(`Bearer ${await sinch.token()}`)).status).toBe(200);
});

it('the API lets a token expire after its lifetime', async () => {
	const tokens: unknown[] = [];
	for (const tokenLifetimeSeconds of [1, 1000]) {
		await sinch.control.settings({ tokenLifetimeSeconds });
		const { body } = await sinch.askToken();
		expect(body.expires_in).toBe(tokenLifetimeSeconds);
		tokens.push(body.access_token);
	}
	await sleep(1100);
	const statuses = tokens.map(async (token) => (await apps(`Bearer ${String(token)}`)).status);
	expect(await Promise.all(statuses)).toEqual([401, 200]);
});

it('the API refuses self-made tokens, wrong keys and no key at all', async () => {
	const [header, claims] = (await sinch.token()).split('.');
	const own = createHmac('sha256', 'own').update(`${header}.${claims}`).digest('base64url');
	const { keyId } = sinch.demo.project;
	const wrong = [`Bearer ${header}.${claims}.${own}`, 'Bearer x', basic(keyId, 'wrong'), 'none'];
	for (const authorization of wrong) {
		const { status, headers } = await apps(authorization);
		expect(status).toBe(401);
		expect(headers.get('www-authenticate')).not.toContain('expired');
	}
});

it('the API answers 403 to a valid key of another project', async () => {
	const { keyId, keySecret } = sinch.demo.otherProject;
	const { status, body } = await apps(basic(keyId, keySecret));
	expect([status, body.error.status]).toEqual([403, 'UNAUTHORIZED']);
});

it('the API answers 429 when the requests of a second are used up', async () => {
	await sinch.control.settings({ requestsPerSecond: 5 });
	const answers = await Promise.all(Array.from({ length: 7 }, async () => await apps()));
	const refused = answers.filter(({ status }) => status === 429);
	expect(refused).toHaveLength(2);
	expect(refused[0]!.body.error.status).toBe('RESOURCE_EXHAUSTED');
	await sleep(1050);
	expect((await apps()).status).toBe(200);
});

it.each([
	['nested', { error: expect.objectContaining({ code: 404, status: 'NOT_FOUND', details: [] }) }],
	['flat', expect.objectContaining({ code: 404, status: 'NOT_FOUND', details: [] })],
	['problem', expect.objectContaining({ title: 'NOT_FOUND', detail: expect.any(String) })],
] as const)('the API can show an error in the %s form', async (errorForm, expected) => {
	await sinch.control.settings({ errorForm });
	const { body } = await sinch.call('GET', '/webhooks/unknown');
	expect(body).toEqual(expected);
});

interface AppShape {
	id: string;
	processing_mode: string;
	rate_limits: object;
	channel_credentials: Array<{ channel: string; state: { status: string } }>;
}

it('the API lists the apps of the project and gets one', async () => {
	const { body } = await sinch.call<{ apps: AppShape[] }>('GET', '/apps');
	expect(body.apps.map(({ id, processing_mode }) => [id, processing_mode])).toEqual([
		[sinch.appId, 'CONVERSATION'],
		[sinch.dispatchAppId, 'DISPATCH'],
	]);
	const one = await sinch.call<AppShape>('GET', `/apps/${sinch.appId}`);
	expect(one.body).toEqual(body.apps[0]);
	expect(one.body.rate_limits).toEqual({ inbound: 25, outbound: 25, webhooks: 25 });
	expect(one.body.channel_credentials[0]).toMatchObject({
		channel: 'RCS',
		state: { status: 'ACTIVE' },
	});
});

it('apps cannot be changed through the API of the simulator', async () => {
	for (const path of ['/apps', `/apps/${sinch.appId}`]) {
		expect((await sinch.call('PATCH', path, {})).status).toBe(501);
	}
});

it('the API does not know an app of another project or region', async () => {
	for (const id of [sinch.demo.otherProject.appId, '01SANDB0XAPPWH1CHD0ESN0T00']) {
		expect((await sinch.call('GET', `/apps/${id}`)).status).toBe(404);
	}
});

it('the API answers 404 on unknown paths, with or without a key', async () => {
	for (const authorization of [undefined, 'none']) {
		const headers: Record<string, string> = authorization ? { authorization } : {};
		const { status, body } = await sinch.call<ErrorShape>('GET', '/nothing', undefined, headers);
		expect([status, body.error.status]).toEqual([404, 'NOT_FOUND']);
	}
});
