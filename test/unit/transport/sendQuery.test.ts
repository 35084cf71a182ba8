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
