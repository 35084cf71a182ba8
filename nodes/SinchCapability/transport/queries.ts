import type { CapabilityQuery, RegisteredQuery } from '../sinch/types';
import type { ApiClient } from './client';
import { registration } from './expect';

/** Registers a query at Sinch, which answers with the same request id unless it chose another. */
export async function registerQuery(
	client: ApiClient,
	body: CapabilityQuery,
	itemIndex: number,
	timeoutSeconds?: number,
): Promise<RegisteredQuery> {
	return await client.request({
		method: 'POST',
		path: '/capability:query',
		body,
		expect: registration<RegisteredQuery>,
		timeoutSeconds,
		itemIndex,
	});
}
