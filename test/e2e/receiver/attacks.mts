import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { capabilityCallback, signatureHeaders } from '../support/callbacks.mts';
import type { WireRequest } from './wire.mts';

export interface Attack {
	name: string;
	request: WireRequest;
	/** The only correct status; null for no response. */
	status: number | null;
	/** Node.js ends the connection at once, and its reset can overtake the response. */
	mayBeReset?: boolean;
	/** The identity that an execution must start with; undefined when none may start. */
	starts?: string;
}

interface Genuine {
	text: string;
	identity: string;
	signed: Record<string, string>;
	secret: string;
}

type Change = Partial<WireRequest> & { drop?: RegExp; add?: Array<[string, string]> };

const NAME = 'x-sinch-webhook-signature';
const TOO_LONG = 'a signature of 20 kB';

const signedAgain = (text: string, secret: string, age = 0): Change => ({
	drop: /signature/,
	add: Object.entries(signatureHeaders(text, secret, age)),
});

const FORM = Buffer.from('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n');
const asForm: Change = {
	drop: /content-type/,
	add: [['content-type', 'multipart/form-data; boundary=x']],
};

/** Modifications of a genuine request, and the expected status. 200 starts an execution. */
const CHANGES: Record<string, [status: number | null, change: (genuine: Genuine) => Change]> = {
	'as Sinch sends it': [200, () => ({})],
	'in chunks': [200, () => ({ chunked: true })],
	'as text': [200, () => ({ drop: /content-type/, add: [['content-type', 'text/plain']] })],
	'as nothing in particular': [200, () => ({ drop: /content-type/ })],
	'as bytes': [
		200,
		() => ({ drop: /content-type/, add: [['content-type', 'application/octet-stream']] }),
	],
	'compressed on its way': [
		200,
		({ text }) => ({ body: gzipSync(text), add: [['content-encoding', 'gzip']] }),
	],
	'compressed without saying so': [422, ({ text }) => ({ body: gzipSync(text) })],
	'as a form with files': [401, () => ({ body: FORM, ...asForm })],
	'as a broken form with files': [400, () => asForm],
	'as something with parts': [
		401,
		() => ({ drop: /content-type/, add: [['content-type', 'multipart/mixed; boundary=x']] }),
	],
	truncated: [422, ({ text }) => ({ body: Buffer.from(text.slice(0, -20)) })],
	'truncated, as text': [
		401,
		({ text }) => ({
			body: Buffer.from(text.slice(0, -20)),
			drop: /content-type/,
			add: [['content-type', 'text/plain']],
		}),
	],
	'cut off in the middle': [null, ({ text }) => ({ cutAt: text.length - 10 })],
	'one digit changed': [
		401,
		({ text, identity }) => ({
			body: Buffer.from(text.replace(identity, `${identity.slice(0, -1)}x`)),
		}),
	],
	'printed again': [
		401,
		({ text }) => ({ body: Buffer.from(JSON.stringify(JSON.parse(text), null, 1)) }),
	],
	'without a body': [401, () => ({ body: Buffer.alloc(0) })],
	unsigned: [401, () => ({ drop: /signature/ })],
	'no signature': [401, () => ({ drop: /signature$/ })],
	'no nonce': [401, () => ({ drop: /nonce$/ })],
	'no timestamp': [401, () => ({ drop: /timestamp$/ })],
	'an empty algorithm': [401, () => ({ drop: /algorithm$/, add: [[`${NAME}-algorithm`, '']] })],
	'two signatures': [401, ({ signed }) => ({ add: [[NAME, signed[NAME]]] })],
	'two nonces': [401, () => ({ add: [[`${NAME}-nonce`, 'another']] })],
	'two algorithms': [401, () => ({ add: [[`${NAME}-algorithm`, 'none']] })],
	'another algorithm': [
		401,
		() => ({ drop: /algorithm$/, add: [[`${NAME}-algorithm`, 'HmacSHA512']] }),
	],
	[TOO_LONG]: [431, () => ({ drop: /signature$/, add: [[NAME, 'A'.repeat(20_000)]] })],
	'a guessed secret': [401, ({ text }) => signedAgain(text, 'secret')],
	'25 hours old': [401, ({ text, secret }) => signedAgain(text, secret, 25 * 3600)],
	'10 minutes early': [401, ({ text, secret }) => signedAgain(text, secret, -600)],
};

/** Bodies signed as by Sinch, and whether they start an execution. The status is always 200. */
const BODIES: Record<string, [starts: boolean, change: (text: string) => string]> = {
	'with text of a megabyte': [true, (text) => text.replace(/{/, `{"long":"${'x'.repeat(1e6)}",`)],
	'with numbers for text': [
		true,
		(text) => text.replace(/"channel":"RCS"/, '"channel":7,"request_id":1'),
	],
	'with objects for text': [true, (text) => text.replace(/"RCS"/, '{"toString":1}')],
	'with a lone surrogate': [true, (text) => text.replace(/"RCS"/, '"\\ud800"')],
	'with NUL': [true, (text) => text.replace(/"RCS"/, '"R\\u0000CS"')],
	'with prototypes': [
		true,
		(text) => text.replace(/notification":{/, 'notification":{"__proto__":{"polluted":1},'),
	],
	'that is a list': [false, (text) => `[${text}]`],
	'that is a text': [false, (text) => JSON.stringify(text)],
	'that is about something else': [false, (text) => text.replace('capability_not', 'delivery_not')],
	'nested 3,000 levels': [
		false,
		(text) => text.replace(/"RCS"/, `${'['.repeat(3000)}${']'.repeat(3000)}`),
	],
};

/** A genuine new callback, never a repeat. */
function genuineOf(
	appId: string,
	identity: string,
	secret: string,
	change = (text: string) => text,
) {
	const id = randomUUID();
	const text = change(
		capabilityCallback(appId, identity).replace('01W4FFL35P4NC4K35CAPABILITY', id),
	);
	return { text, identity, secret, signed: signatureHeaders(text, secret) };
}

function requestOf({ text, signed }: Genuine, { drop, add = [], ...rest }: Change): WireRequest {
	const headers = [['content-type', 'application/json'], ...Object.entries(signed)] as Array<
		[string, string]
	>;
	const kept = headers.filter(([name]) => !drop?.test(name));
	return { method: 'POST', headers: [...kept, ...add], body: Buffer.from(text), ...rest };
}

/** Every attack once, in order; `identity` marks what it starts. */
export function attacksOn(appId: string, secret: string, identityOf: () => string): Attack[] {
	const changed = Object.entries(CHANGES).map(([name, [status, change]]) => {
		const genuine = genuineOf(appId, identityOf(), secret);
		const request = requestOf(genuine, change(genuine));
		const starts = status === 200 ? genuine.identity : undefined;
		return { name, request, status, starts, mayBeReset: name === TOO_LONG };
	});
	const signed = Object.entries(BODIES).map(([name, [starts, change]]) => {
		const genuine = genuineOf(appId, identityOf(), secret, change);
		const request = requestOf(genuine, {});
		return { name, request, status: 200, starts: starts ? genuine.identity : undefined };
	});
	return [...changed, ...signed];
}
