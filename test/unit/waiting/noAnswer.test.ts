import { type RefusalKind, refusals } from '../../../nodes/SinchCapability/notification/signature';
import { type EndedWait, causeOfSilence } from '../../../nodes/SinchCapability/waiting/noAnswer';
import { listeningAt } from '../../../nodes/SinchCapability/waiting/listening';
import { processName } from '../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { pass, useClock } from '../../support/clock';
import {
	newApp,
	newTrigger,
	newWebhookNode,
	type Respond,
	silent,
	startExecution,
	triggerIn,
	unpublished,
	unreachable,
	webhook,
	webhookNode,
	webhooksOf,
} from '../../support/execution';

type Settings = NonNullable<Parameters<typeof startExecution>[0]>;

interface Situation extends Settings {
	/** What responds where Sinch posts the answers; `null` when it has no such webhook. */
	at?: Respond | null;
	target?: string;
	refused?: Partial<Record<RefusalKind, number>>;
	problem?: EndedWait['problem'];
}

/** The cause that is told of a wait for the answers of one app. */
async function causeIn({ at, target, refused = {}, problem, ...settings }: Situation) {
	const [appId, address] = [newApp(), target ?? newTrigger()];
	const webhooks = at === null ? [] : [webhook(appId, address)];
	const { context, client } = await startExecution({
		sinch: { [webhooksOf(appId)]: { webhooks } },
		addresses: { [address]: at ?? triggerIn('another') },
		...settings,
	});
	const refusedBefore = { ...refusals };
	for (const [kind, count] of Object.entries(refused)) {
		refusals[kind as RefusalKind] += count;
	}
	const ended = { appIds: [appId], refusedBefore, problem };
	return { appId, address, cause: await causeOfSilence(context, client, ended) };
}

const production = { mode: 'trigger', instanceType: 'main' } as const;
const worker = { instanceType: 'worker' } as const;
const REPUBLISH = 'unpublish (deactivate) the workflow and publish (activate) it again';

useClock();

it('no answer arrives when the webhook has disappeared, which names the app', async () => {
	const { appId, cause } = await causeIn({ at: null, refused: { old: 1 } });
	expect(cause).toMatch(
		`While this node waited, the webhook that receives the answers of the app ${appId} disappeared: `,
	);
	expect(cause).toMatch(/Then run this node again\.$/);
});

it('no answer arrives when the workflow was unpublished, although it was published a moment ago', async () => {
	const target = newTrigger();
	const { context } = await startExecution({ addresses: { [target]: triggerIn('another') } });
	expect(await listeningAt(context, { target, kind: 'trigger' })).toBe('yes');
	const { cause } = await causeIn({ target, at: unpublished });
	expect(cause).toBe(
		`No workflow is published at ${target}, where Sinch posts the answers. Publish (activate) the workflow; if it is published already, ${REPUBLISH}.`,
	);
});

it('of several apps, the first one without a webhook is named, and one that Sinch does not find is not', async () => {
	const [hidden, present, gone] = [newApp(), newApp(), newApp()];
	const target = newTrigger();
	const { context, client } = await startExecution({
		sinch: {
			[webhooksOf(present)]: { webhooks: [webhook(present, target)] },
			[webhooksOf(gone)]: { webhooks: [] },
		},
		addresses: { [target]: triggerIn('another') },
	});
	const appIds = [hidden, present, gone];
	const cause = await causeOfSilence(context, client, { appIds, refusedBefore: { ...refusals } });
	expect(cause).toContain(`answers of the app ${gone} disappeared`);
});

it('nothing is said about a workflow when Sinch does not find the app', async () => {
	const { cause } = await causeIn({ ...production, sinch: {} });
	expect(cause).toMatch(/^Sinch has delivered nothing to n8n\. /);
});

it.each([
	['future', 1, '1 request: the clock of this n8n is more than 5 minutes behind'],
	['future', 2, '2 requests: the clock of this n8n is more than 5 minutes behind'],
	['signature', 1, '1 request: the signature does not match the secret.'],
	['old', 3, '3 requests: the signature is older than the node allows.'],
	['unsigned', 1, '1 request: there was no signature.'],
] as const)(
	'no answer arrives when requests were refused as %s, of which it says how many: %i',
	async (kind, count, text) => {
		// Refused before the wait.
		refusals[kind] += 5;
		const { cause } = await causeIn({ refused: { [kind]: count } });
		expect(cause).toContain(`While this node waited, n8n refused ${text}`);
	},
);

it('of several kinds of refused requests, the most telling one is named', async () => {
	const { cause } = await causeIn({ refused: { unsigned: 4, old: 3, signature: 2 } });
	expect(cause).toContain('n8n refused 2 requests: the signature does not match the secret.');
});

it('after a wrong signature, a trigger is to be published again, and a Webhook node to get the same secret', async () => {
	const refused = { signature: 1 };
	expect((await causeIn({ refused })).cause).toContain(`If Sinch was the sender, ${REPUBLISH}.`);
	const other = await causeIn({ refused, target: newWebhookNode(), at: webhookNode });
	expect(other.cause).toContain(
		"If Sinch was the sender, make 'Webhook Secret' and the secret of the webhook at Sinch the same.",
	);
});

const problem = { message: 'The collection failed', description: 'Repair it.' };

it('no answer arrives when none can be collected from other processes', async () => {
	const { cause } = await causeIn({ ...worker, problem });
	expect(cause).toBe('The collection failed. Repair it.');
});

it('refused requests are a better reason than answers that cannot be collected', async () => {
	const { cause } = await causeIn({ problem, refused: { old: 1 } });
	expect(cause).toMatch(/^While this node waited, n8n refused 1 request: /);
});

it('in a worker without a problem, the load balancer is to be checked', async () => {
	const { address, cause } = await causeIn(worker);
	expect(cause).toBe(
		`Sinch has delivered no answer to a process of n8n from which this worker could collect it. Make sure that the load balancer sends the requests of Sinch and of the workers to the same processes at ${address}.`,
	);
});

const either = (address: string) =>
	`Either Sinch cannot reach ${address} from the internet, or the channels need more time (see the field Timeout (Seconds))`;

it('where only a Webhook node receives the answers, and they may go to another process, a trigger is needed in queue mode', async () => {
	const { address, cause } = await causeIn({ target: newWebhookNode(), at: webhookNode });
	expect(cause).toMatch(
		`This process of n8n has received nothing. ${either(address)}, or n8n runs in queue mode: `,
	);
});

it.each([
	['this process', processName, production],
	['this process in a manual run', processName, {}],
	['no process that can be reached', undefined, production],
])('when %s responds at the trigger, Sinch has delivered nothing', async (_, name, settings) => {
	const at = name === undefined ? unreachable : triggerIn(name);
	const { address, cause } = await causeIn({ at, ...settings });
	expect(cause).toBe(`Sinch has delivered nothing to n8n. ${either(address)}.`);
});

it('a Webhook node in the process that runs the node has received nothing', async () => {
	const target = newWebhookNode();
	const { cause } = await causeIn({ ...production, target, at: webhookNode });
	expect(cause).toBe(`Sinch has delivered nothing to n8n. ${either(target)}.`);
});

it('another process at the address of an n8n that receives its own answers is another n8n', async () => {
	const { address, cause } = await causeIn(production);
	expect(cause).toBe(
		`Another n8n, or another process of this one, receives the requests to ${address}. Give each n8n its own address.`,
	);
});

it('another process at the address may be of this n8n while it is not known where the answers arrive', async () => {
	const { address, cause } = await causeIn({});
	expect(cause).toBe(
		`The process of n8n that receives the requests of Sinch has no answer. ${either(address)}.`,
	);
});

it('a workflow at an address that does not respond in time counts as published', async () => {
	const told = causeIn({ ...worker, at: silent });
	await pass(500);
	expect((await told).cause).toMatch(/^Sinch has delivered no answer to a process of n8n /);
});
