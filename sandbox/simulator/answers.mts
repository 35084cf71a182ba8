import { canonicalIdentity, isPhoneChannel, looksLikePhoneNumber } from './channels.mts';
import { because, full, none, unknown, type Answer } from './answer.mts';
import { demoContacts } from './demo-contacts.mts';
import type { App } from './demo-project.mts';

/** Knows what each simulated channel answers about an identity; see the table for the rules. */
export class AnswerBook {
	private readonly known = new Map<string, Answer>();

	constructor() {
		this.reset();
	}

	/** Back to the table of demo contacts. */
	reset(): void {
		this.known.clear();
		for (const contact of demoContacts) {
			for (const { channel, identity, outcome: _outcome, ...answer } of contact.channels) {
				this.set(channel, identity, answer);
			}
		}
	}

	/** Adds or replaces what a channel answers about an identity. */
	set(channel: string, identity: string, answer: Answer): void {
		this.known.set(key(channel, identity), answer);
	}

	find(app: App, channel: string, identity: string): Answer {
		if (isPhoneChannel(channel) && !looksLikePhoneNumber(identity)) {
			return { ...none, ...because('RECIPIENT_INVALID_CHANNEL_IDENTITY') };
		}
		return this.known.get(key(channel, identity)) ?? byRule(app, channel);
	}
}

function byRule(app: App, channel: string): Answer {
	if (!app.channels.some((name) => name === channel)) {
		return { ...unknown, ...because('CHANNEL_CONFIGURATION_MISSING') };
	}
	return channel === 'RCS' || channel === 'WHATSAPP' ? unknown : full;
}

function key(channel: string, identity: string): string {
	return `${channel} ${canonicalIdentity(channel, identity)}`;
}
