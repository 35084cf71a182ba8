import { canonicalIdentity, looksLikePhoneNumber } from './channels.mts';
import type {
	ApiFault,
	ApiFaultKind,
	ApiTarget,
	CallbackFault,
	CallbackFaultKind,
	FaultRule,
} from './wire.ts';

const API_FAULT_KINDS = ['status', 'garbage', 'reset', 'delay', 'timeout'] satisfies ApiFaultKind[];
export const CALLBACK_FAULT_KINDS = [
	'delay',
	'drop',
	'duplicate',
	'garbage',
	'unsigned',
	'wrong-signature',
	'signature-of-another-body',
	'changed-body',
	'wrong-algorithm',
	'old-timestamp',
] satisfies CallbackFaultKind[];
const API_TARGETS = [
	'token',
	'apps',
	'webhooks',
	'contacts',
	'query',
	'messages',
] satisfies ApiTarget[];

interface ActiveRule {
	rule: FaultRule;
	/** Matching requests or callbacks so far, including skipped ones. */
	seen: number;
	hits: number;
}

/** The properties of a request or callback that rules can match. */
export interface FaultSubject {
	method?: string;
	recipients?: string[];
}

/** The pending faults. */
export class FaultRules {
	private rules: ActiveRule[] = [];

	add(rule: FaultRule): void {
		this.rules.push({ rule, seen: 0, hits: 0 });
	}

	clear(): void {
		this.rules = [];
	}

	/** All rules with their numbers of matches and hits, including used-up ones. */
	list(): Array<FaultRule & { seen: number; hits: number }> {
		return this.rules.map(({ rule, seen, hits }) => ({ ...rule, seen, hits }));
	}

	takeForRequest(target: ApiTarget, subject: FaultSubject): ApiFault | undefined {
		return this.take(target, subject) as ApiFault | undefined;
	}

	takeForCallback(subject: FaultSubject): CallbackFault | undefined {
		return this.take('callback', subject) as CallbackFault | undefined;
	}

	private take(target: FaultRule['target'], subject: FaultSubject): FaultRule | undefined {
		for (const active of this.rules) {
			const { rule } = active;
			if (rule.target !== target || !matches(rule, subject)) continue;
			if (active.hits >= (rule.times ?? 1)) continue;
			active.seen += 1;
			if (active.seen <= (rule.after ?? 0)) continue;
			if (Math.random() >= (rule.probability ?? 1)) continue;
			active.hits += 1;
			return rule;
		}
		return undefined;
	}
}

function matches(rule: FaultRule, { method, recipients = [] }: FaultSubject): boolean {
	if (rule.method && rule.method.toUpperCase() !== method) return false;
	const wanted = rule.recipient;
	if (!wanted) return true;
	return recipients.some((name) => comparable(name) === comparable(wanted));
}

function comparable(recipient: string): string {
	return looksLikePhoneNumber(recipient) ? canonicalIdentity('SMS', recipient) : recipient;
}

const NUMBER = { type: 'number', minimum: 0 };
const COUNT = { type: 'integer', minimum: 0 };

/** JSON Schema of one fault rule. */
export const FAULT_SCHEMA = {
	type: 'object',
	required: ['target', 'kind'],
	additionalProperties: false,
	properties: {
		target: { enum: [...API_TARGETS, 'callback'] },
		kind: { enum: [...new Set([...API_FAULT_KINDS, ...CALLBACK_FAULT_KINDS])] },
		method: { type: 'string' },
		recipient: { type: 'string', minLength: 1 },
		times: { type: 'integer', minimum: 1 },
		after: COUNT,
		probability: { type: 'number', minimum: 0, maximum: 1 },
		status: { type: 'integer', minimum: 200, maximum: 599 },
		body: {},
		retryAfter: { type: ['string', 'number'] },
		delayMs: NUMBER,
		processed: { type: 'boolean' },
		copies: { type: 'integer', minimum: 1 },
		ageSeconds: NUMBER,
	},
};

/** Whether the kind suits the target: a status for an API call, a signature for a callback. */
export function kindFitsTarget({ target, kind }: { target: string; kind: string }): boolean {
	const kinds: readonly string[] = target === 'callback' ? CALLBACK_FAULT_KINDS : API_FAULT_KINDS;
	return kinds.includes(kind);
}
