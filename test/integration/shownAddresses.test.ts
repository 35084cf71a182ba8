import type { IDataObject } from 'n8n-workflow';

import { SinchConversationApi } from '../../credentials/SinchConversationApi.credentials';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { loadOptionsContext, testCredential } from '../support/engine';
import { runAction } from '../support/simulated';
import { foreign, PRODUCTION, useRegistrations } from './lifecycle/support';

const sinch = useRegistrations();

const { searchApps, searchWebhooks } = new SinchCapability().methods.listSearch;

/** No server listens there. */
const CLOSED = 'http://me:hidden@127.0.0.1:9';

/** The same address with what must not be shown. */
const withPassword = (address: string) => address.replace('//', '//me:hidden@');
const withSecrets = (address: string) => `${withPassword(address)}?token=hidden`;

const TARGET = 'https://crm.example.com/sinch';

const listContext = (credential: IDataObject = {}) =>
	loadOptionsContext(new SinchCapability(), { credentials: sinch.store(credential as never) });

/** The target comes from an item, because n8n adds the fields of the form to an error. */
const createWebhook = async (target: string) => {
	const parameters = {
		resource: 'webhook',
		operation: 'create',
		targetUrl: '={{ $json.target }}',
	};
	const credentials = sinch.store({ webhookSecret: 'of the credential' });
	return await runAction(sinch, parameters, [{ target }], { credentials });
};

const register = async () => await sinch.register({ ...foreign, target: withSecrets(TARGET) });

const activate = async (setting: Parameters<typeof sinch.trigger>[0]) => {
	const hook = sinch.trigger(setting);
	const logger = await hook.run((context) => context.logger);
	const warn = jest.spyOn(logger, 'warn').mockClear();
	const error = await hook.activate().catch((e: Error) => e);
	return [error, warn.mock.calls];
};

/** Everything in a value, also what an error does not show as JSON. */
const textOf = (value: unknown): string =>
	JSON.stringify(value, (_, part: unknown) =>
		part instanceof Error
			? Object.fromEntries(
					Object.getOwnPropertyNames(part).map((name) => [name, part[name as never]]),
				)
			: part,
	);

it.each<[string, string, () => Promise<unknown>]>([
	[
		'the error of an operation',
		'at http://127.0.0.1:9: it',
		async () => {
			const credentials = sinch.store({ apiUrl: CLOSED, accessToken: 'x' });
			const parameters = { resource: 'webhook', operation: 'getAll' };
			const { error, runs } = await runAction(sinch, parameters, [{}], { credentials });
			return [error, runs];
		},
	],
	[
		'the error of a request for a token',
		'at http://127.0.0.1:9/oauth2/token: it',
		async () => {
			const credentials = sinch.store({ authUrl: CLOSED });
			const parameters = { resource: 'webhook', operation: 'getAll' };
			const { error, runs } = await runAction(sinch, parameters, [{}], { credentials });
			return [error, runs];
		},
	],
	[
		'the test of the credential',
		'at http://127.0.0.1:9: it',
		async () =>
			await testCredential(new SinchConversationApi(), {
				...sinch.demo.project,
				appId: sinch.appId,
				region: 'custom',
				apiUrl: CLOSED,
				authUrl: sinch.simulator.url,
			}),
	],
	[
		'the error of a list',
		'at http://127.0.0.1:9: it',
		async () => await searchApps.call(listContext({ apiUrl: CLOSED })).catch((e: Error) => e),
	],
	[
		'the error of publishing',
		'at http://127.0.0.1:9: it',
		async () => await activate({ credential: { apiUrl: CLOSED, accessToken: 'x' } }),
	],
	[
		'the error of publishing where Sinch cannot deliver',
		'deliver to http://n8n.example.com/webhook/',
		async () => {
			const webhookUrl = withPassword(PRODUCTION.replace('https:', 'http:'));
			return await activate({ webhookUrl, credential: { region: 'us' } });
		},
	],
	[
		'the log line about a webhook of another region',
		`at https://api.example.com to ${PRODUCTION} stays`,
		async () => {
			const { projectId } = sinch.demo.project;
			const stored = { projectId, apiUrl: withSecrets('https://api.example.com'), secret: 'own' };
			const target = withPassword(PRODUCTION);
			return await activate({ staticData: { ...stored, target, webhookId: '01W4' } });
		},
	],
	[
		'the list of webhooks',
		`${TARGET} (MESSAGE_INBOUND)`,
		async () => {
			await register();
			return await searchWebhooks.call(listContext());
		},
	],
	[
		'the error for a webhook that is there already',
		`in this app: ${TARGET}`,
		async () => {
			await register();
			return (await createWebhook(withSecrets(TARGET))).error;
		},
	],
	[
		'the error for a target that Sinch cannot deliver to',
		'deliver to: ftp://crm.example.com',
		async () => (await createWebhook('ftp://me:hidden@crm.example.com?token=hidden')).error,
	],
	[
		'the error for too many webhooks',
		'Others (5): https://crm.example.com/1',
		async () => {
			for (let n = 1; n <= 5; n++) {
				const target = withSecrets(`https://crm.example.com/${n}`);
				await sinch.register({ ...foreign, target });
			}
			return (await createWebhook(TARGET)).error;
		},
	],
])('%s shows an address without its password and its query', async (_, expected, run) => {
	const text = textOf(await run());
	expect(text).toContain(expected);
	expect(text).not.toContain('hidden');
});

it('a trigger stores the address of the API without its password, and still finds its webhook there', async () => {
	const { keyId, keySecret } = sinch.demo.project;
	const apiUrl = sinch.simulator.url.replace('//', `//${keyId}:${keySecret}@`);
	const staticData: IDataObject = {};
	const hook = sinch.trigger({ staticData, credential: { apiUrl } });
	await hook.activate();
	expect(staticData.apiUrl).toBe(sinch.simulator.url);
	// As an older version has stored it.
	staticData.apiUrl = apiUrl;
	await hook.delete();
	expect(await sinch.webhooks()).toEqual([]);
});
