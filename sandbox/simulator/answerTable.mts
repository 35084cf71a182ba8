import { canonicalIdentity, isPhoneChannel, looksLikePhoneNumber } from './channels.mts';
import { because, FULL, NONE, UNKNOWN } from './answer.mts';
import { DEMO_CONTACTS } from './demoContacts.mts';
import type { App } from './demoProject.mts';
import type { Answer } from './wire.ts';

/** What each simulated channel answers about an identity; the rules are in `demoContacts.mts`. */
export class AnswerTable {
	private readonly known = new Map<string, Answer>();

	constructor() {
		this.reset();
	}

	/** Restores the table of demo contacts. */
	reset(): void {
		this.known.clear();
		for (const contact of DEMO_CONTACTS) {
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
			return { ...NONE, ...because('RECIPIENT_INVALID_CHANNEL_IDENTITY') };
		}
		return this.known.get(key(channel, identity)) ?? byRule(app, channel);
	}
}

function byRule(app: App, channel: string): Answer {
	if (!app.channels.some((name) => name === channel)) {
		return { ...UNKNOWN, ...because('CHANNEL_CONFIGURATION_MISSING') };
	}
	return channel === 'RCS' || channel === 'WHATSAPP' ? UNKNOWN : FULL;
}

function key(channel: string, identity: string): string {
	return `${channel} ${canonicalIdentity(channel, identity)}`;
}
