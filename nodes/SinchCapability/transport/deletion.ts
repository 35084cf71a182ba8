import { NodeApiError } from 'n8n-workflow';

import type { PacedClient } from './pacedClient';

/**
 * Deletes one thing at Sinch. When the answer to a first try was lost, a second one may find that
 * it is gone; that is what was wanted.
 *
 * @param path below the project, e.g. `/contacts`
 */
export async function deleteOne(
	client: PacedClient,
	path: string,
	id: string,
	itemIndex: number,
): Promise<{ id: string; deleted: true }> {
	let isRepeated = false;
	const order = {
		method: 'DELETE',
		path: `${path}/${encodeURIComponent(id)}`,
		itemIndex,
	} as const;
	try {
		await client.request(order, async () => {
			isRepeated = true;
			return undefined;
		});
	} catch (error) {
		if (!isRepeated || (error as NodeApiError).httpCode !== '404') {
			throw error as NodeApiError;
		}
	}
	return { id, deleted: true };
}
