import {
	notificationId,
	readCapabilityCallback,
	simplifyCallback,
} from '../../../nodes/SinchCapability/notification/callback';
import type { CapabilityCallback } from '../../../nodes/SinchCapability/sinch/types';

const callback = (notification = {}): CapabilityCallback => ({
	app_id: '01W4FFL35P4NC4K35CONVAPP001',
	accepted_time: '2026-01-15T10:20:30.123456Z',
	event_time: '2026-01-15T10:20:29Z',
	capability_notification: {
		request_id: '01W4FFL35P4NC4K35CAPABILITY',
		contact_id: '',
		channel: 'RCS',
		identity: '46701234567',
		capability_status: 'CAPABILITY_PARTIAL',
		channel_capabilities: ['ACTION_DIAL'],
		...notification,
	},
});

/** The example of Sinch's capability guide. */
const flat = {
	contact_id: '01W4FFL35P4NC4K35CONTACT001',
	identity: '46712312312',
	channel: 'WHATSAPP',
	capability_status: 'CAPABILITY_FULL',
};

it('a notification in the documented envelope is read as it is', () => {
	expect(readCapabilityCallback(callback())).toEqual(callback());
});

it('a notification in the flat form of the guide is read', () => {
	expect(readCapabilityCallback(flat)).toEqual({ capability_notification: flat });
});

it.each([
	['another callback', { app_id: 'a', message_inbound: { channel: 'RCS' } }],
	['a notification that is no object', { capability_notification: 'CAPABILITY_FULL' }],
	['a notification that is a list', { capability_notification: [] }],
	['a flat body without channel', { capability_status: 'CAPABILITY_FULL' }],
	['a list', [flat]],
	['text', 'CAPABILITY_FULL'],
	['null', null],
	['nothing', undefined],
])('%s is not read as a capability notification', (_, body) => {
	expect(readCapabilityCallback(body)).toBeUndefined();
});

const read = (notification: object) =>
	readCapabilityCallback({ capability_notification: notification })?.capability_notification;

it('a number in the place of a text is read as its digits', () => {
	expect(read({ identity: 46701234567, channel: 7, capability_status: 0 })).toEqual({
		identity: '46701234567',
		channel: '7',
		capability_status: '0',
	});
});

it.each([[{ toString: 1 }], [[]], [true], [null]])(
	'%j in the place of a text is left out',
	(value) => {
		const odd = { request_id: value, contact_id: value, channel: value, identity: value };
		expect(read({ ...odd, capability_status: value, reason: { code: value } })).toEqual({
			reason: {},
		});
		expect(readCapabilityCallback({ ...flat, channel: value })).toBeUndefined();
	},
);

it.each([['text'], [7], [null], [['code']]])(
	'%j in the place of a reason or a list is left out',
	(reason) => {
		const notification = read({
			reason,
			channel_capabilities: Array.isArray(reason) ? {} : reason,
		});
		expect(notification).toEqual({});
	},
);

it('fields that this package does not read are kept', () => {
	expect(read({ later: { deep: [1] }, reason: { code: 'X', later: 1 } })).toEqual({
		later: { deep: [1] },
		reason: { code: 'X', later: 1 },
	});
});

it('a simplified notification has every field', () => {
	expect(simplifyCallback(callback())).toEqual({
		capability_status: 'CAPABILITY_PARTIAL',
		channel: 'RCS',
		identity: '46701234567',
		contact_id: '',
		channel_capabilities: ['ACTION_DIAL'],
		reason: null,
		request_id: '01W4FFL35P4NC4K35CAPABILITY',
		app_id: '01W4FFL35P4NC4K35CONVAPP001',
		event_time: '2026-01-15T10:20:29Z',
	});
});

it('a simplified notification has every field for the flat form too', () => {
	expect(simplifyCallback({ capability_notification: flat })).toEqual({
		...flat,
		channel_capabilities: [],
		reason: null,
		request_id: null,
		app_id: null,
		event_time: null,
	});
});

it('a simplified notification has the time of acceptance where the event has none', () => {
	expect(simplifyCallback({ ...callback(), event_time: undefined }).event_time).toBe(
		'2026-01-15T10:20:30.123456Z',
	);
});

const id = (notification = {}, nonce = 'nonce-1') => notificationId(callback(notification), nonce);

it('the notification ID is the same for every delivery of an answer', () => {
	expect(id()).toMatch(/^[0-9a-f]{32}$/);
	expect(id({}, 'nonce-2')).toBe(id());
	expect(id({ reason: { code: 'X' } })).toBe(id());
});

it.each([
	{ request_id: '01W4FFL35P4NC4K35CAPABILITZ' },
	{ channel: 'SMS' },
	{ identity: '46701234568' },
	{ capability_status: 'CAPABILITY_FULL' },
])('the notification ID differs for another answer: %j', (difference) => {
	expect(id(difference)).not.toBe(id());
});

it('the notification ID depends on the delivery where Sinch gives no request ID', () => {
	const without = { capability_notification: flat };
	expect(notificationId(without, 'a')).toBe(notificationId(without, 'a'));
	expect(notificationId(without, 'a')).not.toBe(notificationId(without, 'b'));
});
