import { isPhoneChannel, toChannel } from './channels';
import type { ChannelIdentity } from './types';

/**
 * The key that two spellings of an identity share: phone numbers are compared by their digits, because Sinch
 * returns them with or without a plus.
 */
export function identityKey({ channel, identity }: Partial<ChannelIdentity>): string {
	const name = toChannel(String(channel ?? ''));
	const text = String(identity ?? '');
	return `${name} ${isPhoneChannel(name) ? text.replace(/\D/g, '') : text}`;
}
