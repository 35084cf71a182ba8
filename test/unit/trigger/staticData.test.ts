import type { IHookFunctions } from 'n8n-workflow';

import type { Registration } from '../../../nodes/SinchCapability/trigger/staticData';
import {
	forget,
	removeExpired,
	retire,
	secretsOf,
} from '../../../nodes/SinchCapability/trigger/staticData';

const NOW = 1_768_472_430_000;
const HOUR = 3_600_000;

interface Stored {
	node: Registration;
	global: { sinchCapabilityRetired?: Array<{ secret: string; until: number }> };
}

/** A node with its own static data and that of its workflow. */
function nodeWith(registration: Registration = {}, global: Stored['global'] = {}, webhookId = 'A') {
	const stored: Stored = { node: registration, global };
	const context = {
		getNode: () => ({ webhookId }),
		getWorkflowStaticData: (type: keyof Stored) => stored[type],
	} as unknown as IHookFunctions;
	return { context, stored };
}

it('there are no secrets before there is a registration', () => {
	expect(secretsOf(nodeWith().context, NOW)).toEqual([]);
	expect(secretsOf(nodeWith({ secret: '' }).context, NOW)).toEqual([]);
});

it('the secrets of a registration are the present one and those retired within their time', () => {
	const { context } = nodeWith({ secret: 'second' });
	retire(context, 'first', 24, NOW);
	expect(secretsOf(context, NOW)).toEqual(['second', 'first']);
	expect(secretsOf(context, NOW + 24 * HOUR)).toEqual(['second', 'first']);
	expect(secretsOf(context, NOW + 24 * HOUR + 1)).toEqual(['second']);
});

it('the secrets of a registration are the last five after many rotations, each once', () => {
	const { context } = nodeWith();
	for (const n of [1, 2, 3, 4, 5, 6, 7, 7]) retire(context, `secret ${n}`, 24, NOW + n);
	expect(secretsOf(context, NOW + 10)).toEqual([7, 6, 5, 4, 3].map((n) => `secret ${n}`));
});

it('the secrets of a registration are not those of another trigger of the workflow, whose rotations they survive', () => {
	const { context, stored } = nodeWith({ secret: 'own' });
	const other = nodeWith({}, stored.global, 'B').context;
	retire(context, 'former', 24, NOW);
	for (let n = 1; n <= 6; n++) retire(other, `other ${n}`, 24, NOW);
	expect(secretsOf(context, NOW)).toEqual(['own', 'former']);
	expect(secretsOf(other, NOW)).toEqual([6, 5, 4, 3, 2].map((n) => `other ${n}`));
});

it('retired secrets leave the static data when their time is over', () => {
	const { context, stored } = nodeWith();
	retire(context, 'first', 1, NOW);
	retire(context, 'second', 1, NOW + 2 * HOUR);
	expect(stored.global).toEqual({
		sinchCapabilityRetired: [{ secret: 'second', until: NOW + 3 * HOUR, node: 'A' }],
	});
	retire(context, undefined, 1, NOW + 9 * HOUR);
	expect(stored.global).toEqual({ sinchCapabilityRetired: [] });
});

it('retired secrets whose time is over are removed, of all triggers and of an older version of the package, and nothing else is', () => {
	const present = { secret: 'present', until: NOW + HOUR, node: 'A' };
	const expired = { secret: 'expired', until: NOW - 1 };
	const { context, stored } = nodeWith(
		{ secret: 'own', retired: [expired] },
		{ sinchCapabilityRetired: [present, { ...expired, node: 'B' } as typeof expired] },
	);
	removeExpired(context, NOW);
	expect(stored).toEqual({
		node: { secret: 'own' },
		global: { sinchCapabilityRetired: [present] },
	});
});

it('static data without a retired secret whose time is over is not saved', () => {
	const sinchCapabilityRetired = [{ secret: 'present', until: NOW, node: 'A' }];
	const { context, stored } = nodeWith({}, { sinchCapabilityRetired });
	removeExpired(context, NOW);
	expect(stored.global.sinchCapabilityRetired).toBe(sinchCapabilityRetired);
	const empty = nodeWith();
	removeExpired(empty.context, NOW);
	expect(empty.stored).toEqual({ node: {}, global: {} });
});

it('the secret of a registration survives damaged static data', () => {
	const damaged = { secret: 'present', retired: 'lost' } as unknown as Registration;
	const lost = { sinchCapabilityRetired: 'lost' } as unknown as Stored['global'];
	expect(secretsOf(nodeWith(damaged, lost).context, NOW)).toEqual(['present']);
});

it('of a forgotten registration, only the secret is kept, for its time', () => {
	const { context, stored } = nodeWith({
		webhookId: '01W4',
		secret: 'present',
		target: 'https://n8n.example.com/webhook/1/capability',
		appId: 'app',
		projectId: 'project',
	});
	forget(context, 24, NOW);
	expect(stored).toEqual({
		node: {},
		global: { sinchCapabilityRetired: [{ secret: 'present', until: NOW + 24 * HOUR, node: 'A' }] },
	});
});
