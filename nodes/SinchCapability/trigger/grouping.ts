import type { IWebhookFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import type { Emission } from '../callbacks/outputs';

/** How long a group stays open, in milliseconds, and how many notifications it holds at most. */
export interface GroupSettings {
	windowMs: number;
	maximum: number;
}

type WebhookResponse = ReturnType<IWebhookFunctions['getResponseObject']>;

/** One notification of a group, and the request that waits for its answer. */
interface Member {
	emission: Emission;
	response: WebhookResponse;
}

/** What a request does for its group: start the execution of all, or be answered as that one was. */
export type Part = { carries: Emission[] } | { accepted: boolean };

/** n8n answers a request only after it has accepted its execution, and then with 2xx. */
async function wasAccepted(response: WebhookResponse): Promise<boolean> {
	return await new Promise((resolve) => {
		response.once('finish', () => resolve(response.statusCode >= 200 && response.statusCode < 300));
		// Comes after `finish`, or instead of it when the sender has hung up.
		response.once('close', () => resolve(false));
	});
}

class Group {
	private readonly members: Member[] = [];

	private waiting: Member[] | undefined;

	private accepted: Promise<boolean> | undefined;

	private tellClosed: () => void = () => {};

	private readonly closed = new Promise<void>((resolve) => {
		this.tellClosed = resolve;
	});

	constructor(private readonly whenClosed: () => void) {}

	async join(member: Member, maximum: number): Promise<Part> {
		this.members.push(member);
		if (this.members.length >= maximum) {
			this.close();
		}
		await this.closed;
		return await this.partOf(member);
	}

	/** Who has hung up by now is left out: its sender comes again. */
	close(): void {
		if (this.waiting) {
			return;
		}
		this.whenClosed();
		this.waiting = this.members.filter(({ response }) => !response.destroyed);
		const [carrier] = this.waiting;
		this.accepted = carrier && wasAccepted(carrier.response);
		this.tellClosed();
	}

	private async partOf(member: Member): Promise<Part> {
		const { waiting = [], accepted = false } = this;
		if (member === waiting[0]) {
			return { carries: waiting.map(({ emission }) => emission) };
		}
		return { accepted: waiting.includes(member) && (await accepted) };
	}
}

/**
 * Collects the notifications that arrive within a window, so that they start one execution together.
 * Nothing is kept beyond the window: each notification's request waits until n8n has accepted the
 * execution, and its sender hears what came of it.
 */
export class Groups {
	private readonly open = new Map<string, Group>();

	/** @param trigger the name of the trigger node that the group belongs to */
	async join(trigger: string, member: Member, settings: GroupSettings): Promise<Part> {
		const group = this.open.get(trigger) ?? this.begin(trigger, settings.windowMs);
		return await group.join(member, settings.maximum);
	}

	private begin(trigger: string, windowMs: number): Group {
		const group = new Group(() => this.open.delete(trigger));
		this.open.set(trigger, group);
		void sleep(windowMs).then(() => group.close());
		return group;
	}
}
