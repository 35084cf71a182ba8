import { steadyNow } from './clock.mts';
import type {
	AttemptEntry,
	DeliveryEntry,
	MessageEntry,
	QueryEntry,
	RequestEntry,
	Totals,
} from './wire.ts';

const NO_TOTALS: Totals = {
	tokenCalls: 0,
	tokensIssued: 0,
	requests: 0,
	queries: 0,
	queriesSpan: 0,
	messages: 0,
	attempts: 0,
	delivered: 0,
};

/** The log of requests, queries, messages and deliveries; each list keeps the newest `size()` entries. */
export class Log {
	readonly requests: RequestEntry[] = [];
	readonly queries: QueryEntry[] = [];
	readonly messages: MessageEntry[] = [];
	readonly deliveries: DeliveryEntry[] = [];
	totals: Totals = { ...NO_TOTALS };

	private firstQueryAt = 0;

	constructor(
		private readonly size: () => number,
		private readonly narrate: (line: string) => void,
	) {}

	addRequest(entry: RequestEntry): RequestEntry {
		this.totals.requests += 1;
		return this.add(this.requests, entry);
	}

	/** Completes the entry of a request once it is answered or cut off; only the first call counts. */
	endRequest(entry: RequestEntry, status: number | null): void {
		if (entry.ms !== null) return;
		entry.status = status;
		entry.ms = Math.floor(steadyNow()) - Date.parse(entry.at);
		const notes = [entry.error, entry.fault && `(fault: ${entry.fault})`].filter(Boolean).join(' ');
		this.narrate(`${entry.method} ${entry.path} → ${status ?? 'cut off'} ${notes}`.trimEnd());
	}

	addQuery(entry: QueryEntry): QueryEntry {
		const at = Date.parse(entry.at);
		if (this.totals.queries === 0) this.firstQueryAt = at;
		this.totals.queries += 1;
		this.totals.queriesSpan = at - this.firstQueryAt;
		return this.add(this.queries, entry);
	}

	addMessage(entry: MessageEntry): MessageEntry {
		this.totals.messages += 1;
		return this.add(this.messages, entry);
	}

	addDelivery(entry: DeliveryEntry): DeliveryEntry {
		return this.add(this.deliveries, entry);
	}

	addAttempt(delivery: DeliveryEntry, attempt: AttemptEntry): void {
		this.totals.attempts += 1;
		delivery.attempts.push(attempt);
		const { channel, identity, capabilityStatus = 'no status', target } = delivery;
		const answer = attempt.httpStatus ?? attempt.error;
		this.narrate(`callback ${channel} ${identity} ${capabilityStatus} to ${target} → ${answer}`);
	}

	/** Empties the lists and resets the totals to 0. */
	clear(): void {
		const { requests, queries, messages, deliveries } = this;
		for (const list of [requests, queries, messages, deliveries]) list.length = 0;
		this.totals = { ...NO_TOTALS };
	}

	private add<T>(list: T[], entry: T): T {
		list.push(entry);
		while (list.length > this.size()) list.shift();
		return entry;
	}
}
