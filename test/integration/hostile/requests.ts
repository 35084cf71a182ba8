/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { anyBody, realCallback } from './bodies';
import type { Random } from './random';

export interface HostileRequest {
	headers: Record<string, string | string[] | undefined>;
	/** The bytes that are sent, possibly compressed. */
	rawBody: Buffer;
	/** Its modifications, for the report of a failure. */
	done: string[];
}

const NAME = 'x-sinch-webhook-signature';
const SIGNATURE_HEADERS = [NAME, `${NAME}-nonce`, `${NAME}-timestamp`, `${NAME}-algorithm`];

export function hmac(secret: string, body: Buffer, nonce: string, timestamp: string): string {
	const rest = Buffer.from(`.${nonce}.${timestamp}`);
	return createHmac('sha256', secret)
		.update(Buffer.concat([body, rest]))
		.digest('base64');
}

/** A request that Sinch could have sent, with any body. */
function signedRequest(random: Random, secret: string, now: number): HostileRequest {
	const rawBody = anyBody(random);
	const nonce = `01FJ${random.below(1e9)}`;
	const timestamp = String(now - random.below(3600));
	return {
		rawBody,
		headers: {
			'content-type': 'application/json',
			[NAME]: hmac(secret, rawBody, nonce, timestamp),
			[`${NAME}-nonce`]: nonce,
			[`${NAME}-timestamp`]: timestamp,
			[`${NAME}-algorithm`]: 'HmacSHA256',
		},
		done: ['signed'],
	};
}

type Change = (request: HostileRequest, random: Random) => void;

const header =
	(
		name: string,
		change: (value: string, random: Random) => string | string[] | undefined,
	): Change =>
	({ headers }, random) => {
		headers[name] = change(String(headers[name] ?? ''), random);
	};

const body =
	(change: (rawBody: Buffer, random: Random) => Buffer): Change =>
	(request, random) => {
		request.rawBody = change(request.rawBody, random);
	};

function insert(rawBody: Buffer, random: Random, bytes: Buffer): Buffer {
	const at = random.below(rawBody.length + 1);
	return Buffer.concat([rawBody.subarray(0, at), bytes, rawBody.subarray(at)]);
}

/** Everything that an attacker without the secret could do to a request in transit. */
const CHANGES: Record<string, Change> = {
	'a byte flipped': body((bytes, random) => {
		const copy = Buffer.from(bytes);
		if (copy.length) copy[random.below(copy.length)] ^= 1 << random.below(8);
		return copy;
	}),
	'the body truncated': body((bytes, random) => bytes.subarray(0, random.below(bytes.length + 1))),
	'bytes inserted': body((bytes, random) => insert(bytes, random, random.bytes(random.below(8)))),
	'a space inserted': body((bytes, random) => insert(bytes, random, Buffer.from(' '))),
	'the body twice': body((bytes) => Buffer.concat([bytes, bytes])),
	'the body emptied': body(() => Buffer.alloc(0)),
	'another body': body((_, random) => Buffer.from(JSON.stringify(realCallback(random)))),
	'the body printed again': body((bytes) => {
		try {
			return Buffer.from(JSON.stringify(JSON.parse(bytes.toString())));
		} catch {
			return bytes;
		}
	}),
	'gzip after signing': (request) => {
		request.rawBody = gzipSync(request.rawBody);
		request.headers['content-encoding'] = 'gzip';
	},
	'a header left out': ({ headers }, random) => {
		headers[random.pick(SIGNATURE_HEADERS)] = undefined;
	},
	'a header emptied': ({ headers }, random) => {
		headers[random.pick(SIGNATURE_HEADERS)] = random.pick(['', ' ', '\t']);
	},
	'a header twice': ({ headers }, random) => {
		const name = random.pick(SIGNATURE_HEADERS);
		headers[name] = `${String(headers[name])}, ${String(headers[name])}`;
	},
	'a header as a list': ({ headers }, random) => {
		const name = random.pick(SIGNATURE_HEADERS);
		headers[name] = [String(headers[name])];
	},
	'a header of 100 kB': ({ headers }, random) => {
		headers[random.pick(SIGNATURE_HEADERS)] = 'A'.repeat(100_000);
	},
	'two headers swapped': ({ headers }, random) => {
		const [one, other] = random.shuffle(SIGNATURE_HEADERS);
		[headers[one], headers[other]] = [headers[other], headers[one]];
	},
	'the signature cut': header(NAME, (value, random) => value.slice(0, random.below(44))),
	'the signature extended': header(
		NAME,
		(value, random) => value + random.pick(['=', 'A', ' ', '\0']),
	),
	'the signature in another spelling': header(NAME, (value, random) =>
		random.pick([
			value.replace('=', ''),
			value.replace(/\+/g, '-'),
			value.toLowerCase(),
			`!${value}`,
		]),
	),
	'the signature of a guessed secret': (request, random) => {
		const { headers, rawBody } = request;
		const nonce = String(headers[`${NAME}-nonce`]);
		const timestamp = String(headers[`${NAME}-timestamp`]);
		headers[NAME] = hmac(
			random.pick(['', 'secret', '0', 'undefined', 'null']),
			rawBody,
			nonce,
			timestamp,
		);
	},
	'the signature in hexadecimal': header(NAME, (value) =>
		Buffer.from(value, 'base64').toString('hex'),
	),
	'random bytes as signature': header(NAME, (_, random) => random.bytes(32).toString('base64')),
	'another nonce': header(
		`${NAME}-nonce`,
		(value, random) => `${value}${random.pick(['0', '.', ' x'])}`,
	),
	'a nonce that moves the dot': ({ headers }) => {
		headers[`${NAME}-nonce`] =
			`${String(headers[`${NAME}-nonce`])}.${String(headers[`${NAME}-timestamp`])}`;
	},
	'another timestamp': header(`${NAME}-timestamp`, (value, random) =>
		random.pick([
			String(Number(value) + 1),
			'0',
			'99999999999',
			`${value}.0`,
			`+${value}`,
			'soon',
			'-1',
			'1e9',
		]),
	),
	'another algorithm': header(`${NAME}-algorithm`, (_, random) =>
		random.pick([
			'HmacSHA1',
			'HmacSHA512',
			'HmacMD5',
			'none',
			'hmacsha256',
			'HmacSHA256 ',
			'sha256',
		]),
	),
	'another content type': header('content-type', (_, random) =>
		random.pick([
			undefined,
			'text/plain',
			'application/octet-stream',
			'application/x-www-form-urlencoded',
			'application/json; charset=latin1',
			'APPLICATION/JSON',
			'image/png',
			'a'.repeat(5000),
		]),
	),
};

const NAMES = Object.keys(CHANGES);

/** A real or odd notification, signed, with up to three modifications in transit. */
export function hostileRequest(random: Random, secret: string, now: number): HostileRequest {
	const request = signedRequest(random, secret, now);
	const changes = random.pick([0, 1, 1, 1, 1, 2, 2, 3]);
	for (let count = 0; count < changes; count++) {
		const name = random.pick(NAMES);
		CHANGES[name](request, random);
		request.done.push(name);
		if (name === 'gzip after signing') break;
	}
	return request;
}
