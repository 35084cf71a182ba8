import { choiceFinder } from '../shared/choices';
import type { ChannelIdentity } from './types';

/**
 * A channel of the Conversation API; `phone` marks those whose identity is a phone number, `perApp`
 * those where a person has a different identity in each app.
 */
interface Channel {
	value: string;
	name: string;
	phone?: true;
	perApp?: true;
}

/** The channels that Sinch documents, by their name in Sinch's dashboard. */
export const CHANNELS: readonly Channel[] = [
	{ value: 'APPLEBC', name: 'Apple Messages for Business' },
	{ value: 'INSTAGRAM', name: 'Instagram', perApp: true },
	{ value: 'KAKAOTALK', name: 'KakaoTalk' },
	{ value: 'KAKAOTALKCHAT', name: 'KakaoTalk Chat' },
	{ value: 'LINE', name: 'LINE', perApp: true },
	{ value: 'MESSENGER', name: 'Messenger', perApp: true },
	{ value: 'MMS', name: 'MMS', phone: true },
	{ value: 'RCS', name: 'RCS', phone: true },
	{ value: 'SMS', name: 'SMS', phone: true },
	{ value: 'TELEGRAM', name: 'Telegram' },
	{ value: 'VIBERBM', name: 'Viber Business Messages', phone: true },
	{ value: 'WECHAT', name: 'WeChat', perApp: true },
	{ value: 'WHATSAPP', name: 'WhatsApp', phone: true },
];

export const PHONE_CHANNELS = CHANNELS.filter(({ phone }) => phone).map(({ value }) => value);

/** A channel that Sinch documents, by its value or name in any spelling, e.g. `Viber` or `whats app`. */
export const findChannel = choiceFinder([
	...CHANNELS,
	{ value: 'VIBERBM', name: 'Viber' },
	{ value: 'VIBERBM', name: 'Viber Business' },
	{ value: 'WHATSAPP', name: 'WhatsApp Business' },
	{ value: 'MESSENGER', name: 'Facebook Messenger' },
]);

/** Sinch's spelling of a channel: upper case, also for one that is not listed yet; some callbacks say VIBER. */
export const toChannel = (typed: string): string =>
	findChannel(typed) ?? typed.trim().toUpperCase();

export const isPhoneChannel = (channel: string): boolean => PHONE_CHANNELS.includes(channel);

/** Whether an identity on this channel belongs to one app, which a contact must name with it. */
export const isPerApp = (channel: string): boolean =>
	CHANNELS.some(({ value, perApp }) => perApp && value === channel);

/** The channel's display name; a channel that is not listed yet keeps its own name. */
export const channelName = (channel: string): string =>
	CHANNELS.find(({ value }) => value === channel)?.name ?? channel;

/**
 * The key that two spellings of an identity share: phone numbers are compared by their digits, because Sinch
 * returns them with or without a plus.
 */
export function identityKey({ channel, identity }: Partial<ChannelIdentity>): string {
	const name = toChannel(String(channel ?? ''));
	const text = String(identity ?? '');
	return `${name} ${isPhoneChannel(name) ? text.replace(/\D/g, '') : text}`;
}
