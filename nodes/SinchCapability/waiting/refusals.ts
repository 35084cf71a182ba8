/**
 * Why a trigger in this process has refused requests that may have been Sinch's: not signed, signed
 * with a secret that it does not know, or genuine but with a time that is too far from n8n's clock.
 */
export type RefusalKind = 'unsigned' | 'signature' | 'future' | 'old';

export type Refusals = Readonly<Record<RefusalKind, number>>;

const counts: Record<RefusalKind, number> = { unsigned: 0, signature: 0, future: 0, old: 0 };

export function noteRefusal(kind: RefusalKind): void {
	counts[kind] += 1;
}

/** How many there have been since this process started, or since an earlier count. */
export function countRefusals(earlier?: Refusals): Refusals {
	const { unsigned, signature, future, old } = counts;
	return {
		unsigned: unsigned - (earlier?.unsigned ?? 0),
		signature: signature - (earlier?.signature ?? 0),
		future: future - (earlier?.future ?? 0),
		old: old - (earlier?.old ?? 0),
	};
}
