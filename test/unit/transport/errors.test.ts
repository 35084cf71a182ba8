import { readFailure } from '../../../nodes/SinchCapability/transport/errors';

/** n8n wraps what axios throws; the answer is in the cause. */
const failed = (status: number, data: unknown) =>
	readFailure(
		Object.assign(new Error('wrapped'), {
			cause: { message: 'axios', response: { status, data } },
		}),
	);

describe("reading Sinch's errors", () => {
	it('nested, with details', () => {
		const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo' }];
		const error = {
			code: 401,
			message: 'Request had invalid credentials.',
			status: 'UNAUTHENTICATED',
			details,
		};
		expect(failed(401, { error })).toEqual({
			status: 401,
			message: 'Request had invalid credentials.',
			sinchStatus: 'UNAUTHENTICATED',
			details,
		});
	});

	it('at the top level', () => {
		expect(
			failed(404, { code: 404, message: 'App not found', status: 'NOT_FOUND', details: [] }),
		).toEqual({
			status: 404,
			message: 'App not found',
			sinchStatus: 'NOT_FOUND',
			details: undefined,
		});
	});

	it.each([
		[
			'problem details',
			{ title: 'Too many requests', detail: 'Limit of 800 reached' },
			'Limit of 800 reached',
		],
		['problem details without detail', { title: 'Too many requests' }, 'Too many requests'],
		['the token endpoint', { error: 'invalid_client', error_description: 'Bad key' }, 'Bad key'],
		['JSON that n8n did not parse', '{"error":{"message":"Nested text"}}', 'Nested text'],
		['a web page', '<html>Bad gateway</html>', 'axios'],
		['nothing', undefined, 'axios'],
	])('as %s', (_, data, message) => {
		expect(failed(502, data)).toMatchObject({ status: 502, message });
	});

	it('when no answer came', () => {
		expect(
			readFailure(Object.assign(new Error('x'), { cause: new Error('connect ECONNREFUSED') })),
		).toEqual({
			status: undefined,
			message: 'connect ECONNREFUSED',
			sinchStatus: undefined,
			details: undefined,
		});
	});
});
