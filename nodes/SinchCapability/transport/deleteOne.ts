import type { NodeApiError } from 'n8n-workflow';

import type { ApiClient, SinchRequest } from './client';
import { nothing, thing } from './expect';

/**
 * Deletes one thing at Sinch. When the response was lost or did not come from Sinch, a look at the
 * thing tells whether it is gone.
 *
 * @param path below the project, e.g. `/contacts`
 * @throws NodeApiError when Sinch still has the thing, or does not say
 */
export async function deleteOne(
	client: ApiClient,
	path: string,
	id: string,
	how: Pick<SinchRequest<unknown>, 'itemIndex' | 'timeoutSeconds'>,
): Promise<{ deleted: true }> {
	const one = { ...how, path: `${path}/${encodeURIComponent(id)}` };
	// What n8n's guidelines want of an operation that deletes.
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
	const expect = (body: unknown) => {
		nothing(body);
		return deleted;
	};
	return await client.request({ ...one, method: 'DELETE', expect }, { recover });
}
