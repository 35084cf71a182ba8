import type { Receiver } from '../../../nodes/SinchCapability/shared/webhookAddresses';
import { listeningAt } from '../../../nodes/SinchCapability/waiting/listening';
import { pass, useClock } from '../../support/clock';
import {
	newTrigger,
	newWebhookNode,
	type Respond,
	silent,
	startExecution,
	triggerIn,
	unpublished,
	unreachable,
	webhookNode,
} from '../../support/execution';

useClock();

const respondsWith =
	(statusCode: number, allowed = ''): Respond =>
	() => ({ statusCode, headers: { 'access-control-allow-methods': allowed } });

/** An address of this n8n, and what is known of it, each time it is asked for. */
async function lookAt(respond: Respond, kind: Receiver['kind'] = 'trigger') {
	const target = kind === 'other' ? newWebhookNode() : newTrigger();
	const execution = await startExecution({ addresses: { [target]: respond } });
	return {
		...execution,
		target,
		look: async (isFresh?: boolean) =>
			await listeningAt(execution.context, { target, kind }, isFresh),
	};
}

it.each([
	['responds to a request for answers', 'yes', triggerIn('another')],
	['responds with 404', 'no', unpublished],
	['responds with another status', 'unknown', respondsWith(503)],
	['cannot be reached', 'unknown', unreachable],
] as const)('whether a trigger listens that %s: %s', async (_, expected, respond) => {
	const { look, askedOfN8n, target } = await lookAt(respond);
	expect(await look()).toBe(expected);
	expect(askedOfN8n).toEqual([`POST ${target}`]);
});

it.each([
	['n8n names no method but OPTIONS', 'no', unpublished],
	['n8n names the method of a workflow', 'unknown', webhookNode],
	['a proxy responds with another status', 'unknown', respondsWith(200, 'OPTIONS')],
	['a proxy names no method', 'unknown', respondsWith(204)],
	['nothing responds', 'unknown', unreachable],
] as const)(
	'whether a Webhook node listens at whose address %s: %s',
	async (_, expected, respond) => {
		const { look, askedOfN8n, target } = await lookAt(respond, 'other');
		expect(await look()).toBe(expected);
		// A POST would start its workflow.
		expect(askedOfN8n).toEqual([`OPTIONS ${target}`]);
	},
);

it('a trigger that listens for a test is asked as any other', async () => {
	const { look } = await lookAt(triggerIn('another'), 'test');
	expect(await look()).toBe('yes');
});

it.each(['trigger', 'other'] as const)(
	'an address that does not respond keeps no one waiting for more than half a second: %s',
	async (kind) => {
		const { look } = await lookAt(silent, kind);
		let result: string | undefined;
		void look().then((said) => (result = said));
		await pass(499);
		expect(result).toBeUndefined();
		await pass(1);
		expect(result).toBe('unknown');
	},
);

it.each([
	['that responds', triggerIn('another')],
	['that cannot be reached', unreachable],
])('an address %s is asked once a minute, unless the result must be new', async (_, respond) => {
	const { look, askedOfN8n } = await lookAt(respond);
	const first = await look();
	await pass(60_000);
	expect(await look()).toBe(first);
	expect(askedOfN8n).toHaveLength(1);
	await pass(1);
	await look();
	expect(askedOfN8n).toHaveLength(2);
	await look(true);
	expect(askedOfN8n).toHaveLength(3);
});

it('a workflow that was not published is known as soon as it is', async () => {
	const { look, addresses, target } = await lookAt(unpublished);
	expect(await look()).toBe('no');
	addresses[target] = triggerIn('another');
	expect(await look()).toBe('yes');
});
