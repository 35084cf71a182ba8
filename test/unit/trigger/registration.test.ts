import { lifecycle } from '../../../nodes/SinchCapability/trigger/lifecycle';
import { secretsOf } from '../../../nodes/SinchCapability/trigger/staticData';
import { APP_ID, appWith, triggerNode } from './sinchApp';

type Node = ReturnType<typeof triggerNode>;

const HOUR_MS = 3_600_000;
const SECRET = 's'.repeat(43);
const OTHER_SECRET = 'o'.repeat(43);

const check = async ({ context }: Node) => await lifecycle.checkExists.call(context);
const create = async ({ context }: Node) => await lifecycle.create.call(context);
const end = async ({ endContext }: Node) => await lifecycle.delete.call(endContext);
/** As n8n does when a workflow is published, or its editor begins to listen for a test. */
const activate = async (node: Node) => (await check(node)) || (await create(node));

const messageOf = async (work: Promise<unknown>) =>
	await work.then(
		() => 'none',
		({ message }: Error) => message,
	);
const accepted = ({ context }: Node, hoursLater = 0) =>
	secretsOf(context, Date.now() + hoursLater * HOUR_MS);
const changes = ({ app }: Node) => app.requests.filter((request) => !request.startsWith('GET'));

/** A published trigger, and how to ask for it again with other settings. */
async function published(settings: Parameters<typeof triggerNode>[0] = {}) {
	const node = triggerNode(settings);
	await activate(node);
	node.app.requests = [];
	const { app, nodeId, staticData } = node;
	return {
		...node,
		/** The same node after a change of its workflow, its credential or its n8n. */
		later: (changed: typeof settings) =>
			triggerNode({ ...settings, app, nodeId, ...changed }, staticData),
		secret: staticData.secret as string,
	};
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the registration of a webhook', () => {
	it('registering a webhook takes one request, and its secret is stored with what it belongs to', async () => {
		const node = triggerNode();
		expect(await create(node)).toBe(true);
		expect(node.app.requests).toEqual(['POST webhooks']);
		const [webhook] = node.app.webhooks;
		expect(webhook).toMatchObject({ app_id: APP_ID, target: node.target, target_type: 'HTTP' });
		expect(node.staticData).toEqual({
			webhookId: webhook.id,
			secret: webhook.secret,
			target: node.target,
			appId: APP_ID,
			projectId: 'project',
			apiUrl: 'https://eu.conversation.api.sinch.com',
			instanceId: 'this n8n',
		});
	});

	it('a trigger that another process has registered at the same time takes over its webhook', async () => {
		const node = triggerNode();
		node.app.refusals.POST = [400];
		node.app.webhooks = appWith({ target: node.target, secret: OTHER_SECRET }).webhooks;
		expect(await create(node)).toBe(true);
		expect(node.staticData).toMatchObject({ webhookId: 'W1', secret: OTHER_SECRET });
		expect(changes(node)).toEqual(['POST webhooks']);
	});

	it('an app without a free place for a webhook is named as the reason why a trigger cannot be registered', async () => {
		const node = triggerNode({ app: appWith({}, {}, {}, {}, {}) });
		node.app.refusals.POST = [400];
		expect(await messageOf(create(node))).toMatch(
			/^The Sinch app already has 5 webhooks, the maximum\. .*Then publish \(activate\) or test the workflow again\.$/,
		);
		expect(node.staticData).toEqual({});
	});

	it("Sinch's own reason is shown when a trigger cannot be registered although there is a free place", async () => {
		const node = triggerNode({ app: appWith({}, {}) });
		node.app.refusals.POST = [400];
		expect(await messageOf(create(node))).toMatch(/^Sinch did not accept the request\./);
		expect(node.staticData).toEqual({});
	});
});

describe('what prevents the publication of a trigger', () => {
	const UNUSABLE = { options: { channels: 'Pigeon' } };
	const PROBLEM = "'Channels' has a value that cannot be used: Pigeon";

	it.each([
		['checkExists', check],
		['create', create],
	])('a trigger with an option that cannot be used is not registered by %s', async (_, method) => {
		const node = triggerNode(UNUSABLE);
		expect(await messageOf(method(node))).toBe(`${PROBLEM}. Correct this option, or remove it.`);
		expect(node.app.requests).toEqual([]);
	});

	it('a trigger that is registered already goes on with an option that cannot be used, which the log names', async () => {
		const { later } = await published();
		const node = later(UNUSABLE);
		expect(await check(node)).toBe(true);
		expect(node.warnings).toEqual([expect.stringContaining(PROBLEM)]);
	});

	it.each([
		['http://localhost:5678/', 'localhost is not reachable from the internet'],
		['http://n8n.example.com/', 'Sinch delivers to https addresses only'],
	])('a trigger of an n8n at %s is not registered', async (base, problem) => {
		const node = triggerNode({ base });
		expect(await messageOf(check(node))).toBe(
			`Sinch cannot deliver to ${node.target}: ${problem}. Set the environment variable WEBHOOK_URL of n8n to its public https address.`,
		);
		expect(node.app.requests).toEqual([]);
	});

	it.each([
		['', "'App' is empty. Enter an App ID in the credential, or choose an app in this node."],
		['my app', expect.stringMatching(/^'App' contains spaces: my app\./)],
	])('a trigger whose credential has the App ID "%s" is not registered', async (appId, message) => {
		const node = triggerNode({ credential: { appId } });
		expect(await messageOf(check(node))).toEqual(message);
		expect(node.app.requests).toEqual([]);
	});
});

describe('publishing again', () => {
	it('an intact webhook is left as it is when its trigger is published again', async () => {
		const node = await published();
		const { later, secret } = node;
		expect(await check(later({}))).toBe(true);
		expect(node.app.requests).toEqual(['GET webhooks']);
		expect(accepted(node)).toEqual([secret]);
		expect(node.globalData).toEqual({});
	});

	it('a webhook whose secret was changed at Sinch gets its own again, and the other one is accepted for a day', async () => {
		const { app, later, secret } = await published();
		app.webhooks[0].secret = OTHER_SECRET;
		const node = later({});
		expect(await check(node)).toBe(true);
		expect(changes(node)).toEqual(['PATCH W1']);
		expect(app.webhooks[0].secret).toBe(secret);
		expect(accepted(node)).toEqual([secret, OTHER_SECRET]);
		expect(accepted(node, 24)).toEqual([secret, OTHER_SECRET]);
		expect(accepted(node, 25)).toEqual([secret]);
	});

	it('a webhook with another target type is repaired, and no secret is retired', async () => {
		const { app, later, secret } = await published();
		app.webhooks[0].target_type = 'DISMISS';
		const node = later({});
		expect(await check(node)).toBe(true);
		expect(app.webhooks[0].target_type).toBe('HTTP');
		expect(accepted(node)).toEqual([secret]);
		expect(node.globalData).toEqual({});
	});

	it('former secrets whose time is over leave the static data when the trigger is published', async () => {
		const { later } = await published();
		const node = later({});
		node.globalData.sinchCapabilityRetired = [
			{ secret: OTHER_SECRET, until: Date.now() - 1, node: node.nodeId },
		];
		await check(node);
		expect(node.globalData).toEqual({ sinchCapabilityRetired: [] });
	});

	it('a trigger that was never registered leaves the webhooks of others alone', async () => {
		const node = triggerNode({ app: appWith({ secret: SECRET }, {}) });
		expect(await check(node)).toBe(false);
		expect(node.app.requests).toEqual(['GET webhooks']);
		expect(node.staticData).toEqual({});
	});

	it("after a change of n8n's address, the webhook with the former one is removed, and its secret is accepted for a day", async () => {
		const { later, secret } = await published();
		const node = later({ base: 'https://new.example.com/' });
		expect(await check(node)).toBe(false);
		expect(node.app.webhooks).toEqual([]);
		expect(node.staticData).toEqual({});
		expect(accepted(node, 24)).toEqual([secret]);
		expect(accepted(node, 25)).toEqual([]);
		expect(node.warnings).toEqual([]);
	});

	it.each([
		['another project', { projectId: 'other' }],
		['another region', { region: 'us' }],
	])(
		'a webhook of %s than that of the credential stays, and the log says where it is',
		async (_, credential) => {
			const { later, secret, target } = await published();
			const node = later({ credential, base: 'https://new.example.com/' });
			await check(node);
			expect(changes(node)).toEqual([]);
			expect(node.warnings).toEqual([
				`Sinch Capability Trigger: the credential is now for another project or region, so the webhook W1 of project project at https://eu.conversation.api.sinch.com to ${target} stays at Sinch. Delete it in the Sinch Build Dashboard.`,
			]);
			expect(node.staticData).toEqual({});
			expect(accepted(node)).toEqual([secret]);
		},
	);

	it('the webhook of the other choice of *Confirm to Sinch* is removed also when the static data was lost, and its secret is accepted for a day', async () => {
		const { app, nodeId, secret, target } = await published();
		const node = triggerNode({ app, nodeId, options: { acknowledge: 'finished' } });
		await activate(node);
		expect(changes(node)).toEqual(['DELETE W1', 'POST webhooks']);
		expect(app.webhooks.map((webhook) => webhook.target)).toEqual([node.finishedTarget]);
		expect(node.finishedTarget).not.toBe(target);
		expect(accepted(node)).toEqual([node.staticData.secret, secret]);
		expect(accepted(node, 25)).toEqual([node.staticData.secret]);
	});
});

describe('webhooks of tests', () => {
	/** The editor listens for a test; `publish` publishes its workflow meanwhile. */
	async function startTest() {
		const node = triggerNode({ mode: 'manual' });
		await activate(node);
		const { app, nodeId } = node;
		return { node, app, publish: async () => await activate(triggerNode({ app, nodeId })) };
	}
	const targets = ({ webhooks }: Node['app']) => webhooks.map(({ target }) => target);

	it('the webhook of a test that is running stays when the workflow is published', async () => {
		const { app, node, publish } = await startTest();
		await publish();
		expect(targets(app)).toEqual([node.testTarget, expect.stringContaining('/webhook/')]);
	});

	it('the webhook that a test has left behind is removed when the workflow is published', async () => {
		const { app, node, publish } = await startTest();
		app.refusals.DELETE = [403];
		expect(await messageOf(end(node))).toMatch(/The webhook may still be at Sinch\./);
		expect(targets(app)).toEqual([node.testTarget]);
		await publish();
		expect(targets(app)).toEqual([expect.stringContaining('/webhook/')]);
	});

	it('the webhook of a test that n8n did not end is removed once the test would be over', async () => {
		const { app, node, publish } = await startTest();
		jest.advanceTimersByTime(150_000);
		await publish();
		expect(targets(app)).toContain(node.testTarget);
		jest.advanceTimersByTime(1);
		await publish();
		expect(targets(app)).toEqual([expect.stringContaining('/webhook/')]);
	});
});

describe('unpublishing', () => {
	/** Unpublishes, and lets the time pass that the trigger takes. */
	async function unpublish(node: Node) {
		const began = performance.now();
		const ended = messageOf(end(node)).then((message) => [message, performance.now() - began]);
		await jest.advanceTimersByTimeAsync(10_000);
		return await ended;
	}

	it('the webhook of a trigger that is unpublished is deleted with the first request', async () => {
		const node = await published();
		expect(await unpublish(node)).toEqual(['none', 0]);
		expect(node.app.requests).toEqual(['DELETE W1', 'GET webhooks']);
		expect(node.staticData).toEqual({});
	});

	it('a webhook that Sinch cannot delete at the moment is deleted a second later, or two more seconds later', async () => {
		const node = await published();
		node.app.refusals.DELETE = [503];
		expect(await unpublish(node)).toEqual(['none', 1_000]);
		const other = await published();
		other.app.refusals.DELETE = [503, 429];
		expect(await unpublish(other)).toEqual(['none', 3_000]);
		expect(other.app.webhooks).toEqual([]);
	});

	it('a webhook that Sinch has not deleted after three requests stays registered, and the error says so', async () => {
		const node = await published();
		node.app.refusals.DELETE = [503, 503, 503];
		expect(await unpublish(node)).toEqual([
			expect.stringMatching(
				/^Sinch is not available at the moment\..*The webhook may still be at Sinch\./,
			),
			3_000,
		]);
		expect(changes(node)).toEqual(['DELETE W1', 'DELETE W1', 'DELETE W1']);
		expect(node.staticData).toMatchObject({ webhookId: 'W1' });
	});

	it('a webhook that Sinch refuses to delete is not tried again', async () => {
		const node = await published();
		node.app.refusals.DELETE = [403];
		expect(await unpublish(node)).toEqual([
			expect.stringMatching(/^The access key has no permission/),
			0,
		]);
		expect(changes(node)).toEqual(['DELETE W1']);
	});

	it('a trigger is unpublished without an error when its webhook is gone already', async () => {
		const node = await published();
		node.app.webhooks = [];
		expect(await unpublish(node)).toEqual(['none', 0]);
		expect(node.staticData).toEqual({});
	});
});
