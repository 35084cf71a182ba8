import type { Registration } from '../../../nodes/SinchCapability/trigger/registration';
import { forget, retire, secretsOf } from '../../../nodes/SinchCapability/trigger/registration';

const NOW = 1_768_472_430_000;
const HOUR = 3_600_000;

describe('the secrets of a registration', () => {
	it('are none before there is one', () => {
		expect(secretsOf({}, NOW)).toEqual([]);
		expect(secretsOf({ secret: '' }, NOW)).toEqual([]);
	});

	it('are the present one and those retired within their time', () => {
		const registration: Registration = { secret: 'second' };
		retire(registration, 'first', 24, NOW);
		expect(secretsOf(registration, NOW)).toEqual(['second', 'first']);
		expect(secretsOf(registration, NOW + 24 * HOUR)).toEqual(['second', 'first']);
		expect(secretsOf(registration, NOW + 24 * HOUR + 1)).toEqual(['second']);
	});

	it('are the last five after many rotations, each once', () => {
		const registration: Registration = {};
		for (const n of [1, 2, 3, 4, 5, 6, 7, 7]) retire(registration, `secret ${n}`, 24, NOW + n);
		expect(secretsOf(registration, NOW + 10)).toEqual([7, 6, 5, 4, 3].map((n) => `secret ${n}`));
	});

	it('leave the static data when their time is over', () => {
		const registration: Registration = {};
		retire(registration, 'first', 1, NOW);
		retire(registration, 'second', 1, NOW + 2 * HOUR);
		expect(registration.retired).toEqual([{ secret: 'second', until: NOW + 3 * HOUR }]);
		retire(registration, undefined, 1, NOW + 9 * HOUR);
		expect(registration.retired).toEqual([]);
	});

	it('hold when static data is damaged', () => {
		const damaged = { secret: 'present', retired: 'lost' } as unknown as Registration;
		expect(secretsOf(damaged, NOW)).toEqual(['present']);
	});
});

it('a forgotten registration keeps only the secret, for its time', () => {
	const registration: Registration = {
		webhookId: '01W4',
		secret: 'present',
		target: 'https://n8n.example.com/webhook/1/capability',
		appId: 'app',
		projectId: 'project',
	};
	forget(registration, 24, NOW);
	expect(registration).toEqual({ retired: [{ secret: 'present', until: NOW + 24 * HOUR }] });
});
