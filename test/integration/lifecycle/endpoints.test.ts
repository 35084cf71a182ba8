import type { IDataObject } from 'n8n-workflow';

import { createSecret } from '../../../nodes/SinchCapability/shared/webhookAddresses';
import { INSTANCE_URL, WEBHOOK_ID } from '../../support/engine/surroundings';
import { WORKFLOW_ID } from '../../support/engine/workflow';
import { PRODUCTION, useRegistrations } from './support';

const sinch = useRegistrations();

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

const leave = async (target: string, secret?: string) =>
	await sinch.register({ target, target_type: 'HTTP', triggers: ['CAPABILITY'], secret });

/** The names that an administrator has given to the addresses of webhooks, and of tests. */
const NAMES = [
	['hooks/v1', 'hooks-test/v1'],
	['hooks/v1', 'webhook-test'],
	['webhook', 'try'],
	['hooks', 'dev/hooks'],
	['a/b/c', 'a/b/d'],
	['/webhook', '/webhook-test'],
];

describe.each(NAMES)(
	'in an n8n whose webhooks are at %s and tests at %s',
	(webhook, webhookTest) => {
		const endpoints = { webhook, webhookTest };
		const production = `${INSTANCE_URL}${webhook}/${WEBHOOK_ID}/capability`;
		const test = `${INSTANCE_URL}${webhookTest}/${WEBHOOK_ID}/capability`;
		const published = (staticData: IDataObject) =>
			sinch.trigger({ staticData, endpoints, webhookUrl: production });

		it(`listening for a test at ${webhookTest} leaves the webhook of the workflow published at ${webhook} alone`, async () => {
			const staticData: IDataObject = {};
			await published(staticData).activate();
			const listening = sinch.trigger({ staticData: {}, endpoints, webhookUrl: test });
			await listening.activate();
			expect(await targets()).toEqual([production, test]);
			await listening.delete();
			expect(await sinch.webhooks()).toMatchObject([sinch.intact(production, staticData.secret)]);
		});

		it(`publishing and unpublishing at ${webhook} leave a running test at ${webhookTest} alone`, async () => {
			await sinch.trigger({ staticData: {}, endpoints, webhookUrl: test }).activate();
			const staticData: IDataObject = {};
			await published(staticData).activate();
			expect(await targets()).toEqual([test, production]);
			await published(staticData).delete();
			expect(await targets()).toEqual([test]);
			await sinch.trigger({ staticData: {}, endpoints, webhookUrl: test }).delete();
		});

		it(`publishing at ${webhook} removes the webhooks of a test at ${webhookTest} that n8n did not end, if the name shows it`, async () => {
			const finished = `${test}-finished`;
			await leave(test);
			await leave(finished);
			await published({}).activate();
			const isNamed = webhookTest.includes('test');
			expect(await targets()).toEqual([...(isNamed ? [] : [test, finished]), production]);
		});
	},
);

it('a trigger leaves its copy in another n8n alone when the address of that n8n is below its own', async () => {
	const below = PRODUCTION.replace('/webhook/', '/staging/webhook/');
	const others = [below, below.replace('/webhook/', '/webhook-test/')];
	for (const target of others) await leave(target);
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	expect(await targets()).toEqual([...others, PRODUCTION]);
	await sinch.trigger({ staticData }).delete();
	expect(await targets()).toEqual(others);
});

describe('a trigger that has no ID of its own, in a workflow that a program has made', () => {
	const addressIn = (workflow: string, path = 'capability') =>
		`${INSTANCE_URL}webhook/${workflow}/sinch/${path}`;
	const node = { nodeName: 'Sinch', webhookUrl: addressIn(WORKFLOW_ID) };

	it('a trigger without an ID of its own leaves the webhook of the trigger with the same name in another workflow alone', async () => {
		const other = addressIn('another-workflow');
		await leave(other);
		const staticData: IDataObject = {};
		await sinch.trigger({ ...node, staticData }).activate();
		expect(await targets()).toEqual([other, addressIn(WORKFLOW_ID)]);
		await sinch.trigger({ ...node, staticData }).delete();
		expect(await targets()).toEqual([other]);
	});

	it('a trigger without an ID of its own leaves the webhook of the original alone when its workflow is copied', async () => {
		const original = addressIn('another-workflow');
		const { id } = await leave(original, 'of-the-original');
		const staticData: IDataObject = { webhookId: id, secret: 'of-the-original', target: original };
		await sinch.trigger({ ...node, staticData: { ...staticData, appId: sinch.appId } }).activate();
		expect(await targets()).toEqual([original, addressIn(WORKFLOW_ID)]);
	});

	it('a trigger without an ID of its own removes its own webhook for the other choice of Confirm to Sinch', async () => {
		await leave(addressIn(WORKFLOW_ID, 'capability-finished'));
		await sinch.trigger(node).activate();
		expect(await targets()).toEqual([addressIn(WORKFLOW_ID)]);
	});
});

it.each(['sinch-answers', 'my/answers', 'sinch answers'])(
	'a trigger whose ID is %s, from a file, removes its own webhooks and no other',
	async (id) => {
		const at = (endpoint: string, path: string) =>
			`${INSTANCE_URL}${endpoint}/${id}/${path}`.replace(' ', '%20');
		const other = `${INSTANCE_URL}webhook/other/answers/capability`;
		await leave(other);
		await leave(at('webhook-test', 'capability'), createSecret());
		await leave(at('webhook', 'capability-finished'));
		const staticData: IDataObject = {};
		const own = { staticData, webhookUrl: `${INSTANCE_URL}webhook/${id}/capability` };
		await sinch.trigger(own).activate();
		expect(await targets()).toEqual([other, at('webhook', 'capability')]);
		await sinch.trigger(own).delete();
		expect(await targets()).toEqual([other]);
	},
);

it.each([
	['a space at its end', 'https://n8n.example.com/ /'],
	['a #', 'https://n8n.example.com/#/'],
])('publishing is refused for a WEBHOOK_URL with %s', async (_, address) => {
	const webhookUrl = PRODUCTION.replace('https://n8n.example.com/', address);
	const hook = sinch.trigger({ webhookUrl });
	await expect(hook.activate()).rejects.toThrow(
		/^Sinch cannot deliver to .*: it contains a # or a stray space\. Set the environment variable WEBHOOK_URL/,
	);
	expect((await sinch.control.log()).requests).toEqual([]);
});
