import { isoNow, steadyNow } from '../clock.mts';
import type { AttemptEntry, CallbackFault, DeliveryEntry } from '../wire.ts';
import { webhooksOf, type State, type Webhook } from '../state.mts';
import { capabilityCallback, type Notification } from './envelope.mts';
import { PacedQueue } from './pacedQueue.mts';
import { CallbackSender } from './callbackSender.mts';
import { signCallback, type SignedCallback } from './signing.mts';
import { Timers } from './timers.mts';

interface Job {
	entry: DeliveryEntry;
	/** Signs on the first call; retries and duplicates keep the same nonce and signature. */
	callback: (secret: string) => SignedCallback;
}

/** Delivers callbacks to webhooks: delayed, at the app's rate, and repeated until a response is 2xx. */
export class Deliveries {
	private readonly timers = new Timers();
	private readonly sender = new CallbackSender();
	private readonly queues = new Map<string, PacedQueue>();
	private run = 0;

	constructor(private readonly state: State) {}

	/** The webhooks of an app that subscribe to a trigger. */
	subscribers(appId: string, trigger: string): Webhook[] {
		return webhooksOf(this.state, appId).filter(
			({ target_type, triggers }) => target_type === 'HTTP' && triggers.includes(trigger),
		);
	}

	/** Schedules the callbacks of one result; returns their number. */
	announce(notification: Notification): number {
		const { answerDelayMs, answerJitterMs } = this.state.settings;
		const webhooks = this.subscribers(notification.appId, 'CAPABILITY');
		const delay = answerDelayMs + Math.random() * answerJitterMs;
		for (const webhook of webhooks) this.plan(notification, webhook, delay);
		return webhooks.length;
	}

	/** Makes one attempt immediately, without the queue, and logs it. */
	async postOnce(
		entry: DeliveryEntry,
		webhook: Webhook,
		callback: SignedCallback,
	): Promise<AttemptEntry> {
		const { log, settings } = this.state;
		const { run } = this;
		const at = isoNow();
		const result = await this.sender.post(webhook.target, callback, settings.callbackTimeoutMs);
		const attempt = { at, ...result };
		if (run !== this.run) return attempt;
		entry.target = webhook.target;
		log.addAttempt(entry, attempt);
		if (succeeded(attempt)) {
			entry.state = 'delivered';
			entry.msFromQuery = Math.floor(steadyNow()) - Date.parse(entry.askedAt);
			log.totals.delivered += 1;
		}
		return attempt;
	}

	/** Drops everything that waits and aborts what is in progress. */
	stop(): void {
		this.run += 1;
		this.timers.clear();
		this.sender.stop();
		this.queues.clear();
	}

	private plan(notification: Notification, webhook: Webhook, delayMs: number): void {
		const { appId, channel, identity, contactId } = notification;
		const recipients = [identity, contactId, `${channel} ${identity}`];
		const fault = this.state.faults.takeForCallback({ method: 'POST', recipients });
		const copies = fault?.kind === 'duplicate' ? (fault.copies ?? 1) : 0;
		const extraMs = fault?.kind === 'delay' ? (fault.delayMs ?? 1000) : 0;
		const callback = signedOnce(notification, fault);
		for (let copy = 0; copy <= copies; copy += 1) {
			const entry = this.state.log.addDelivery(logEntry(notification, webhook, fault));
			if (fault?.kind === 'drop') {
				entry.state = 'dropped';
				continue;
			}
			const job = { entry, callback };
			this.timers.after(delayMs + extraMs, () => this.enqueue(appId, job));
		}
	}

	private enqueue(appId: string, job: Job): void {
		let queue = this.queues.get(appId);
		if (!queue) {
			queue = new PacedQueue(() => this.state.settings.callbacksPerSecond, this.timers);
			this.queues.set(appId, queue);
		}
		queue.push(() => void this.attempt(appId, job));
	}

	private async attempt(appId: string, job: Job): Promise<void> {
		const { entry } = job;
		const { run } = this;
		const webhook = this.state.webhooks.get(entry.webhookId);
		if (!webhook) {
			entry.state = 'cancelled';
			return;
		}
		const attempt = await this.postOnce(entry, webhook, job.callback(webhook.secret));
		if (run === this.run && !succeeded(attempt)) this.retry(appId, job);
	}

	private retry(appId: string, job: Job): void {
		const { retryBaseMs, retryMaxDelayMs, retryMaxAttempts, retryMaxAgeMs } = this.state.settings;
		const failed = job.entry.attempts.length;
		const wait = Math.min(retryBaseMs * 2 ** (failed - 1), retryMaxDelayMs);
		const ageThen = steadyNow() + wait - Date.parse(job.entry.askedAt);
		if (failed >= retryMaxAttempts || ageThen > retryMaxAgeMs) {
			job.entry.state = 'given-up';
			return;
		}
		job.entry.state = 'retrying';
		this.timers.after(wait, () => this.enqueue(appId, job));
	}
}

function succeeded({ httpStatus }: AttemptEntry): boolean {
	return httpStatus !== null && httpStatus >= 200 && httpStatus < 300;
}

function signedOnce(notification: Notification, fault?: CallbackFault): Job['callback'] {
	let signedCallback: SignedCallback | undefined;
	return (secret) => {
		signedCallback ??= signCallback(capabilityCallback(notification, steadyNow()), secret, fault);
		return signedCallback;
	};
}

function logEntry(
	notification: Notification,
	webhook: Webhook,
	fault?: CallbackFault,
): DeliveryEntry {
	const { requestId, appId, contactId, channel, identity, answer, acceptedAt } = notification;
	return {
		requestId,
		appId,
		webhookId: webhook.id,
		target: webhook.target,
		contactId,
		channel,
		identity,
		capabilityStatus: answer.capability_status,
		reasonCode: answer.reason?.code,
		askedAt: new Date(acceptedAt).toISOString(),
		state: 'waiting',
		attempts: [],
		msFromQuery: null,
		fault: fault?.kind,
	};
}
