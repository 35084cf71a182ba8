import type { CapabilityCallback } from '../sinch/types';
import { mailbox } from './mailbox';
import type { KeptFor } from './across/keptAnswers';
import { remoteAnswers } from './across/keptAnswers';

/**
 * Who waits for an answer: nobody, a wait in this process (which has now received it), or one in
 * another process, for which it is kept from now on; `full` when there is no room to keep it.
 */
export type Owner = 'none' | 'here' | 'full' | KeptFor;

/** Hands an answer to the wait that it belongs to. Times are milliseconds since 1970. */
export function findOwner(callback: CapabilityCallback, now: number): Owner {
	if (mailbox.deliver(callback, now)) {
		return 'here';
	}
	const offer = remoteAnswers.offer(callback, now);
	if (offer === 'notAwaited') {
		return 'none';
	}
	return offer === 'repeat' ? 'here' : offer;
}
