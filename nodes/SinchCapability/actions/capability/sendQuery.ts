import { answerPaceOf } from '../../pacing/answerPace';
import type { CapabilityQuery, RegisteredQuery } from '../../sinch/types';
import type { ApiClient } from '../../transport/client';
import { registerQuery } from '../../transport/queries';

/**
 * Sends a query whose turn it is. An answer that has come shows that Sinch has registered it, even if
 * every response was lost.
 *
 * @throws NodeApiError when Sinch did not register it
 */
export async function sendQuery(
	client: ApiClient,
	query: CapabilityQuery,
	timeoutSeconds?: number,
): Promise<RegisteredQuery> {
	const { window } = answerPaceOf(query.app_id);
	const sent = window.find(query.request_id);
	const isAnswered = () => sent !== undefined && sent.answered.size > 0;
	const registered = await registerQuery(client, query, timeoutSeconds, isAnswered).catch(
		(error: unknown): RegisteredQuery => {
			if (isAnswered()) {
				return query;
			}
			window.remove(query.request_id);
			throw error;
		},
	);
	window.rename(query.request_id, registered.request_id);
	return registered;
}
