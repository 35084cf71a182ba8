import { createDeferred } from '../shared/promises';
import { ExpiringMap } from '../shared/expiringMap';
import type { IWebhookFunctions } from 'n8n-workflow';
import { triggerKey } from './registration';

/** Sinch may repeat a callback for as long as its signature is accepted. */
const KEEP_MS = 24 * 60 * 60_000;

/** About 10,000 notifications with two names each. */
const MAX_NAMES = 20_000;

/** How many repeats of a delivery in progress are held until its result is known. */
const MAX_FOLLOWERS = 10;

/** One delivery of an answer, until its result is known and for a day after it was accepted. */
export class Delivery {
	/** Whether it was accepted: a redelivery is then a repeat. */
	isAccepted = false;

	private followers = 0;

	private readonly end = createDeferred<boolean>();

	/** Resolves with whether it was accepted. */
	readonly result = this.end.promise;

	constructor(
		readonly names: readonly string[],
		private readonly forget: () => void,
	) {}

	/** Sets the result; a redelivery of one that was not accepted counts as new. */
	settle(isAccepted: boolean): void {
		if (this.isAccepted) {
			return;
		}
		this.isAccepted = isAccepted;
		if (!isAccepted) {
			this.forget();
		}
		this.end.resolve(isAccepted);
	}

	/** The result, for a repeat; undefined when too many repeats already wait for it. */
	follow(): Promise<boolean> | undefined {
		this.followers += 1;
		return this.followers > MAX_FOLLOWERS ? undefined : this.result;
	}
}

/**
 * Remembers deliveries by their names, in memory only, so that a repeat starts no second execution.
 * The oldest names are forgotten first, by age and by number.
 */
export class DeliveryLog {
	private readonly byName: ExpiringMap<Delivery>;

	constructor(keepMs = KEEP_MS, maxNames = MAX_NAMES) {
		this.byName = new ExpiringMap(keepMs, maxNames);
	}

	/** How many names are remembered. */
	get size(): number {
		return this.byName.size;
	}

	/**
	 * The earlier delivery with one of these names, in progress or accepted.
	 *
	 * @param now milliseconds of a clock that never goes back
	 */
	find(names: readonly string[], now: number): Delivery | undefined {
		return names.map((name) => this.byName.get(name, now)).find(Boolean);
	}

	/** Marks a delivery as in progress; its result is to be set with `settle`. */
	begin(names: readonly string[], now: number): Delivery {
		const delivery = new Delivery(names, () => this.forget(delivery, now));
		for (const name of names) {
			this.byName.set(name, delivery, now);
		}
		return delivery;
	}

	private forget(delivery: Delivery, since: number): void {
		for (const name of delivery.names) {
			if (this.byName.get(name, since) === delivery) {
				this.byName.delete(name);
			}
		}
	}
}

/** The memory of this process; every trigger node has its own names in it. */
const deliveries = new DeliveryLog();

/** The names of a delivery to this trigger in the memory of this process. */
const ownNamesOf = (context: IWebhookFunctions, names: readonly string[]): string[] =>
	names.map((name) => `${triggerKey(context)} ${name}`);

/**
 * The earlier delivery, in progress or accepted.
 *
 * @param names identify a delivery; two with one name in common are the same
 */
export const recognise = (
	context: IWebhookFunctions,
	names: readonly string[],
): Delivery | undefined => deliveries.find(ownNamesOf(context, names), performance.now());

/** Remembers a delivery whose result is to be set. */
export const remember = (context: IWebhookFunctions, names: readonly string[]): Delivery =>
	deliveries.begin(ownNamesOf(context, names), performance.now());
