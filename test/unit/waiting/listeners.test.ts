import type { CapabilityQuery, Recipient } from '../../../nodes/SinchCapability/sinch/types';
import {
	findReceivers,
	Listeners,
	published,
} from '../../../nodes/SinchCapability/waiting/listeners';
import { pass, useClock } from '../../support/clock';
import {
	failureOf,
	N8N,
	newApp,
	newTrigger,
	newWebhookNode,
	startExecution,
	triggerIn,
	unpublished,
	webhook,
	webhookNode,
	webhooksOf,
} from '../../support/execution';

useClock();

type Settings = NonNullable<Parameters<typeof startExecution>[0]>;

async function begin(settings: Settings = {}) {
	const execution = await startExecution(settings);
	return { ...execution, listeners: new Listeners(execution.context, execution.client) };
}

it('the receivers of an app are its HTTP webhooks for answers that post to this n8n', async () => {
	const appId = newApp();
	const [trigger, node] = [newTrigger(), newWebhookNode()];
	const webhooks = [
		webhook(appId, trigger),
		webhook(appId, newTrigger(), { target_type: 'DISMISS' }),
		webhook(appId, newTrigger(), { triggers: ['MESSAGE_INBOUND'] }),
		webhook(appId, 'https://elsewhere.example.com/webhook/orders'),
		webhook(appId, node, { triggers: ['MESSAGE_INBOUND', 'CAPABILITY'] }),
	];
	const { context, client } = await startExecution({
		sinch: { [webhooksOf(appId)]: { webhooks } },
	});
	expect(await findReceivers(context, client, appId)).toEqual([
		{ target: trigger, kind: 'trigger' },
		{ target: node, kind: 'other' },
	]);
});

it('whether workflows are published is looked up once a minute, unless it must be new', async () => {
	const [one, other] = [newTrigger(), newTrigger()].map(
		(target) => ({ target, kind: 'trigger' }) as const,
	);
	const { context, askedOfN8n } = await startExecution({
		addresses: { [one.target]: triggerIn('another'), [other.target]: unpublished },
	});
	expect(await published(context, [one, other])).toEqual([one]);
	await published(context, [one]);
	expect(askedOfN8n).toHaveLength(2);
	await published(context, [one], true);
	expect(askedOfN8n).toHaveLength(3);
});

describe('before any query is sent', () => {
	it('the published workflows that receive the answers are found, with one look-up of the app', async () => {
		const appId = newApp();
		const [usable, old] = [newTrigger(), newTrigger()];
		const { listeners, askedOfSinch } = await begin({
			sinch: { [webhooksOf(appId)]: { webhooks: [webhook(appId, old), webhook(appId, usable)] } },
			addresses: { [usable]: triggerIn('another'), [old]: unpublished },
		});
		const expected = [{ target: usable, kind: 'trigger' }];
		expect(await listeners.require(appId)).toEqual(expected);
		expect(await listeners.usableOf(appId)).toEqual(expected);
		expect(askedOfSinch).toEqual([webhooksOf(appId)]);
	});

	it('the node stops when no workflow is published at any address of the answers', async () => {
		const appId = newApp();
		const [one, other] = [newTrigger(), newWebhookNode()];
		const { listeners } = await begin({
			sinch: { [webhooksOf(appId)]: { webhooks: [webhook(appId, one), webhook(appId, other)] } },
			addresses: { [one]: unpublished, [other]: unpublished },
		});
		const error = await failureOf(listeners.require(appId));
		expect(error?.message).toBe(
			`The workflow that receives the answers of app ${appId} is not published (active)`,
		);
		expect(error?.description).toContain(
			`Sinch posts them to ${one}, ${other}, where no workflow is published.`,
		);
		expect(error?.description).toMatch(/No query was sent\.$/);
	});

	it('the node stops when Sinch has no address in this n8n, which the error names', async () => {
		const appId = newApp();
		const { listeners } = await begin({ sinch: { [webhooksOf(appId)]: { webhooks: [] } } });
		const error = await failureOf(listeners.require(appId));
		expect(error?.message).toBe(`No published workflow receives the answers of app ${appId}`);
		expect(error?.description).toContain(
			`Sinch has no address in this n8n (${N8N.slice(0, -1)}) for them. Publish (activate) a workflow `,
		);
	});

	it('another app whose trigger is published is suggested, but none with a Webhook node or an unpublished one', async () => {
		const [appId, withNode, withOld, withTrigger] = Array.from({ length: 4 }, newApp);
		const [node, old, trigger] = [newWebhookNode(), newTrigger(), newTrigger()];
		const { listeners } = await begin({
			sinch: {
				'/apps': { apps: [appId, withNode, withOld, withTrigger].map((id) => ({ id })) },
				[webhooksOf(appId)]: { webhooks: [] },
				[webhooksOf(withNode)]: { webhooks: [webhook(withNode, node)] },
				[webhooksOf(withOld)]: { webhooks: [webhook(withOld, old)] },
				[webhooksOf(withTrigger)]: { webhooks: [webhook(withTrigger, trigger)] },
			},
			addresses: { [node]: webhookNode, [old]: unpublished, [trigger]: triggerIn('another') },
		});
		expect((await failureOf(listeners.require(appId)))?.description).toBe(
			`A published workflow in this n8n receives the answers of app ${withTrigger}: choose the same app (or credential) in both. No query was sent.`,
		);
	});

	it('an app that Sinch does not find is an error of Sinch, and unknown for a hint', async () => {
		const { listeners } = await begin();
		expect((await failureOf(listeners.require('nowhere')))?.message).toMatch(
			/^Sinch could not find/,
		);
		expect(await listeners.usableOf('nowhere')).toBeUndefined();
	});
});

describe('the turn of a query', () => {
	const worker = { instanceType: 'worker' } as const;

	const numbers = (count: number): Recipient => ({
		identified_by: {
			channel_identities: Array.from({ length: count }, (_, index) => ({
				channel: 'SMS',
				identity: `4670100${index}`,
			})),
		},
	});
	const contact: Recipient = { contact_id: 'CONTACT' };

	interface Run extends Settings {
		count: number;
		recipient?: Recipient;
		/** What Sinch posts the answers to; without a list, it does not find the app. */
		targets?: string[];
		answers?: number;
		perSecond?: number;
		areCollected?: boolean;
	}

	/** Lets the queries of one run pass as far as they can within a time. */
	async function run(run: Run) {
		const { count, recipient = numbers(1), answers, perSecond = 25, areCollected } = run;
		const appId = newApp();
		const webhooks = (run.targets ?? []).map((target) => webhook(appId, target));
		const { listeners, askedOfSinch } = await begin({
			items: count,
			sinch: {
				...(run.targets && { [webhooksOf(appId)]: { webhooks } }),
				'/contacts/CONTACT': {
					id: 'CONTACT',
					channel_identities: ['RCS', 'SMS', 'MMS'].map((channel) => ({ channel, identity: '1' })),
				},
			},
			instanceType: run.instanceType,
		});
		let passed = 0;
		for (let index = 0; index < count; index++) {
			const request_id = `request ${index}`;
			const query: CapabilityQuery = { app_id: appId, project_id: 'p', recipient, request_id };
			void listeners.untilTurn(query, perSecond, answers, areCollected).then(() => (passed += 1));
		}
		return {
			askedOfSinch,
			/** How many have passed after so many milliseconds. */
			passedAfter: async (ms: number) => {
				await pass(ms);
				return passed;
			},
		};
	}

	it.each([
		['a workflow of this n8n receives the answers', [newTrigger()], 26 + 10],
		['Sinch does not say who receives the answers', undefined, 26 + 10],
		['no workflow of this n8n receives the answers', [], 100],
	])(
		'the turn of a query comes at the rate of the answers if there are any for this n8n: %s',
		async (_, targets, expected) => {
			const { passedAfter } = await run({ count: 100, targets, ...worker });
			expect(await passedAfter(400)).toBe(expected);
		},
	);

	it('the turn of a query depends on the answers of each channel', async () => {
		const { passedAfter } = await run({
			count: 20,
			recipient: numbers(5),
			targets: [newTrigger()],
			...worker,
		});
		expect(await passedAfter(1_000)).toBe(6 + 5);
	});

	it('the turn of a query depends on the number of answers, if it is known', async () => {
		const targets = [newTrigger()];
		const { passedAfter } = await run({ count: 20, targets, answers: 25, ...worker });
		expect(await passedAfter(999)).toBe(2);
	});

	it.each([
		['a small run', 25, [newTrigger()], 0],
		['a large run', 26, [newTrigger()], 26],
		['a large run whose answers no workflow receives', 26, [], 0],
	])(
		'the channels of a contact are asked for where they matter for the turn: %s',
		async (_, count, targets, asked) => {
			const { askedOfSinch } = await run({ count, targets, recipient: contact, ...worker });
			await pass(60_000);
			expect(askedOfSinch.filter((path) => path === '/contacts/CONTACT')).toHaveLength(asked);
		},
	);

	it.each([
		['received by this process', {}, undefined, 25],
		['collected from another one', worker, true, 25],
		['received by a workflow in another one', worker, undefined, 60],
	] as const)(
		'a query waits for outstanding answers if this process counts them: %s',
		async (_, settings, areCollected, expected) => {
			const { passedAfter } = await run({
				count: 60,
				targets: [newTrigger()],
				perSecond: 10_000,
				areCollected,
				...settings,
			});
			expect(await passedAfter(1_000)).toBe(expected);
		},
	);
});
