import { NodeHelpers } from 'n8n-workflow';

import {
	type AddressContext,
	type Receiver,
	isSameAddress,
	pathInN8n,
	shown,
	unreachableBecause,
	createSecret,
	receiverOf,
} from '../../../nodes/SinchCapability/shared/webhookAddresses';

const NODE = '3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90';

/** Spellings of WEBHOOK_URL, each group for one n8n. */
const SPELLINGS = [
	['https://n8n.example.com/', 'https://N8N.Example.COM/', 'https://n8n.example.com:443/'],
	['http://localhost:5710/', 'http://LOCALHOST:5710/', 'HTTP://localhost:5710/'],
	['http://bücher.localhost:5710/', 'http://xn--bcher-kva.localhost:5710/'],
	['https://example.com/n8n/', 'https://EXAMPLE.com:443/n8n/', 'https://example.com/n8n'],
	['https://example.com/a/b/', 'https://example.com/a/./b/'],
	['http://127.0.0.1:80/', 'http://127.0.0.1/', 'http://127.1/'],
	['http://[::1]:5710/', 'http://[0:0:0:0:0:0:0:1]:5710/'],
	['https://example.com//', 'https://EXAMPLE.com//'],
	['https://me:secret@example.com/', 'https://me:secret@EXAMPLE.com/'],
	['https://relay.example.com/?to=n8n', 'https://RELAY.example.com/?to=n8n/'],
	[' https://blank.example.com/', 'https://blank.example.com/'],
	['https://blank.example.com/ ', 'https://BLANK.example.com/ '],
];

/** N8N_ENDPOINT_WEBHOOK and N8N_ENDPOINT_WEBHOOK_TEST. */
const ENDPOINTS = [
	['webhook', 'webhook-test'],
	['Hooks', 'hooks_test'],
	['hooks/v1', 'hooks-test/v1'],
	['api/webhook', 'api/webhook/test'],
	['/webhook', '/webhook-test'],
	['webhook/', 'webhook-test/'],
	['latest', 'test'],
];

interface Settings {
	webhookUrl: string;
	editorUrl?: string;
	rest?: string;
	generation?: 1 | 2;
}

const withSlash = (address: string) => (address.endsWith('/') ? address : `${address}/`);

/** What n8n's URL service gives a node, and the bases of its production and its test webhooks. */
function n8nWith({ webhookUrl, editorUrl, rest = 'rest', generation = 2 }: Settings) {
	const base = withSlash(webhookUrl);
	const instance = generation === 2 ? withSlash(editorUrl ?? base) : base;
	const context: AddressContext = {
		getInstanceBaseUrl: () => instance,
		getRestApiUrl: () => `${base}${rest}`,
	};
	return { context, bases: [base, instance] };
}

const targetOf = (base: string, endpoint: string, path: string, webhookId?: string) =>
	NodeHelpers.getNodeWebhookUrl(
		`${base}${endpoint}`,
		'Tp3Xv9QkLm2RzB7a',
		{ name: 'Sinch', webhookId } as never,
		path,
	);

const PATHS = ['capability', 'capability-finished'];

it.each(SPELLINGS)(
	'a webhook of this n8n is recognized however %s is spelled',
	(...spellings: string[]) => {
		for (const registered of spellings) {
			for (const webhookUrl of spellings) {
				for (const rest of ['rest', 'api/rest']) {
					for (const generation of [1, 2] as const) {
						const { context } = n8nWith({ webhookUrl, rest, generation });
						const target = `${withSlash(registered)}webhook/orders`;
						expect([target, pathInN8n(context, target)]).toEqual([target, 'webhook/orders']);
					}
				}
			}
		}
	},
);

it.each(SPELLINGS.map(([address]) => address))(
	'a webhook of the n8n at %s is recognized as that of a trigger, a test or another node, whatever n8n puts before its path',
	(webhookUrl) => {
		const kindOf = (context: AddressContext, target: string, secret?: string) =>
			receiverOf(context, { target, secret })?.kind;
		for (const editorUrl of [undefined, 'https://editor.example.com']) {
			const { context, bases } = n8nWith({ webhookUrl, editorUrl });
			for (const [place, expected] of [[0, 'trigger'] as const, [1, 'test'] as const]) {
				for (const endpoints of ENDPOINTS) {
					for (const path of PATHS) {
						const at = (id?: string) => targetOf(bases[place], endpoints[place], path, id);
						expect([at(NODE), kindOf(context, at(NODE))]).toEqual([at(NODE), expected]);
						const others = ['sinch-answers', 'sinch answers', 'my/answers', undefined].map(at);
						for (const target of others) {
							expect([target, kindOf(context, target, createSecret())]).toEqual([target, expected]);
							expect([target, kindOf(context, target, 'of a Webhook node')]).toEqual([
								target,
								'other',
							]);
						}
					}
				}
			}
		}
	},
);

it.each([
	'orders',
	'capability',
	'orders/capability',
	'a/b/capability-finished',
	`${NODE}/orders`,
	`${NODE}`,
	`${NODE}/capability/`,
	`x${NODE}/capability`,
	`${NODE}/my-capability`,
	`${NODE}/capability?x=1`,
])('a webhook of this n8n with the path %s is not a trigger', (path) => {
	const { context } = n8nWith({ webhookUrl: 'https://n8n.example.com/' });
	const target = `https://n8n.example.com/webhook/${path}`;
	expect(receiverOf(context, { target })).toEqual<Receiver>({ target, kind: 'other' });
});

it('a webhook of another n8n is not taken for one of this n8n, however alike they look', () => {
	const others = [
		...SPELLINGS.map(([address]) => address),
		'https://n8n.example.com.evil/',
		'https://n8n.example.comx/',
		'https://n8n.example.com@evil.example/',
		'https://evil.example/https://n8n.example.com/',
		'http://n8n.example.com/',
		'https://n8n.example.com:8443/',
		'https://x.n8n.example.com/',
		'https://example.com/n8n-2/',
		'https://example.com/N8N/',
		'http://localhost:57100/',
		'not an address',
	];
	const isWithin = (base: string, other: string) => other.trim().startsWith(base.trim());
	for (const [webhookUrl] of SPELLINGS) {
		const { context } = n8nWith({ webhookUrl });
		for (const other of others.filter((one) => !isWithin(webhookUrl, one))) {
			const target = `${withSlash(other)}webhook/${NODE}/capability`;
			expect([webhookUrl, target, receiverOf(context, { target })]).toEqual([
				webhookUrl,
				target,
				undefined,
			]);
		}
	}
});

it('no webhook is recognized where n8n has no complete address', () => {
	const { context } = n8nWith({ webhookUrl: 'n8n.example.com' });
	expect(pathInN8n(context, 'https://n8n.example.com/webhook/orders')).toBeUndefined();
});

it('an address is shown without a password and a query', () => {
	for (const address of SPELLINGS.flat()) {
		expect(shown(`${address}?signature=a1b2`)).not.toMatch(/secret|\?|a1b2/);
	}
});

it.each([
	['https://me:secret@example.com', 'https://example.com'],
	['https://example.com/', 'https://example.com'],
	['https://example.com/a/?b', 'https://example.com/a/'],
	['https://me@example.com/#/a?b=c', 'https://example.com/#/a'],
	['example.com/a?b=c', 'example.com/a'],
	['me:secret@example.com/a', 'example.com/a'],
	['https://me:sec/ret@example.com/a', 'example.com/a'],
	['https://me:sec?ret@example.com/a', 'example.com/a'],
	['htp:///me:secret@example.com/a?b', 'example.com/a'],
	['', ''],
])('the address %s is shown as %j', (address, expected) => {
	expect(shown(address)).toBe(expected);
});

it.each([
	['https://n8n.example.com/webhook', 'https://N8N.example.com:443/webhook', true],
	['https://n8n.example.com/webhook', 'https://n8n.example.com/webhook-test', false],
	['https://n8n.example.com/webhook', 'http://n8n.example.com/webhook', false],
	['not a url', 'not a url', true],
	['not a url', 'https://n8n.example.com/webhook', false],
])('the addresses %s and %s are the same: %s', (one, other, same) => {
	expect(isSameAddress(one, other)).toBe(same);
});

it.each([
	'https://n8n.example.com/webhook/1/capability',
	'https://203.0.113.7/webhook',
	'https://[2001:db8::1]/webhook',
	'https://172.32.0.1/webhook',
	'https://11.0.0.1:8443/webhook',
])('%s can be reached by Sinch', (target) => {
	expect(unreachableBecause(target)).toBeUndefined();
});

it.each([
	'http://localhost:5678/webhook',
	'https://LOCALHOST/webhook',
	'https://n8n.localhost/webhook',
	'https://127.0.0.1/webhook',
	'https://127.1/webhook',
	'https://10.1.2.3/webhook',
	'https://172.16.0.1/webhook',
	'https://192.168.1.10/webhook',
	'https://169.254.1.1/webhook',
	'https://100.64.0.1/webhook',
	'https://0.0.0.0/webhook',
	'https://[::1]/webhook',
	'https://[fd12:3456::1]/webhook',
	'https://[fe80::1]/webhook',
	'https://[::ffff:127.0.0.1]/webhook',
	'https://n8n/webhook',
	'https://n8n.local/webhook',
])('%s cannot be reached from the internet', (target) => {
	expect(unreachableBecause(target)).toMatch(/is not reachable from the internet$/);
});

it.each([
	'https://n8n.example.com/#/webhook/1/capability',
	'https://n8n.example.com/ /webhook/1/capability',
	'https://n8n.example.com/%20/webhook/1/capability',
])('%s cannot be reached from anywhere', (target) => {
	for (const isFromInternet of [true, false]) {
		expect(unreachableBecause(target, isFromInternet)).toBe('it contains a # or a stray space');
	}
});

it.each([
	'http://localhost:5678/webhook',
	'https://10.1.2.3/my%20n8n/webhook',
	'http://n8n/?to=a/webhook',
])('%s can be reached in the network of n8n', (target) => {
	expect(unreachableBecause(target, false)).toBeUndefined();
});

it.each([
	['ftp://n8n/webhook', 'Sinch delivers to https addresses only'],
	['n8n.example.com/webhook', 'it is not a complete address'],
])('in the network of n8n, what is wrong with %s is: %s', (target, problem) => {
	expect(unreachableBecause(target, false)).toBe(problem);
});

it('a webhook target must be https', () => {
	expect(unreachableBecause('http://n8n.example.com/webhook')).toBe(
		'Sinch delivers to https addresses only',
	);
});
