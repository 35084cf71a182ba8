import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { WAIT_OUTCOMES } from '../../nodes/SinchCapability/waiting/contactResult';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { runNode } from '../support/engine';
import type { Listening } from '../support/listening';
import { listen } from '../support/listening';
import { runAction, useSimulator } from '../support/simulated';

const simulated = useSimulator();
let n8n: Listening | undefined;

afterEach(async () => {
	await n8n?.stop();
	n8n = undefined;
});

const INSTANCE = 'https://n8n.example.com/';

const dispatchApp = () =>
	simulated.demo.apps.find(({ processingMode }) => processingMode === 'DISPATCH')!.appId;

const byPhone = (...channels: string[]): INodeParameters => ({
	operation: 'queryAndWait',
	recipientType: 'channelIdentities',
	channelIdentities: {
		identity: channels.map((channel) => ({ channel, identity: '={{ $json.phone }}' })),
	},
});

const phones = (count: number): IDataObject[] =>
	Array.from({ length: count }, (_, index) => ({ phone: String(46701740700 + index) }));

const wait = async (parameters: INodeParameters, items: IDataObject[], settings: object = {}) =>
	await runAction(simulated, parameters, items, {
		instanceUrl: n8n?.instanceUrl ?? INSTANCE,
		...settings,
	});

const register = async (fields: object) =>
	await simulated.api('POST', '/webhooks', {
		app_id: simulated.appId,
		target: `${INSTANCE}webhook/3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90/capability`,
		target_type: 'HTTP',
		triggers: ['CAPABILITY'],
		...fields,
	});

it.each<[string, () => object]>([
	['only other triggers', () => ({ triggers: ['MESSAGE_INBOUND', 'MESSAGE_DELIVERY'] })],
	['answers that are dismissed', () => ({ target_type: 'DISMISS' })],
	['another app', () => ({ app_id: dispatchApp() })],
	['an address that only begins alike', () => ({ target: 'https://n8n.example.com.evil.test/' })],
])(
	'the active trigger that a wait needs is not found in a webhook with %s, and nothing is asked',
	async (_, fields) => {
		await register(fields());
		const { error } = await wait(byPhone('RCS'), phones(1));
		expect(error?.message).toBe(
			`No published workflow receives the answers of app ${simulated.appId}`,
		);
		expect((await simulated.control.log()).queries).toEqual([]);
	},
);

it('a wait needs an active trigger for each app of its items: one that lacks it is named, and nothing is asked', async () => {
	await register({});
	const options = { appId: { __rl: true, mode: 'id', value: '={{ $json.app }}' } };
	const items = phones(2).map((item, index) => ({
		...item,
		app: [simulated.appId, dispatchApp()][index],
	}));
	const { error } = await wait({ ...byPhone('RCS'), options }, items);
	expect(error?.message).toBe(`No published workflow receives the answers of app ${dispatchApp()}`);
	expect((await simulated.control.log()).queries).toEqual([]);
});

it('the time-out begins after the queue, so that all 28 answers come in time at the rate of the app', async () => {
	n8n = await listen(simulated);
	await simulated.control.settings({ callbacksPerSecond: 6, answerDelayMs: 0 });
	const parameters = { ...byPhone('RCS', 'SMS'), timeout: 3, options: { answersPerSecond: 6 } };
	const { outputs } = await wait(parameters, phones(14));
	const items = outputs.flat().map(({ json }) => json as { channels?: IDataObject[] });
	expect(items).toHaveLength(14);
	const channels = items.flatMap((item) => item.channels ?? []);
	expect(channels.filter(({ outcome }) => outcome !== 'No Answer')).toHaveLength(28);
});

const ask = async (mode: 'manual' | 'trigger') => {
	n8n = await listen(simulated, { options: { appId: dispatchApp() } });
	const [{ contactId }] = simulated.demo.contacts;
	const { runs } = await wait(
		{
			operation: 'queryAndWait',
			recipientType: 'contact',
			contactId: { __rl: true, mode: 'id', value: contactId },
			timeout: 1,
			options: { appId: { __rl: true, mode: 'id', value: dispatchApp() } },
		},
		[{}],
		{ mode },
	);
	return JSON.stringify(runs[0].hints ?? []);
};

it('a manual run of Check reachability and wait gives a hint about an app in DISPATCH mode', async () => {
	expect(await ask('manual')).toContain(`The app ${dispatchApp()} is in DISPATCH mode`);
});

it('Check reachability and wait gives no hint about DISPATCH mode in production, where no one would see it', async () => {
	expect(await ask('trigger')).not.toContain('DISPATCH');
});

it('as a tool of an AI agent, Check reachability and wait pairs each answer with the item that asked', async () => {
	n8n = await listen(simulated);
	const node = new SinchCapability();
	const tool = Object.assign(Object.create(node), {
		description: { ...node.description, name: `${node.description.name}Tool` },
	}) as SinchCapability;
	const { outputs } = await runNode(tool, byPhone('SMS'), phones(3), {
		credentials: simulated.store(),
		instanceUrl: n8n.instanceUrl,
	});
	expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 1 },
		{ item: 2 },
	]);
	expect(outputs[0].map(({ json }) => json.best_identity)).toEqual(
		phones(3).map(({ phone }) => phone),
	);
	expect(WAIT_OUTCOMES.length).toBeGreaterThan(outputs.length);
});
