import type { IHookFunctions, NodeApiError } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

type LifecycleMethod = (this: IHookFunctions) => Promise<boolean>;

const NOT_UNDERSTOOD =
	"Sinch's answer was not understood. Check the Region, and for a custom region the API Base URL: it may be the address of something else.";

/** Title and way out as one text, e.g. `Sinch is not available at the moment. Try again in a few minutes. …`. */
function wordsOf(error: unknown): string {
	// What our own code meets when it reads an answer that is not Sinch's.
	if (error instanceof TypeError) {
		return NOT_UNDERSTOOD;
	}
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
 * @param consequence said at the end of every error, as a sentence
 */
export function explainErrors(method: LifecycleMethod, consequence?: string): LifecycleMethod {
	return async function (this: IHookFunctions) {
		try {
			return await method.call(this);
		} catch (error) {
			const words = [wordsOf(error), consequence].filter(Boolean).join(' ');
			const shown = new NodeOperationError(this.getNode(), words);
			// n8n has put a sentence of its own in place of one that names a code like ECONNREFUSED.
			shown.message = words;
			throw shown;
		}
	};
}
