import { createDeferred } from '../shared/promises';
import { ExpiringMap } from '../shared/expiringMap';

/** Sinch repeats a callback of SMS for 22.75 hours, whatever age of a signature a trigger accepts. */
const KEEP_MS = 24 * 60 * 60_000;

/** About 10,000 notifications with two names each. */
const MAX_NAMES = 20_000;

/** How many repeats of a delivery in progress are held until its result is known. */
const MAX_FOLLOWERS = 10;

/** One delivery of an answer, until its result is known and for a day after it was accepted. */
export class Delivery {
	/** Undefined while it is in progress. One that was not accepted counts as new when it comes again. */
	accepted: boolean | undefined;

	private followers = 0;
	private readonly end = createDeferred<boolean>();
	readonly result = this.end.promise;

	settle(isAccepted: boolean): void {
		this.accepted ||= isAccepted;
		this.end.resolve(isAccepted);
	}

	/** The result, for a repeat; undefined when too many repeats already wait for it. */
	follow(): Promise<boolean> | undefined {
		this.followers += 1;
		return this.followers > MAX_FOLLOWERS ? undefined : this.result;
	}
}

/** Remembers deliveries by their names, so that a repeat starts no second execution; the oldest are forgotten first. */
export class DeliveryLog {
	private readonly byName = new ExpiringMap<Delivery>(KEEP_MS, MAX_NAMES);

	/** The earlier delivery, in progress or accepted. Two deliveries with one name in common are the same. */
	find(names: readonly string[], now: number): Delivery | undefined {
		return names
			.map((name) => this.byName.get(name, now))
			.find((delivery) => delivery && delivery.accepted !== false);
	}

	begin(names: readonly string[], now: number): Delivery {
		const delivery = new Delivery();
		names.forEach((name) => this.byName.set(name, delivery, now));
		return delivery;
	}
}

/** The memory of this process; the names of each trigger node begin with its `triggerKey`. */
export const deliveries = new DeliveryLog();
