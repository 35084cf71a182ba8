import type { INodeParameters } from 'n8n-workflow';

import { runAction, useSimulator } from '../support/simulated';

const simulated = useSimulator();

const byId = (value: string): INodeParameters => ({
	contactId: { __rl: true, mode: 'id', value },
});

/** IDs that would change the path if they were not encoded. */
const STRANGE = ['../webhooks', '..', 'a?b=c', 'a#b', 'a/b', 'a%2Fb', '../../other/contacts/x'];

const OPERATIONS: Array<[string, string, (id: string) => INodeParameters, string]> = [
	['Contact: Get', 'get', byId, 'contacts'],
	['Contact: Delete', 'delete', byId, 'contacts'],
	[
		'Contact: Update',
		'update',
		(id) => ({ ...byId(id), updateFields: { email: 'a@b.c' } }),
		'contacts',
	],
	['Webhook: Delete', 'delete', (webhookId) => ({ webhookId }), 'webhooks'],
];

const CASES = OPERATIONS.flatMap((operation) => STRANGE.map((id) => [...operation, id] as const));

it.each(CASES)(
	'%s sends an ID with characters that have a meaning in addresses as one part of the path',
	async (...given) => {
		const [, operation, parametersOf, collection, id] = given;
		const resource = collection === 'contacts' ? 'contact' : 'webhook';
		await runAction(simulated, { resource, operation, ...parametersOf(id) });
		const { projectId } = simulated.demo.project;
		const paths = (await simulated.control.log()).requests
			.map(({ path }) => path)
			.filter((path) => !path.endsWith('/token') && !path.endsWith(`/apps/${simulated.appId}`));
		const own = `/v1/projects/${projectId}/${collection}/${encodeURIComponent(id)}`;
		expect(paths.filter((path) => path !== own)).toEqual([]);
	},
);

it('an ordinary ID reaches the simulated Sinch in one request under its own path', async () => {
	const { contactId } = simulated.demo.contacts[0];
	await runAction(simulated, { resource: 'contact', operation: 'get', ...byId(contactId) });
	const { requests } = await simulated.control.log();
	expect(requests.map(({ path }) => path.split('/').slice(-2).join('/'))).toEqual([
		'oauth2/token',
		`apps/${simulated.appId}`,
		`contacts/${contactId}`,
	]);
});

it('an App ID with characters that have a meaning in addresses is refused, and nothing is sent', async () => {
	const { error } = await runAction(simulated, {
		resource: 'webhook',
		operation: 'getAll',
		appId: { __rl: true, mode: 'id', value: '..' },
	});
	expect(error?.message).toMatch(/'App' is not an ID/);
	expect((await simulated.control.log()).requests).toEqual([]);
});
