import { ExpiringMap } from '../shared/expiringMap';

/** Sinch may repeat a callback for as long as its signature is accepted. */
const KEEP_MS = 24 * 60 * 60_000;

/** About 10,000 notifications with two names each, some 5 MB. */
const MAX_NAMES = 20_000;

/** How many repeats of a delivery on its way are held until its end is known. */
const MAX_FOLLOWERS = 10;

/** One delivery: what became of it is known once n8n has answered its sender. */
export class Delivery {
	/** Whether its sender was told 2xx; until then it is on its way. */
	isAccepted = false;

	private followers = 0;

	private tellEnd: (accepted: boolean) => void = () => {};

	private readonly end = new Promise<boolean>((resolve) => {
		this.tellEnd = resolve;
	});

	constructor(
		readonly names: readonly string[],
		private readonly forget: () => void,
	) {}

	/** The sender has its 2xx: from now on the same again is a repeat. */
	accept(): void {
		this.isAccepted = true;
		this.tellEnd(true);
	}

	/** It came to nothing: the sender's next try is a first one again. */
	takeBack(): void {
		if (!this.isAccepted) {
			this.forget();
			this.tellEnd(false);
		}
	}

	/** Resolves with whether it was accepted; at once with false when enough repeats wait for it. */
	async follow(): Promise<boolean> {
		if (this.followers >= MAX_FOLLOWERS) {
			return false;
		}
		this.followers += 1;
		return await this.end;
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
	 * The delivery that had one of these names before, on its way or accepted.
	 *
	 * @param now milliseconds since 1970
	 */
	find(names: readonly string[], now: number): Delivery | undefined {
		return names.map((name) => this.byName.get(name, now)).find(Boolean);
	}

	/** Marks a delivery as on its way; its end must be told to what this returns. */
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
