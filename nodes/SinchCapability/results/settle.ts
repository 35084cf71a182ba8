import { sleep } from 'n8n-workflow';

import type { Awaited } from './awaited';
import type { Mailbox } from './mailbox';

/** The longest sleep, which is how late a deadline can be noticed, in milliseconds. */
const SLICE_MS = 50;

/** A question with the moment at which its wait is over, in milliseconds since 1970. */
export interface Wait {
	awaited: Awaited;
	deadline: number;
}

/** Resolves when every question has its answers, its time is up, or the execution is cancelled. */
export async function settle(mailbox: Mailbox, waits: Wait[], signal?: AbortSignal): Promise<void> {
	let open = waits;
	let slice: Promise<void> | undefined;
	while (!signal?.aborted) {
		const now = Date.now();
		const stillOpen: Wait[] = [];
		for (const wait of open) {
			if (!wait.awaited.isComplete && wait.deadline > now) {
				stillOpen.push(wait);
			} else {
				mailbox.close(wait.awaited, now);
			}
		}
		open = stillOpen;
		if (open.length === 0) {
			return;
		}
		slice ??= sleep(SLICE_MS).then(() => {
			slice = undefined;
		});
		await Promise.race([slice, mailbox.nextArrival()]);
	}
}
