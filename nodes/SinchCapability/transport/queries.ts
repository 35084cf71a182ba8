import type { CapabilityQuery, RegisteredQuery } from '../sinch/types';
import type { ApiClient } from './client';
import { registrationOf } from './expect';

/**
 * Registers a query at Sinch, which answers with the same request id unless it chose another.
 *
 * @param isAnswered whether an answer has come, which proves that an earlier try was registered
 */
export async function registerQuery(
	client: ApiClient,
	body: CapabilityQuery,
	timeoutSeconds?: number,
	isAnswered = () => false,
): Promise<RegisteredQuery> {
	const recover = async () => await Promise.resolve(isAnswered() ? body : undefined);
	return await client.request(
		{
			method: 'POST',
			path: '/capability:query',
			body,
			expect: registrationOf(body),
			timeoutSeconds,
		},
		{ recover },
	);
}
