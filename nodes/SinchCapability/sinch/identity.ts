import { isPhoneChannel, toChannel } from './channels';
import type { ChannelIdentity } from './types';

/**
 * What makes two spellings one identity: phone numbers are compared by their digits, because Sinch
 * gives them back with or without plus.
 */
export function identityKey({ channel, identity }: Partial<ChannelIdentity>): string {
	const name = toChannel(String(channel ?? ''));
	const text = String(identity ?? '');
	return `${name} ${isPhoneChannel(name) ? text.replace(/\D/g, '') : text}`;
}
