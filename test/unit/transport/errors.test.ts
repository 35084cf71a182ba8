import { readFailure, toNodeError } from '../../../nodes/SinchCapability/transport/errors';
import { UNKNOWN_KEY } from '../../../nodes/SinchCapability/transport/explanations';

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

describe("reading n8n 1's errors, which keep no cause", () => {
	it('by their status and body', () => {
		const data = { error: { message: 'No such app.', status: 'NOT_FOUND' } };
		expect(readFailure({ message: 'Not found', httpCode: '404', context: { data } })).toMatchObject(
			{
				status: 404,
				message: 'No such app.',
				sinchStatus: 'NOT_FOUND',
			},
		);
	});

	it('by their first message when no answer came', () => {
		const error = { message: 'offline', httpCode: null, messages: ['connect ECONNREFUSED'] };
		expect(readFailure(error)).toMatchObject({
			status: undefined,
			message: 'connect ECONNREFUSED',
		});
	});

	it.each([{ message: UNKNOWN_KEY, httpCode: null }, { cause: new Error(UNKNOWN_KEY) }])(
		'and a refused access key by its words',
		(error) => {
			expect(readFailure(error).status).toBe(401);
		},
	);
});

describe('the error that n8n shows', () => {
	const node = {
		id: '1',
		name: 'Sinch Capability',
		type: 'sinchCapability',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: {},
	};
	const shown = (status: number | undefined, message = 'Sinch says so.') =>
		toNodeError(
			node,
			Object.assign(new Error('wrapped'), {
				cause: status
					? { response: { status, data: { error: { message, status: 'NAME' } } } }
					: new Error(message),
			}),
			'https://us.conversation.api.sinch.com',
			3,
		);

	it.each([
		[400, 'Sinch did not accept the request (item 4)'],
		[401, 'Sinch did not accept the access key'],
		[403, 'The access key has no permission for this project'],
		[404, 'Sinch could not find the app, contact or webhook (item 4)'],
		[409, 'Sinch did not accept the request (item 4)'],
		[429, 'Too many requests for this Sinch project'],
		[500, 'Sinch is not available at the moment'],
		[501, 'Sinch does not support this request in this region'],
		[503, 'Sinch is not available at the moment'],
	])('for %i: %s', (status, message) => {
		expect(shown(status)).toMatchObject({
			message,
			httpCode: String(status),
			description: expect.stringMatching(
				new RegExp(`Sinch says \\(${status}\\): Sinch says so. – NAME$`),
			),
			context: { itemIndex: 3 },
		});
	});

	it.each([301, 302, 303, 307, 308])('for a redirect with %i', (status) => {
		expect(shown(status)).toMatchObject({
			message: 'The request was redirected, which Sinch never does',
			description: expect.stringMatching(/a proxy or a sign-in page/),
		});
	});

	it('names the proxy when it requires a password', () => {
		expect(shown(407).message).toBe('A proxy requires a user name and a password');
	});

	it.each([400, 401, 403, 404])("for a page with the status %i, which is not Sinch's", (status) => {
		const error = Object.assign(new Error('wrapped'), {
			cause: { message: 'axios', response: { status, data: '<html>Blocked</html>' } },
		});
		expect(toNodeError(node, error, 'https://us.conversation.api.sinch.com')).toMatchObject({
			message: 'The response did not come from Sinch',
			httpCode: null,
		});
	});

	it('when no answer came', () => {
		const error = shown(undefined, 'getaddrinfo ENOTFOUND');
		expect(error.message).toBe(
			'Sinch could not be reached at https://us.conversation.api.sinch.com: this host does not exist',
		);
		expect(shown(undefined, 'socket hang up')).toMatchObject({
			message: 'Sinch could not be reached',
			description: expect.stringMatching(/Reason: socket hang up$/),
		});
	});
});

describe('how long Sinch asks to wait', () => {
	const wait = (value?: string) =>
		readFailure({ cause: { response: { status: 429, headers: { 'retry-after': value } } } })
			.retryAfterMs;

	it('is read in seconds and as a date', () => {
		expect(wait('7')).toBe(7_000);
		const date = wait(new Date(Date.now() + 5_000).toUTCString());
		expect(date).toBeGreaterThan(3_000);
		expect(date).toBeLessThanOrEqual(5_000);
		expect(wait('Mon, 01 Jan 2024 00:00:00 GMT')).toBeUndefined();
		expect(wait('0')).toBeUndefined();
		expect(wait('')).toBeUndefined();
		expect(wait('soon')).toBeUndefined();
		expect(wait()).toBeUndefined();
	});
});
