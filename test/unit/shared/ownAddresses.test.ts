import {
	baseOf,
	isBelow,
	isSameAddress,
	shown,
} from '../../../nodes/SinchCapability/shared/ownAddresses';
import {
	isTestTarget,
	isTriggerTarget,
} from '../../../nodes/SinchCapability/shared/triggerWebhook';

const NODE = '3f0c3f5e-6f0e-4c50-9a3e-1d5f6c7b8a90';

const SIGNATURE = 'a1b2'.repeat(16);

/** Spellings of WEBHOOK_URL, each group for one n8n. */
const SPELLINGS = [
	['https://n8n.example.com/', 'https://N8N.Example.COM/', 'https://n8n.example.com:443/'],
	['http://localhost:5710/', 'http://LOCALHOST:5710/', 'HTTP://localhost:5710/'],
	['http://bücher.localhost:5710/', 'http://xn--bcher-kva.localhost:5710/'],
	['https://example.com/n8n/', 'https://EXAMPLE.com:443/n8n/'],
	['https://example.com/a/b/', 'https://example.com/a/./b/'],
	['http://127.0.0.1:80/', 'http://127.0.0.1/', 'http://127.1/'],
	['http://[::1]:5710/', 'http://[0:0:0:0:0:0:0:1]:5710/'],
	['https://example.com//', 'https://EXAMPLE.com//'],
	['https://me:secret@example.com/', 'https://me:secret@EXAMPLE.com/'],
];

const WAITING = ['webhook-waiting', 'resume', 'webhook', 'a'];

const ENDPOINTS = ['webhook', 'webhook-test', 'hooks', 'api/webhook'];

/** n8n 2 signs the URL, and so writes it canonically; n8n 1 gives the text. */
const resumeUrls = (address: string, waiting: string): string[] => [
	`${new URL(`${address}${waiting}/4711`).href}?signature=${SIGNATURE}`,
	`${address}${waiting}/4711`,
];

const targets = (address: string): string[] =>
	ENDPOINTS.flatMap((endpoint) =>
		['capability', 'capability-finished', 'capability/'].map(
			(path) => `${address}${endpoint}/${NODE}/${path}`,
		),
	);

describe('the addresses of this n8n', () => {
	it.each(SPELLINGS)('are recognised however %s is spelled', (...spellings: string[]) => {
		for (const registered of spellings) {
			for (const current of spellings) {
				for (const resumeUrl of WAITING.flatMap((waiting) => resumeUrls(current, waiting))) {
					const base = baseOf(resumeUrl);
					for (const target of targets(registered)) {
						expect([base, target, isBelow(base, target)]).toEqual([base, target, true]);
					}
				}
			}
		}
	});

	it('do not include those of another n8n, however alike they look', () => {
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
		];
		const isWithin = (base: string, other: string) =>
			new URL(other).href.startsWith(new URL(base).href);
		for (const [address] of SPELLINGS) {
			const base = baseOf(resumeUrls(address, 'webhook-waiting')[0]);
			for (const other of others.filter((one) => !isWithin(address, one))) {
				for (const target of targets(other)) {
					expect([base, target, isBelow(base, target)]).toEqual([base, target, false]);
				}
			}
		}
	});

	it('are shown without the signature of an execution, and without a password', () => {
		for (const address of SPELLINGS.flat()) {
			for (const waiting of WAITING) {
				for (const resumeUrl of resumeUrls(address, waiting)) {
					expect(baseOf(resumeUrl)).not.toMatch(/signature|a1b2|4711/);
					expect(shown(baseOf(resumeUrl))).not.toMatch(/secret|\?/);
				}
			}
		}
	});
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
	['webhook', 'capability', true, false],
	['webhook', 'capability-finished', true, false],
	['webhook-test', 'capability', true, true],
	['hooks_test', 'capability-finished', true, true],
	['latest', 'capability', true, false],
	['webhook-test', 'my-own-webhook', false, false],
])('/%s/…/%s is the address of a trigger: %s, of a test: %s', (endpoint, path, ours, test) => {
	const target = `https://n8n.example.com/${endpoint}/${NODE}/${path}`;
	expect([isTriggerTarget(target), isTestTarget(target)]).toEqual([ours, test]);
});
