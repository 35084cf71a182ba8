import type { CapabilityCallback } from '../sinch/types';
import { mailbox } from './mailbox';
import type { KeptFor } from './across/keptAnswers';
import { remoteAnswers } from './across/keptAnswers';

/**
 * What became of an answer: no wait needs it, a wait has received it (now or before), it is kept for
 * a wait in another process, or there is no room to keep it.
 */
export type ToWait = { state: 'nobody' | 'delivered' | 'full' } | { state: 'kept'; kept: KeptFor };

/**
 * Hands an answer to the wait that it belongs to.
 *
 * @param now milliseconds of a clock that never goes back
 * @param date milliseconds since 1970
 */
export function deliverToWait(callback: CapabilityCallback, now: number, date: number): ToWait {
	if (mailbox.deliver(callback, now)) {
		return { state: 'delivered' };
	}
	const offer = remoteAnswers.offer(callback, now, date);
	switch (offer) {
		case 'notAwaited':
			return { state: 'nobody' };
		case 'repeat':
			return { state: 'delivered' };
		case 'full':
			return { state: 'full' };
		default:
			return { state: 'kept', kept: offer };
	}
}
