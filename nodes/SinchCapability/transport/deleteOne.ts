import type { NodeApiError } from 'n8n-workflow';

import type { ApiClient } from './client';
import { isEmpty, thing } from './expect';

/**
 * Deletes one resource at Sinch. When the response was lost or did not come from Sinch, a GET
 * shows whether it still exists. @param path below the project, e.g. `/contacts`
 */
export async function deleteOne(
	client: ApiClient,
	path: string,
	id: string,
	timeoutSeconds?: number,
): Promise<{ deleted: true }> {
	const one = { path: `${path}/${encodeURIComponent(id)}`, timeoutSeconds };
	// n8n's guidelines ask for this output of a delete operation.
	const deleted = { deleted: true } as const;
	const recover = async () =>
		await client.request({ ...one, method: 'GET', expect: thing }).then(
			() => undefined,
			(error: NodeApiError) => {
				if (error.httpCode !== '404') {
					throw error;
				}
				return deleted;
			},
		);
	const expect = (body: unknown) => (isEmpty(body) ? deleted : undefined);
	return await client.request({ ...one, method: 'DELETE', expect, recover });
}
