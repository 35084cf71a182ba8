import { type IWebhookFunctions, sleep } from 'n8n-workflow';

import type { Emission } from '../notification/outcomes';
import { memoize } from '../shared/memoize';
import { createDeferred } from '../shared/promises';
import { type Acknowledge, WEBHOOK_NAMES } from '../shared/webhookAddresses';
import type { Delivery } from './deliveries';

/** When to look whether n8n has ended a response that cannot be sent: soon, then less often. */
const LOOK_FIRST_MS = 25;
const LOOK_EVERY_MS = 5_000;

/** How long an execution may take; after that, a repeat of its answer may start another one. */
const MAX_EXECUTION_MS = 15 * 60_000;

/** An execution that takes longer to store, or to finish, does not keep the next one waiting. */
const MAX_WAIT_MS: Record<Acknowledge, number> = { stored: 60_000, finished: 10_000 };

/**
 * Resolves with whether n8n has ended a response with a 2xx, or with false after some milliseconds.
 * Whether the response was sent does not count: a sender may have disconnected, and a response on a
 * connection with several requests waits for those before it.
 */
async function isEndedWell(context: IWebhookFunctions, maxMs: number): Promise<boolean> {
	const response = context.getResponseObject();
	const sent = new Promise<void>((resolve) => response.once('finish', () => resolve()));
	let pause = LOOK_FIRST_MS;
	for (let waited = 0; !response.writableEnded && waited < maxMs; waited += pause) {
		pause = Math.min(2 * pause, LOOK_EVERY_MS);
		await Promise.race([sent, sleep(pause)]);
	}
	return response.writableEnded && response.statusCode >= 200 && response.statusCode < 300;
}

export const acknowledgeOf = (context: IWebhookFunctions): Acknowledge =>
	context.getWebhookName() === WEBHOOK_NAMES.finished ? 'finished' : 'stored';

export function receive(context: IWebhookFunctions) {
	const acknowledge = acknowledgeOf(context);
	return {
		/**
		 * Whether its answer is still to be executed now; otherwise Sinch will deliver it again. Senders disconnect
		 * when a workflow takes long; their answers are executed anyway, and once.
		 */
		isWanted: () => acknowledge === 'finished' || !context.getResponseObject().destroyed,
		/** Resolves with whether n8n has accepted the execution that this request carries. */
		isAccepted: async () => await isEndedWell(context, MAX_EXECUTION_MS),
		/** Resolves when the next execution may follow the one that this request carries. */
		untilNext: async () => await isEndedWell(context, MAX_WAIT_MS[acknowledge]),
	};
}

/** A request that brought an answer for the workflow. */
export type Reception = ReturnType<typeof receive>;

/** How many answers of one trigger are held, and how many repeats of them, most of them outside n8n's handler. */
const MAX_HELD = 1000;

/** How many requests of one trigger wait inside n8n's handler, which needs much memory for each. */
const MAX_INSIDE = 50;

/** Leaves time for n8n to accept requests while more arrive than it can execute. */
const PAUSE_MS = 300;

export interface GroupMember {
	emission: Emission;
	delivery: Delivery;
	reception: Reception;
}

/** A request carries an execution, is held until the result of its delivery is known, or has to be sent again. */
export type Outcome = { carries: Emission[] } | 'held' | 'refused';

/** Sinch will deliver it again. */
function refuse({ delivery }: GroupMember): Outcome {
	delivery.settle(false);
	return 'refused';
}

/** Places for requests that are held until the result of their delivery is known. */
class Places {
	private taken = 0;

	/** @returns whether there was one left */
	take({ result }: Delivery): boolean {
		if (this.taken >= MAX_HELD) {
			return false;
		}
		this.taken += 1;
		void result.then(() => (this.taken -= 1));
		return true;
	}
}

/**
 * The executions of one trigger node: the next one follows when n8n has stored or finished the last one, or
 * has had `MAX_WAIT_MS` for it, so that n8n is not given more than it can do.
 */
class Flow {
	/** For answers that share executions. */
	private readonly answers = new Places();
	private readonly repeats = new Places();

	/** Resolves when the next execution may follow the last one; never waits for a sender. */
	private last: Promise<void> = Promise.resolve();

	private isBusy = false;
	private inside = 0;
	private held: GroupMember[] | undefined;

	/**
	 * Starts the execution at once when none is being accepted; requests that arrive in the meantime form the
	 * next one. @param windowMs how long to wait for further requests even then
	 */
	async group(member: GroupMember, windowMs: number): Promise<Outcome> {
		if (!this.answers.take(member.delivery)) {
			return refuse(member);
		}
		if (this.held) {
			this.held.push(member);
			return 'held';
		}
		const held: GroupMember[] = [];
		this.held = held;
		const wasBusy = this.isBusy;
		await Promise.all([this.last, windowMs > 0 && sleep(windowMs)]);
		if (wasBusy && held.length > 0) {
			await sleep(PAUSE_MS);
		}
		this.held = undefined;
		const { promise, resolve } = createDeferred();
		this.last = promise;
		return this.carry([member, ...held], resolve);
	}

	/** Starts an execution for this request alone, after those that came before it. */
	async queue(member: GroupMember): Promise<Outcome> {
		if (this.inside >= MAX_INSIDE) {
			return refuse(member);
		}
		this.inside += 1;
		const before = this.last;
		const { promise, resolve } = createDeferred();
		this.last = promise;
		await before;
		this.inside -= 1;
		return this.carry([member], resolve);
	}

	/** The result of a delivery, for a repeat of it; undefined when too many repeats already wait. */
	follow(delivery: Delivery): Promise<boolean> | undefined {
		const result = delivery.follow();
		return result && this.repeats.take(delivery) ? result : undefined;
	}

	/**
	 * Starts an execution in the first request, even when that one's own sender has disconnected. Leaves out
	 * the others whose sender has: Sinch will deliver them again. @param next lets the next execution follow
	 */
	private carry(requests: [GroupMember, ...GroupMember[]], next: () => void): Outcome {
		const members = requests.filter(({ reception }) => reception.isWanted());
		requests.filter((request) => !request.reception.isWanted()).forEach(refuse);
		if (members.length === 0) {
			next();
			return 'refused';
		}
		const [{ reception }] = requests;
		void reception
			.isAccepted()
			.then((isAccepted) => members.forEach(({ delivery }) => delivery.settle(isAccepted)));
		this.isBusy = true;
		void reception.untilNext().then(() => {
			this.isBusy = false;
			next();
		});
		return { carries: members.map(({ emission }) => emission) };
	}
}

/** The executions of a trigger node, by its `triggerKey`. */
export const flowOf = memoize(() => new Flow());
