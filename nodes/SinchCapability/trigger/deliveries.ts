import { createDeferred } from '../shared/promises';
import { ExpiringMap } from '../shared/expiringMap';
import type { IWebhookFunctions } from 'n8n-workflow';
import { receiverLoad } from '../pacing/answerPace';
import type { Reception } from './acknowledgement';
import { acknowledgeOf, receive } from './acknowledgement';

/** Sinch may repeat a callback for as long as its signature is accepted. */
const KEEP_MS = 24 * 60 * 60_000;

/** About 10,000 notifications with two names each. */
const MAX_NAMES = 20_000;

/** How many repeats of a delivery in progress are held until its result is known. */
const MAX_FOLLOWERS = 10;

/** One delivery; its result is known once n8n has responded to its sender. */
export class Delivery {
	/** Whether its sender got a 2xx; until then it is in progress. */
	isAccepted = false;

	private followers = 0;

	private readonly end = createDeferred<boolean>();

	constructor(
		readonly names: readonly string[],
		private readonly forget: () => void,
	) {}

	/** The sender got a 2xx: a redelivery now counts as a repeat. */
	accept(): void {
		this.isAccepted = true;
		this.end.resolve(true);
	}

	/** Not accepted: a redelivery counts as new. */
	takeBack(): void {
		if (!this.isAccepted) {
			this.forget();
			this.end.resolve(false);
		}
	}

	/** Resolves with whether it was accepted; at once with false when too many repeats already wait. */
	async follow(): Promise<boolean> {
		if (this.followers >= MAX_FOLLOWERS) {
			return false;
		}
		this.followers += 1;
		return await this.end.promise;
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
	 * @param now milliseconds since 1970
	 */
	find(names: readonly string[], now: number): Delivery | undefined {
		return names.map((name) => this.byName.get(name, now)).find(Boolean);
	}

	/** Marks a delivery as in progress; report its result to the returned object. */
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

/**
 * The end of a delivery is the answer that its sender is given: only a 2xx makes the same again a
 * repeat.
 */
function watch({ arrived }: Reception, delivery: Delivery, weight: number): void {
	receiverLoad.add(weight);
	void arrived.then((isAccepted) => {
		receiverLoad.add(-weight);
		if (isAccepted) {
			delivery.accept();
		} else {
			delivery.takeBack();
		}
	});
}

/**
 * One trigger node, and whether it listens for a test, because both may get the same callback: the
 * name under which this process keeps what belongs to it.
 */
export function triggerKey(context: IWebhookFunctions): string {
	const { webhookId, id } = context.getNode();
	return `${webhookId ?? `${context.getWorkflow().id} ${id}`} ${context.getMode()}`;
}

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
): Delivery | undefined => deliveries.find(ownNamesOf(context, names), Date.now());

/** Remembers a delivery that starts no execution. */
export function remember(context: IWebhookFunctions, names: readonly string[]): void {
	watch(receive(context), deliveries.begin(ownNamesOf(context, names), Date.now()), 0);
}

/** Remembers a delivery that is to start an execution. */
export function admit(context: IWebhookFunctions, names: readonly string[]): Reception {
	const reception = receive(context);
	// How long a workflow takes says nothing about how busy n8n is.
	const weight = acknowledgeOf(context) === 'finished' ? 0 : 1;
	watch(reception, deliveries.begin(ownNamesOf(context, names), Date.now()), weight);
	return reception;
}
