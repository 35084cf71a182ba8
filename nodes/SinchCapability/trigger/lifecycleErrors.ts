import type { IHookFunctions, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

type LifecycleMethod = (this: IHookFunctions) => Promise<boolean>;

/** Title and advice as one text, e.g. `Sinch is not available at the moment. Try again in a few minutes. …`. */
function wordsOf(error: unknown): string {
	const { message, description } = error as NodeApiError;
	return [message, description]
		.filter((text) => typeof text === 'string' && text !== '')
		.map((text) => `${text}`.replace(/[^.!?]$/, '$&.'))
		.join(' ');
}

/**
 * Puts everything an error says into its message: when publishing fails, n8n shows the user
 * nothing else.
 *
 * @param consequence what to say at the end of every error, as a sentence; nothing when it is empty
 */
export function explainErrors(
	method: LifecycleMethod,
	consequence?: (context: IHookFunctions) => string | undefined,
): LifecycleMethod {
	return async function (this: IHookFunctions) {
		try {
			return await method.call(this);
		} catch (error) {
			const words = [wordsOf(error), consequence?.(this)].filter(Boolean).join(' ');
			const shown = new NodeOperationError(this.getNode(), words);
			// n8n has replaced a message that names a code like ECONNREFUSED with its own sentence.
			shown.message = words;
			throw shown;
		}
	};
}
