import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';

/** How long a callback proves that Sinch's callbacks come to this process, in milliseconds. */
const MAX_PROOF_MS = 60 * 60_000;

let receivedAt = -Infinity;

/** Records a genuine callback for a published workflow in this process. */
export function noteReceived(now: number): void {
	receivedAt = now;
}

/** Whether callbacks are known to come to this process. */
export const receivesCallbacks = (now: number): boolean => now - receivedAt <= MAX_PROOF_MS;

/** In queue mode n8n's main process runs no execution of these modes. */
const NEVER_ON_MAIN: WorkflowExecuteMode[] = ['error', 'retry', 'trigger', 'webhook'];

/** Whether the answers of an execution come to its own process. */
export type Place = 'here' | 'elsewhere' | 'unknown';

/**
 * Says where the answers of this execution arrive. n8n 1 and 2 keep the kind of process in the context,
 * but do not document it; without it the place is unknown, and the wait looks in this process first.
 */
export function whereAnswersArrive(context: IExecuteFunctions): Place {
	const { instanceSettings } = context as { instanceSettings?: { instanceType?: string } };
	const type = instanceSettings?.instanceType;
	if (type === 'worker') {
		return 'elsewhere';
	}
	const isHere = receivesCallbacks(performance.now()) || NEVER_ON_MAIN.includes(context.getMode());
	return type === 'main' && isHere ? 'here' : 'unknown';
}
