import type { ApiClient, SinchRequest } from '../../../nodes/SinchCapability/transport/client';
import {
	answerPaceOf,
	noteAnswer,
	sendQuery,
} from '../../../nodes/SinchCapability/transport/queries';

const registration = {
	app_id: 'app',
	recipient: { contact_id: 'contact' },
	request_id: 'request',
};

const LOST = new Error('the connection was lost');

/** A client without a response from Sinch, while one of two answers comes. */
const clientWith = (recovers: boolean): ApiClient => ({
	request: async <T>({ recover }: SinchRequest<T>) => {
		const { request_id } = registration;
		noteAnswer({ capability_notification: { request_id, channel: 'RCS', identity: '1' } });
		const recovered = recovers ? await recover?.() : undefined;
		if (recovered === undefined) {
			throw LOST;
		}
		return recovered;
	},
});

let apps = 0;

/** A query of an app of its own, for which an answer is outstanding. */
function newQuery() {
	const query = { ...registration, app_id: `app ${apps++}`, project_id: 'project' };
	const { window } = answerPaceOf(query.app_id);
	window.add(query.request_id, 1, performance.now());
	return { query, window };
}

it('a query that Sinch has refused leaves no answer outstanding', async () => {
	const { query, window } = newQuery();
	const refusal = new Error('Sinch did not accept the request');
	const client: ApiClient = { request: async () => await Promise.reject(refusal) };
	await expect(sendQuery(client, query)).rejects.toBe(refusal);
	expect(window.find(query.request_id)).toBeUndefined();
});

it('the answer of a query is outstanding under the request ID that Sinch has chosen', async () => {
	const { query, window } = newQuery();
	const request_id = 'chosen by Sinch';
	const client: ApiClient = {
		request: async ({ expect: read }) => await Promise.resolve(read({ request_id }) as never),
	};
	expect(await sendQuery(client, query)).toEqual({ request_id });
	expect(window.find(query.request_id)).toBeUndefined();
	expect(window.find(request_id)?.missing).toBe(1);
});

it.each([
	['is not repeated', true],
	['fails after that', false],
])(
	'a query whose answer has come counts as registered, as Sinch would return it, when it %s',
	async (_, recovers) => {
		answerPaceOf('app').window.add('request', 2, performance.now());
		const sent = sendQuery(clientWith(recovers), { ...registration, project_id: 'project' });
		expect(await sent).toEqual(registration);
	},
);
