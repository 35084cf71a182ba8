import type { INode } from 'n8n-workflow';

import {
	readError,
	readRefusal,
	toNodeError,
	credentialMessage,
	FOREIGN_RESPONSE,
} from '../../../nodes/SinchCapability/transport/errors';

const UNKNOWN_KEY =
	'Sinch does not know this access key. Check the Access Key ID and the Access Key Secret.';

const failed = (statusCode: number, body: unknown) =>
	readRefusal({ statusCode, headers: {}, body });

it('a nested error of Sinch is read with its details', () => {
	const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo' }];
	const error = {
		code: 401,
		message: 'Request had invalid credentials.',
		status: 'UNAUTHENTICATED',
		details,
	};
	expect(failed(401, { error })).toEqual({
		reason: 'status',
		status: 401,
		message: 'Request had invalid credentials.',
		sinchStatus: 'UNAUTHENTICATED',
		details,
	});
});

it('an error of Sinch at the top level of the response is read', () => {
	expect(
		failed(404, { code: 404, message: 'App not found', status: 'NOT_FOUND', details: [] }),
	).toEqual({
		reason: 'status',
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
	['a web page', '<html>Bad gateway</html>', ''],
	['nothing', undefined, ''],
	['text with blanks around it', { message: ' Limit reached\n' }, 'Limit reached'],
	['the first field that is not blank', { message: ' ', title: 'Bad gateway' }, 'Bad gateway'],
])('the error of a response is read from %s', (_, data, message) => {
	expect(failed(502, data)).toMatchObject({ status: 502, message });
});

it.each([
	[304, undefined, 'foreign'],
	[400, '<html>Blocked</html>', 'foreign'],
	[401, 'Sign in', 'foreign'],
	[511, undefined, 'foreign'],
	[407, '<html>Proxy</html>', 'status'],
	[302, '<html>Moved</html>', 'status'],
	[502, '<html>Bad gateway</html>', 'status'],
	[404, '\n', 'status'],
])('a response with the status %i and the body %j has the reason %s', (status, body, reason) => {
	expect(failed(status, body)).toMatchObject({ status, reason });
});

describe.each(Array.from({ length: 200 }, (_, index) => 400 + index))('the status %i', (status) => {
	const { name, parameters } = { name: 'N', parameters: {} };
	const node = { id: '1', name, type: 't', typeVersion: 1, position: [0, 0], parameters } as INode;
	const { message, context } = toNodeError(node, failed(status, {}), 'https://sinch.test', 0);

	it('an error blames the values of an item only when Sinch can have looked at them', () => {
		const isAboutValues = /did not accept the request|could not find/.test(message);
		expect(isAboutValues).toBe(status < 500 && ![401, 403, 407, 408, 429].includes(status));
	});

	it('a request is tried again only when the next response can be another one', () => {
		const isPassing = status >= 500 && ![501, 505, 511].includes(status);
		expect(context.isRetryable).toBe(isPassing || status === 408 || status === 429);
	});

	it('a failed token request counts as not from Sinch when the token endpoint has no such status', () => {
		const text = credentialMessage({ reason: 'status', status, message: '' });
		const isPossible = status >= 500 || [400, 401, 403, 407, 408, 429].includes(status);
		expect(text === FOREIGN_RESPONSE).toBe(!isPossible);
	});

	it('a failed token request blames the access key only when the key can have been looked at', () => {
		const isAboutKey = credentialMessage({ reason: 'status', status, message: '' }) === UNKNOWN_KEY;
		expect(isAboutKey).toBe([400, 401, 403].includes(status));
	});
});

describe('a request without a complete response', () => {
	/** n8n 2 keeps the error of axios as the cause of its own; n8n 1 keeps its message. */
	const read = (message: string, code?: string) => [
		readError(Object.assign(new Error('wrapped'), { cause: { message, code } })),
		readError({ message: 'wrapped', httpCode: null, messages: [message] }),
	];

	it.each([
		['getaddrinfo ENOTFOUND host', 'ENOTFOUND', 'noHost'],
		['getaddrinfo EAI_AGAIN host', 'EAI_AGAIN', 'unresolved'],
		['connect ECONNREFUSED 127.0.0.1:9', 'ECONNREFUSED', 'refused'],
		['timeout of 30000ms exceeded', 'ECONNABORTED', 'late'],
		['canceled', 'ERR_CANCELED', 'late'],
		['connect ETIMEDOUT 127.0.0.1:9', 'ETIMEDOUT', 'late'],
		['write EPROTO 80A4:error:0A00010B:SSL routines::wrong version number', 'EPROTO', 'noTls'],
		['stream has been aborted', 'ERR_BAD_RESPONSE', 'lost'],
		['aborted', 'ECONNRESET', 'lost'],
		['socket hang up', 'ECONNRESET', 'lost'],
		['read ECONNRESET', 'ECONNRESET', 'lost'],
		['Invalid URL', 'ERR_INVALID_URL', 'invalidAddress'],
		['Unsupported protocol localhost:', 'ERR_BAD_REQUEST', 'invalidAddress'],
		['Protocol "file:" not supported. Expected "http:"', 'ERR_INVALID_PROTOCOL', 'invalidAddress'],
		['Parse Error: Invalid header value char', 'HPE_INVALID_HEADER_TOKEN', 'foreign'],
		['incorrect header check', 'Z_DATA_ERROR', 'foreign'],
		['self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'unknown'],
	])(
		'a request that failed with "%s" (%s) has the reason %s in both generations of n8n',
		(message, code, reason) => {
			expect(read(message, code)).toEqual([
				{ reason, message },
				{ reason, message },
			]);
		},
	);

	it('a request without a complete response never has a status, whatever the error has kept of the response', () => {
		const message = 'stream has been aborted';
		const response = { status: 200, data: '{"id":' };
		expect(readError({ cause: { message, response } })).toEqual({ reason: 'lost', message });
		expect(readError({ message, httpCode: '200' })).toEqual({ reason: 'lost', message });
	});

	it.each([302, 401, 407, 429, 503])(
		'a failed token request with the status %i is recognized by the words of the credential',
		(status) => {
			const words = credentialMessage({ reason: 'status', status, message: '' });
			for (const failure of read(words)) {
				expect(failure).toEqual({ reason: 'status', status, message: '' });
			}
		},
	);

	it('a token response that is not from Sinch is recognized by the words of the credential', () => {
		for (const failure of read(FOREIGN_RESPONSE)) {
			expect(failure).toEqual({ reason: 'foreign', message: '' });
		}
	});
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
	const address = 'https://us.conversation.api.sinch.com';
	const shown = (status: number) => {
		const error = { message: 'Sinch says so.', status: 'NAME' };
		return toNodeError(node, failed(status, { error }), address, 3);
	};

	it.each([
		[400, 'Sinch did not accept the request'],
		[401, 'Sinch does not know this access key'],
		[403, 'The access key has no permission for this project'],
		[404, 'Sinch could not find the app, contact or webhook'],
		[409, 'Sinch did not accept the request'],
		[429, 'Too many requests for this Sinch project'],
		[500, 'Sinch is not available at the moment'],
		[501, 'Sinch does not support this request in this region'],
		[503, 'Sinch is not available at the moment'],
	])('the error that n8n shows for %i says: %s', (status, message) => {
		expect(shown(status)).toMatchObject({
			message,
			httpCode: String(status),
			description: expect.stringMatching(
				new RegExp(`Sinch says \\(${status}\\): Sinch says so. – NAME$`),
			),
			context: { itemIndex: 3 },
		});
	});

	it.each([301, 302, 303, 307, 308])(
		'the error that n8n shows for a redirect with %i says that Sinch does not redirect',
		(status) => {
			expect(shown(status)).toMatchObject({
				message: 'Unexpected redirect: Sinch does not redirect',
				description: expect.stringMatching(/a proxy or a sign-in page/),
			});
		},
	);

	it('the error that n8n shows names the contact that Sinch does not have', () => {
		const failure = failed(404, {
			error: { message: 'Contact 01C0NTACT00000000000000009 not found' },
		});
		const error = toNodeError(node, failure, address, 3);
		expect(error.message).toBe('Sinch has no contact with this ID: 01C0NTACT00000000000000009');
		expect(error.description).toMatch(/^It may have been deleted\..* Sinch says \(404\): Contact/);
		const unnamed = failed(404, { message: 'contact not found' });
		expect(toNodeError(node, unnamed, address).message).toBe('Sinch has no contact with this ID');
	});

	it.each([
		['Sinch has said nothing', 'status', '', 'Status: 409.'],
		['Sinch has said something', 'status', 'No.', 'Sinch says (409): No.'],
		['someone else has said something', 'foreign', 'No.', 'Status: 409.'],
	] as const)('the error that n8n shows quotes only Sinch: %s', (_, reason, message, quoted) => {
		const { description } = toNodeError(node, { reason, status: 409, message }, address);
		expect(description?.endsWith(` ${quoted}`)).toBe(true);
	});

	it('the error that n8n shows names the proxy when it requires a password', () => {
		expect(shown(407).message).toBe('The proxy requires authentication');
	});

	it.each([400, 401, 403, 404])(
		'the error that n8n shows for a page with the status %i says that it did not come from Sinch',
		(status) => {
			expect(toNodeError(node, failed(status, '<html>Blocked</html>'), address)).toMatchObject({
				message: 'The response did not come from Sinch',
				httpCode: null,
				context: { isRetryable: false },
			});
		},
	);

	it.each([
		['getaddrinfo ENOTFOUND', 'this host does not exist'],
		['socket hang up', 'the connection was lost'],
		['self-signed certificate', 'self-signed certificate'],
	])(
		'the error that n8n shows names the address and the reason when no response came: %s',
		(message, words) => {
			expect(toNodeError(node, readError({ cause: { message } }), address).message).toBe(
				`Sinch could not be reached at ${address}: ${words}`,
			);
		},
	);

	it.each([
		['Sinch rejects its values', 'status', 400, 3, 'Row 4.'],
		['Sinch cannot find what it names', 'status', 404, 0, 'Row 1.'],
		['it is for no item', 'status', 400, undefined, undefined],
		['the access key is refused', 'status', 401, 3, undefined],
		['Sinch is not available', 'status', 503, 3, undefined],
		['someone else has responded', 'foreign', 400, 3, undefined],
		['the connection was lost', 'lost', undefined, 3, undefined],
	] as const)(
		'the error that n8n shows names the row of a request when the row matters: %s',
		(_, reason, status, itemIndex, row) => {
			const failure = { reason, status, message: 'No.' };
			const { description } = toNodeError(node, failure, address, itemIndex);
			expect(/Row \S+/.exec(description ?? '')?.[0]).toBe(row);
		},
	);

	it('the error that n8n shows repeats the details of Sinch', () => {
		const details = [{ field: 'identity', problem: 'too long' }];
		const failure = { reason: 'status', status: 400, message: 'No.', details } as const;
		expect(toNodeError(node, failure, address).description).toMatch(
			/Sinch says \(400\): No\. – \[\{"field":"identity","problem":"too long"\}\]$/,
		);
	});

	it('the error that n8n shows names the address also where n8n has a sentence of its own for the reason', () => {
		const failure = readError({ cause: { message: 'connect EHOSTUNREACH 10.0.0.1:443' } });
		expect(toNodeError(node, failure, address).message).toBe(
			`Sinch could not be reached at ${address}: connect EHOSTUNREACH 10.0.0.1:443`,
		);
	});
});

const wait = (value?: string) =>
	readRefusal({ statusCode: 429, headers: { 'retry-after': value }, body: '' }).retryAfterMs;

it('the time that Sinch asks to wait is read in seconds and as a date', () => {
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
