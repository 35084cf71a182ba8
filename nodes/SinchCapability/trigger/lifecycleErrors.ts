import type { IHookFunctions, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

type LifecycleMethod = (this: IHookFunctions) => Promise<boolean>;

/** Title and way out as one text, e.g. `Sinch is not available at the moment. Try again in a few minutes. …`. */
function wordsOf(error: unknown): string {
	const { message, description } = error as NodeApiError;
	return [message, description]
		.filter((text) => typeof text === 'string' && text !== '')
		.map((text) => `${text}`.replace(/[^.!?]$/, '$&.'))
		.join(' ');
}

/**
 * Puts all that an error says into its message: of an error in the life cycle, n8n shows the user
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
			// n8n has put a sentence of its own in place of one that names a code like ECONNREFUSED.
			shown.message = words;
			throw shown;
		}
	};
}
