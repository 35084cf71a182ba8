import type { SignedCallback } from './signing.mts';

export interface PostResult {
	/** null without a response. */
	httpStatus: number | null;
	error?: string;
	ms: number;
}

/** Posts callbacks; all those in progress can be aborted together. */
export class CallbackSender {
	private readonly underWay = new Set<AbortController>();

	async post(target: string, callback: SignedCallback, timeoutMs: number): Promise<PostResult> {
		const abort = new AbortController();
		const timer = setTimeout(() => abort.abort(new Error('timed out')), timeoutMs);
		const startedAt = performance.now();
		const elapsed = () => Math.round(performance.now() - startedAt);
		this.underWay.add(abort);
		try {
			const { headers, body } = callback;
			const request = { method: 'POST', headers, body, redirect: 'manual' } as const;
			const response = await fetch(target, { ...request, signal: abort.signal });
			const ms = elapsed();
			await response.arrayBuffer();
			return { httpStatus: response.status, ms };
		} catch (error) {
			return { httpStatus: null, error: describe(error), ms: elapsed() };
		} finally {
			clearTimeout(timer);
			this.underWay.delete(abort);
		}
	}

	stop(): void {
		for (const abort of this.underWay) abort.abort(new Error('stopped'));
	}
}

function describe(error: unknown): string {
	const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
	return cause?.code ?? cause?.message ?? message;
}
