/** Channels of the Conversation API, and the legacy VIBER that some official examples still use. */
const CHANNELS = [
	'SMS',
	'RCS',
	'WHATSAPP',
	'MMS',
	'VIBERBM',
	'MESSENGER',
	'INSTAGRAM',
	'TELEGRAM',
	'LINE',
	'WECHAT',
	'KAKAOTALK',
	'KAKAOTALKCHAT',
	'APPLEBC',
	'VIBER',
] as const;

export type Channel = (typeof CHANNELS)[number];

/** Channels whose identity is a phone number; these are compared by their digits. */
const PHONE_CHANNELS: readonly string[] = ['SMS', 'RCS', 'WHATSAPP', 'MMS', 'VIBERBM'];

/** Channels whose identities are app-specific, so that a contact must state the app too. */
export const APP_SCOPED_CHANNELS: readonly string[] = ['MESSENGER', 'INSTAGRAM', 'LINE', 'WECHAT'];

export function isChannel(name: string): name is Channel {
	return (CHANNELS as readonly string[]).includes(name);
}

export function isPhoneChannel(channel: string): boolean {
	return PHONE_CHANNELS.includes(channel);
}

/** An identity as Sinch returns it: a phone number as digits only, anything else unchanged. */
export function canonicalIdentity(channel: string, identity: string): string {
	const isNumber = isPhoneChannel(channel) && looksLikePhoneNumber(identity);
	return isNumber ? identity.replace(/\D/g, '') : identity;
}

/** Whether a phone number is possible: no letters, 7 to 15 digits. */
export function looksLikePhoneNumber(identity: string): boolean {
	return !/\p{L}/u.test(identity) && /^\d{7,15}$/.test(identity.replace(/\D/g, ''));
}
