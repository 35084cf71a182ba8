/** A channel of the Conversation API; `phone` marks those whose identity is a phone number. */
interface Channel {
	value: string;
	name: string;
	phone?: true;
}

/** The channels that Sinch documents, by their name in Sinch's dashboard. */
export const CHANNELS: readonly Channel[] = [
	{ value: 'APPLEBC', name: 'Apple Messages for Business' },
	{ value: 'INSTAGRAM', name: 'Instagram' },
	{ value: 'KAKAOTALK', name: 'KakaoTalk' },
	{ value: 'KAKAOTALKCHAT', name: 'KakaoTalk Chat' },
	{ value: 'LINE', name: 'LINE' },
	{ value: 'MESSENGER', name: 'Messenger' },
	{ value: 'MMS', name: 'MMS', phone: true },
	{ value: 'RCS', name: 'RCS', phone: true },
	{ value: 'SMS', name: 'SMS', phone: true },
	{ value: 'TELEGRAM', name: 'Telegram' },
	{ value: 'VIBERBM', name: 'Viber Business Messages', phone: true },
	{ value: 'WECHAT', name: 'WeChat' },
	{ value: 'WHATSAPP', name: 'WhatsApp', phone: true },
];

const phoneChannels = new Set(CHANNELS.filter(({ phone }) => phone).map(({ value }) => value));

/** Sinch writes channels in upper case; one that is not listed yet is sent all the same. */
export const toChannel = (typed: string): string => typed.trim().toUpperCase();

/** Whether identities on this channel are phone numbers. */
export const isPhoneChannel = (channel: string): boolean => phoneChannels.has(channel);
