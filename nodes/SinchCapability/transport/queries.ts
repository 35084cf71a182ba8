import type { CapabilityQuery, RegisteredQuery } from '../sinch/types';
import type { ApiClient } from './client';
import { registrationOf } from './expect';
import { answerPaceOf } from '../pacing/answerPace';

/**
 * Registers a query whose turn it is; Sinch answers with the same request id unless it chose another. An
 * answer that has come shows that Sinch has registered it, even if every response was lost.
 */
export async function sendQuery(
	client: ApiClient,
	query: CapabilityQuery,
	timeoutSeconds?: number,
): Promise<RegisteredQuery> {
	const { window } = answerPaceOf(query.app_id);
	const sent = window.find(query.request_id);
	const isAnswered = () => sent !== undefined && sent.answered.size > 0;
	const sending = client.request<RegisteredQuery>({
		method: 'POST',
		path: '/capability:query',
		body: query,
		expect: registrationOf(query),
		recover: async () => await Promise.resolve(isAnswered() ? query : undefined),
		timeoutSeconds,
	});
	const registered = await sending.catch((error: unknown) => {
		if (isAnswered()) {
			return query;
		}
		window.remove(query.request_id);
		throw error;
	});
	window.rename(query.request_id, registered.request_id);
	return registered;
}
