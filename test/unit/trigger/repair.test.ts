import { repairSecret } from '../../../nodes/SinchCapability/trigger/repair';
import { secretsOf } from '../../../nodes/SinchCapability/trigger/staticData';
import { appWith, triggerNode } from './sinchApp';

const STORED = 's'.repeat(43);
const AT_SINCH = 'o'.repeat(43);

/** A trigger whose static data has a secret, and its webhook at Sinch with what is given. */
function nodeWith(webhook?: { secret?: string }, mode: 'webhook' | 'manual' = 'webhook') {
	const node = triggerNode({ mode }, { webhookId: 'W1', secret: STORED });
	if (webhook) {
		const { target } = node;
		node.app.webhooks = appWith({ target, ...webhook }).webhooks;
	}
	return node;
}

const nowInSeconds = () => Date.now() / 1000;

/** A request arrives whose signature fits none of the node's secrets. */
const repair = async ({ context }: ReturnType<typeof nodeWith>, secondsAgo = 0) =>
	await repairSecret(context, nowInSeconds() - secondsAgo);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('a trigger adopts the secret that its webhook has at Sinch, and still accepts its own', async () => {
	const node = nodeWith({ secret: AT_SINCH });
	expect(await repair(node)).toBe(true);
	expect(node.staticData).toMatchObject({ webhookId: 'W1', secret: AT_SINCH });
	expect(secretsOf(node.context, Date.now())).toEqual([AT_SINCH, STORED]);
	expect(node.warnings).toEqual([
		'Sinch Capability Trigger: its webhook has a different secret at Sinch, which this node uses from now on. Sinch will deliver the refused answers again.',
	]);
});

it('requests that were under way when a secret was adopted are to be repeated for ten seconds', async () => {
	const node = nodeWith({ secret: AT_SINCH });
	await repair(node);
	jest.advanceTimersByTime(9_999);
	expect(await repair(node)).toBe(true);
	jest.advanceTimersByTime(1);
	expect(await repair(node)).toBe(false);
	expect(node.app.requests).toEqual(['GET webhooks']);
});

it('requests that arrive while a trigger looks at its webhook are to be repeated', async () => {
	const node = nodeWith({ secret: STORED });
	const first = repair(node);
	expect(await repair(node)).toBe(true);
	expect(await first).toBe(false);
	expect(await repair(node)).toBe(false);
	expect(node.app.requests).toEqual(['GET webhooks']);
});

it('a trigger looks at its webhook again after five minutes', async () => {
	const node = nodeWith({ secret: STORED });
	await repair(node);
	jest.advanceTimersByTime(5 * 60_000);
	await repair(node);
	expect(node.app.requests).toHaveLength(1);
	jest.advanceTimersByTime(1);
	await repair(node);
	expect(node.app.requests).toHaveLength(2);
});

it.each([
	['has the same secret', { secret: STORED }, 'The request came from someone else.'],
	['has no secret', {}, 'its webhook at Sinch has no secret. To repair it, unpublish'],
	['is not there', undefined, 'Sinch has no webhook with its address. To repair it, unpublish'],
])(
	'the log says why a request is refused when the webhook at Sinch %s',
	async (_, webhook, reason) => {
		const node = nodeWith(webhook);
		expect(await repair(node)).toBe(false);
		expect(node.warnings).toEqual([expect.stringContaining(reason)]);
		expect(node.staticData.secret).toBe(STORED);
	},
);

it.each([
	[503, true],
	[403, false],
])(
	'after the status %i from Sinch, the log says so, and the request is to be repeated: %s',
	async (status, isToRepeat) => {
		const node = nodeWith({ secret: AT_SINCH });
		node.app.refusals.GET = [status];
		expect(await repair(node)).toBe(isToRepeat);
		expect(await repair(node)).toBe(isToRepeat);
		expect(node.warnings).toEqual([
			expect.stringMatching(
				/^Sinch Capability Trigger: its webhook could not be looked up at Sinch: \w/,
			),
		]);
	},
);

it.each([
	['is older than a day', 86_401],
	['comes from the future', -301],
])('a request that %s does not make a trigger look at its webhook', async (_, secondsAgo) => {
	const node = nodeWith({ secret: AT_SINCH });
	expect(await repair(node, secondsAgo)).toBe(false);
	expect(node.app.requests).toEqual([]);
});

it('a request to a test does not make its trigger look at the webhook', async () => {
	const node = nodeWith({ secret: AT_SINCH }, 'manual');
	expect(await repair(node)).toBe(false);
	expect(node.app.requests).toEqual([]);
});
