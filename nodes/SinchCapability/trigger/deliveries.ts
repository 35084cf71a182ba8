import type { IWebhookFunctions } from 'n8n-workflow';

import { createDeferred } from '../shared/promises';
import { ExpiringMap } from '../shared/expiringMap';
import { triggerKey } from './registration';

/** Sinch may repeat a callback for as long as its signature is accepted. */
const KEEP_MS = 24 * 60 * 60_000;

/** About 10,000 notifications with two names each. */
const MAX_NAMES = 20_000;

/** How many repeats of a delivery in progress are held until its result is known. */
const MAX_FOLLOWERS = 10;

/** One delivery of an answer, until its result is known and for a day after it was accepted. */
export class Delivery {
	/** Undefined while it is in progress. */
	private accepted: boolean | undefined;

	private followers = 0;

	private readonly end = createDeferred<boolean>();

	/** Resolves with whether it was accepted. */
	readonly result = this.end.promise;

	/** Whether it was accepted: a redelivery is then a repeat. */
	get isAccepted(): boolean {
		return this.accepted === true;
	}

	/** Whether it was not accepted: a redelivery then counts as new. */
	get isRefused(): boolean {
		return this.accepted === false;
	}

	/** Sets the result; one that was accepted stays accepted. */
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

/**
 * Remembers deliveries by their names, in memory only, so that a repeat starts no second execution.
 * The oldest names are forgotten first, by age and by number. Times are milliseconds of a clock that never
 * goes back.
 */
export class DeliveryLog {
	private readonly byName: ExpiringMap<Delivery>;

	constructor(maxNames = MAX_NAMES) {
		this.byName = new ExpiringMap(KEEP_MS, maxNames);
	}

	/** How many names are remembered. */
	get size(): number {
		return this.byName.size;
	}

	/** The earlier delivery with one of these names, in progress or accepted. */
	find(names: readonly string[], now: number): Delivery | undefined {
		return names
			.map((name) => this.byName.get(name, now))
			.find((delivery) => delivery && !delivery.isRefused);
	}

	/** Remembers a delivery that is in progress; its result is to be set with `settle`. */
	begin(names: readonly string[], now: number): Delivery {
		const delivery = new Delivery();
		names.forEach((name) => this.byName.set(name, delivery, now));
		return delivery;
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
