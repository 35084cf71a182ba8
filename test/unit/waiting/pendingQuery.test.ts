import {
	channelResults,
	contactResult,
} from '../../../nodes/SinchCapability/waiting/contactResult';
import {
	type WaitFor,
	Mailbox,
	PendingQuery,
} from '../../../nodes/SinchCapability/waiting/mailbox';
import type {
	CapabilityCallback,
	ChannelIdentity,
} from '../../../nodes/SinchCapability/sinch/types';

const NOW = 1_769_000_000_000;
const APP = '01APP0000000000000000000AA';

const whatsapp = (identity: string): ChannelIdentity => ({ channel: 'WHATSAPP', identity });
const sms = (identity: string): ChannelIdentity => ({ channel: 'SMS', identity });

const answer = (
	identity: Partial<ChannelIdentity>,
	capability_status = 'NO_CAPABILITY',
	app_id?: string,
): CapabilityCallback => ({
	app_id,
	capability_notification: { request_id: 'request-1', ...identity, capability_status },
});

const pendingFor = (identities: ChannelIdentity[], waitFor: WaitFor = 'all') =>
	new PendingQuery('request-1', identities, waitFor, APP);

const shown = (pending: PendingQuery) =>
	channelResults(pending).map(({ channel, identity, outcome }) => [channel, identity, outcome]);

/** The number that was queried, and the same as WhatsApp spells it. */
const SPELLINGS = [
	['Brazil without the ninth digit', '5531996883193', '553196883193'],
	['Brazil with the ninth digit', '553196883193', '5531996883193'],
	['Mexico with 521', '525512345678', '5215512345678'],
	['Mexico without 521', '5215512345678', '525512345678'],
	['Argentina with 549', '541112345678', '5491112345678'],
] as const;

/** Every order of some answers. */
const orders = <T>(all: T[]): T[][] =>
	all.length < 2
		? [all]
		: all.flatMap((one, index) =>
				orders(all.filter((_, other) => other !== index)).map((rest) => [one, ...rest]),
			);

describe.each(SPELLINGS)('a number in another spelling: %s', (_, queried, spelled) => {
	it.each(orders([whatsapp(spelled), sms(`+${queried}`)]))(
		'an answer in another spelling of the number belongs to the identity of its channel, whatever the order of the answers',
		(...answers) => {
			const pending = pendingFor([whatsapp(queried), sms(queried)]);
			expect(answers.map((one) => pending.accept(answer(one)))).toEqual([true, true]);
			expect(pending.isComplete).toBe(true);
			expect(shown(pending)).toEqual([
				['WHATSAPP', spelled, 'None'],
				['SMS', `+${queried}`, 'None'],
			]);
			expect(contactResult(pending).outcome).toBe('None');
		},
	);

	it('the best identity is given in the spelling of the answer', () => {
		const pending = pendingFor([whatsapp(queried), sms(queried)]);
		pending.accept(answer(whatsapp(spelled), 'CAPABILITY_FULL'));
		expect(contactResult(pending)).toMatchObject({
			best_channel: 'WHATSAPP',
			best_identity: spelled,
		});
	});

	it('an answer in another spelling of the number counts once when Sinch repeats it', () => {
		const pending = pendingFor([whatsapp(queried), sms(queried)]);
		pending.accept(answer(whatsapp(spelled)));
		pending.accept(answer(whatsapp(spelled)));
		expect(pending.isComplete).toBe(false);
		expect(shown(pending)).toEqual([
			['WHATSAPP', spelled, 'None'],
			['SMS', queried, 'No Answer'],
		]);
	});

	it('an answer in another spelling of the number is recognized as a repeat after the end of the wait', () => {
		const box = new Mailbox();
		const pending = pendingFor([whatsapp(queried), sms(queried)]);
		box.register(pending, NOW);
		box.deliver(answer(whatsapp(spelled)), NOW);
		box.close(pending, NOW);
		expect(box.deliver(answer(whatsapp(spelled)), NOW)).toBe(true);
	});

	it('an answer in another spelling of the number does not belong to a wait that ended before its channel had answered', () => {
		const box = new Mailbox();
		const pending = pendingFor([whatsapp(queried), sms(queried)]);
		box.register(pending, NOW);
		box.deliver(answer(sms(queried)), NOW);
		box.close(pending, NOW);
		expect(box.deliver(answer(whatsapp(spelled)), NOW)).toBe(false);
	});

	it('an answer in another spelling of the number ends the wait for the first usable channel', () => {
		const pending = pendingFor([whatsapp(queried), sms(queried)], 'firstUsable');
		pending.accept(answer(whatsapp(spelled), 'CAPABILITY_PARTIAL'));
		expect(pending.isComplete).toBe(true);
	});
});

it('an answer in another spelling of the number belongs to the only identity of its channel that has no answer yet', () => {
	const [one, other] = ['5531996883193', '5531987654321'];
	const pending = pendingFor([whatsapp(one), whatsapp(other)]);
	pending.accept(answer(whatsapp(one), 'CAPABILITY_FULL'));
	pending.accept(answer(whatsapp('553187654321')));
	expect(shown(pending)).toEqual([
		['WHATSAPP', one, 'Full'],
		['WHATSAPP', '553187654321', 'None'],
	]);
});

it('an answer in another spelling of the number is a result of its own when two identities of its channel have no answer', () => {
	const [one, other] = ['5531996883193', '5531987654321'];
	const pending = pendingFor([whatsapp(one), whatsapp(other)]);
	pending.accept(answer(whatsapp('553100000000')));
	expect(pending.isComplete).toBe(false);
	expect(shown(pending)).toEqual([
		['WHATSAPP', one, 'No Answer'],
		['WHATSAPP', other, 'No Answer'],
		['WHATSAPP', '553100000000', 'None'],
	]);
});

describe.each(SPELLINGS)('a number in another spelling: %s', (_, queried, spelled) => {
	it.each(orders([spelled, '46701234567']))(
		'an answer in another spelling of the number belongs to the identity with the same end, beside another one on its channel',
		(...identities) => {
			const pending = pendingFor([whatsapp(queried), whatsapp('46701234567')]);
			identities.forEach((one) => pending.accept(answer(whatsapp(one))));
			expect(pending.isComplete).toBe(true);
			expect(shown(pending)).toEqual([
				['WHATSAPP', spelled, 'None'],
				['WHATSAPP', '46701234567', 'None'],
			]);
		},
	);
});

it('an answer belongs to its channel in any spelling, and the result shows the channel as queried', () => {
	const pending = pendingFor([
		{ channel: 'VIBERBM', identity: '46701234567' },
		{ channel: 'RCS', identity: '46701234567' },
	]);
	pending.accept(answer({ channel: 'VIBER', identity: '+46701234567' }, 'CAPABILITY_FULL'));
	pending.accept(answer({ channel: 'rcs', identity: '46701234567' }));
	expect(pending.isComplete).toBe(true);
	expect(contactResult(pending)).toMatchObject({ outcome: 'Full', best_channel: 'VIBERBM' });
	expect(shown(pending).map(([channel]) => channel)).toEqual(['VIBERBM', 'RCS']);
});

it('an answer on a channel that was not queried completes nothing', () => {
	const pending = pendingFor([whatsapp('5531996883193')]);
	pending.accept(answer(sms('5531996883193')));
	expect(pending.isComplete).toBe(false);
});

it('a query takes only answers that come from its own app or name none', () => {
	const pending = pendingFor([sms('46701234567')]);
	expect(pending.accept(answer(sms('46701234567'), 'CAPABILITY_FULL', 'another app'))).toBe(false);
	expect(shown(pending)).toEqual([['SMS', '46701234567', 'No Answer']]);
	expect(pending.accept(answer(sms('46701234567'), 'CAPABILITY_FULL', ''))).toBe(true);
	expect(pending.accept(answer(sms('46701234567'), 'CAPABILITY_FULL', APP))).toBe(true);
});

it('the answers of a contact without known identities are awaited until the end', () => {
	const pending = pendingFor([]);
	pending.accept(answer(sms('46701234567')));
	expect(pending.isComplete).toBe(false);
	expect(shown(pending)).toEqual([['SMS', '46701234567', 'None']]);
});

it('an answer counts once for two spellings of an identity in the query', () => {
	const pending = pendingFor([sms('+46701234567'), sms('46701234567')]);
	pending.accept(answer(sms('46701234567')));
	expect(pending.isComplete).toBe(true);
	expect(shown(pending)).toHaveLength(1);
});
