import { createHmac } from 'node:crypto';

import type { SignedRequest } from '../../../nodes/SinchCapability/notification/signature';
import {
	refusalByAge,
	verifySignature,
} from '../../../nodes/SinchCapability/notification/signature';

const NONCE = '01FJA8B4A7BM43YGWSG9GBV067';
const TIMESTAMP = '1634579353';
const SIGNED_AT = Number(TIMESTAMP);

/** The test vector of Sinch's SDKs (Node, Java, .NET). */
const SINCH = {
	secret: 'foo_secret1234',
	body: '{"app_id":"","accepted_time":"2021-10-18T17:49:13.813615Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4","contact_create_notification":{"contact":{"id":"01FJA8B466Y0R2GNXD78MD9SM1","channel_identities":[{"channel":"SMS","identity":"48123456789","app_id":""}],"display_name":"New Test Contact","email":"new.contact@email.com","external_id":"","metadata":"","language":"EN_US"}},"message_metadata":""}',
	signature: '6bpJoRmFoXVjfJIVglMoJzYXxnoxRujzR4k2GOXewOE=',
};

const CAPABILITY = {
	secret: 'CactusKnight_SurfsWaves',
	body: '{"app_id":"01W4FFL35P4NC4K35CONVAPP001","accepted_time":"2026-01-15T10:20:30.123456Z","project_id":"","capability_notification":{"request_id":"01W4FFL35P4NC4K35CAPABILITY","contact_id":"","channel":"RCS","identity":"46701234567","capability_status":"CAPABILITY_PARTIAL","channel_capabilities":["RICHCARD_STANDALONE","ACTION_DIAL"]},"message_metadata":""}',
	signature: 'H7n7rurtZ/dRq4dN1G4j2FYPvXV3fSBH0NMJ5bHLHeg=',
};

const request = ({ body, signature }: typeof SINCH, headers = {}): SignedRequest => ({
	rawBody: Buffer.from(body),
	headers: {
		'x-sinch-webhook-signature': signature,
		'x-sinch-webhook-signature-nonce': NONCE,
		'x-sinch-webhook-signature-timestamp': TIMESTAMP,
		'x-sinch-webhook-signature-algorithm': 'HmacSHA256',
		...headers,
	},
});

const refusal = (given: SignedRequest, ...secrets: string[]) => {
	const verification = verifySignature(given, secrets);
	return 'refusal' in verification ? verification.refusal : undefined;
};

it.each([
	["Sinch's SDKs", SINCH],
	["Sinch's documentation", CAPABILITY],
])('the test vector of %s is accepted', (_, vector) => {
	expect(verifySignature(request(vector), [vector.secret])).toEqual({
		nonce: NONCE,
		signedAt: SIGNED_AT,
		rawBody: Buffer.from(vector.body),
	});
});

it('a request that does not name the algorithm, which is always the same, is accepted', () => {
	const headers = { 'x-sinch-webhook-signature-algorithm': undefined };
	expect(refusal(request(SINCH, headers), SINCH.secret)).toBeUndefined();
	expect(refusal(request(SINCH, headers), 'other')).toBe('the signature does not match');
});

it('a request signed with any of the secrets is accepted', () => {
	expect(refusal(request(SINCH), 'new', 'older', SINCH.secret)).toBeUndefined();
	expect(refusal(request(SINCH), 'new', 'older')).toBe('the signature does not match');
});

const HOUR = 3600;

it.each([
	['23 hours old, as in a repeat', 23 * HOUR, 24],
	['exactly as old as the limit', 24 * HOUR, 24],
	['a year old without a limit', 8760 * HOUR, 0],
	['half an hour old with a limit below one hour', HOUR / 2, 0.75],
	['4 minutes in the future', -4 * 60, 24],
	['5 minutes in the future', -5 * 60, 24],
])('a signature is accepted when it is %s', (_, seconds, maxAgeHours) => {
	expect(refusalByAge(SIGNED_AT, maxAgeHours, (SIGNED_AT + seconds) * 1000)).toBeUndefined();
});

it.each([
	['25 hours old', 25 * HOUR, 24, 'the signature is more than 24 hours old'],
	['a second older than the limit', 24 * HOUR + 1, 24, 'the signature is more than 24 hours old'],
	['2 hours old with a limit of one', 2 * HOUR, 1, 'the signature is more than 1 hour old'],
	['an hour old with a limit of half', HOUR, 0.5, 'the signature is more than 0.5 hours old'],
	['6 minutes in the future', -6 * 60, 24, "in the future: n8n's clock may be wrong"],
	[
		'6 minutes in the future without a limit',
		-6 * 60,
		0,
		"in the future: n8n's clock may be wrong",
	],
])('a signature is refused when it is %s', (_, seconds, maxAgeHours, expected) => {
	const refused = refusalByAge(SIGNED_AT, maxAgeHours, (SIGNED_AT + seconds) * 1000);
	expect(refused?.refusal).toContain(expected);
	expect(refused?.kind).toBe(seconds < 0 ? 'future' : 'old');
});

it('every request is refused without a secret to verify with, and the refusal says what to do', () => {
	const expected =
		/this workflow has no secret\. To register its webhook, unpublish \(deactivate\) the workflow and publish/;
	expect(refusal(request(SINCH))).toMatch(expected);
	expect(refusal(request(SINCH), '')).toMatch(expected);
});

it('a request signed with an empty secret is refused although another secret is set', () => {
	const empty = createHmac('sha256', '').update(`${SINCH.body}.${NONCE}.${TIMESTAMP}`);
	const forged = { ...SINCH, signature: empty.digest('base64') };
	expect(refusal(request(forged), '')).toMatch(/no secret/);
	expect(refusal(request(forged), '', SINCH.secret)).toBe('the signature does not match');
});

it('a request of which n8n has read no body is refused', () => {
	const unread = { ...request(SINCH), rawBody: undefined };
	expect(refusal(unread, SINCH.secret)).toBe('the body is missing');
});

it('a request signed with another secret is refused', () => {
	expect(refusal(request(SINCH), 'foo_secret1235')).toBe('the signature does not match');
});

it.each([
	['x-sinch-webhook-signature', SINCH.signature],
	['x-sinch-webhook-signature-nonce', NONCE],
])('a request is refused whose header %s is missing, empty or a list', (header, genuine) => {
	for (const value of [undefined, '', [genuine]]) {
		expect(refusal(request(SINCH, { [header]: value }), SINCH.secret)).toBe(
			'the signature headers are missing. Sinch signs only if its webhook has a secret',
		);
	}
});

it.each([
	['changed by one byte', SINCH.body.replace('48123456789', '48123456780')],
	['longer by a space', `${SINCH.body} `],
	['JSON with one more field', JSON.stringify({ b: 1, ...JSON.parse(SINCH.body) })],
	['that of another request', CAPABILITY.body],
	['empty', ''],
])('a request is refused when its body is %s', (_, body) => {
	const changed = { ...SINCH, body };
	expect(refusal(request(changed), SINCH.secret)).toBe('the signature does not match');
});

it.each([
	['cut short', SINCH.signature.slice(0, 20)],
	['a right beginning with a wrong end', `${SINCH.signature.slice(0, 40)}AAA=`],
	['longer', `${SINCH.signature.replace('=', '')}AAAA`],
	['the same bytes without padding', SINCH.signature.replace('=', '')],
	['followed by something else', `${SINCH.signature}=`],
	['not Base64', '*'.repeat(44)],
])('a request is refused when its signature is %s', (_, signature) => {
	const changed = { ...SINCH, signature };
	expect(refusal(request(changed), SINCH.secret)).toBe('the signature does not match');
});

it('a signature of the same bytes in the URL alphabet is refused', () => {
	const changed = { ...CAPABILITY, signature: CAPABILITY.signature.replace('/', '_') };
	expect(changed.signature).not.toBe(CAPABILITY.signature);
	expect(refusal(request(changed), CAPABILITY.secret)).toBe('the signature does not match');
});

it.each(['HmacSHA512', 'hmacsha256', 'none', '', ['HmacSHA256', 'HmacSHA256']])(
	'a request with the algorithm %j is refused',
	(name) => {
		const headers = { 'x-sinch-webhook-signature-algorithm': name };
		expect(refusal(request(SINCH, headers), SINCH.secret)).toBe(
			'the signature algorithm is not HmacSHA256',
		);
	},
);

it.each([undefined, '', 'soon', '1e9', ' 1634579353', '99999999999999999999'])(
	'a request with the timestamp %j is refused',
	(timestamp) => {
		const headers = { 'x-sinch-webhook-signature-timestamp': timestamp };
		expect(refusal(request(SINCH, headers), SINCH.secret)).toBe(
			'the signature timestamp is missing or not a number',
		);
	},
);

it('a request is refused when its nonce or timestamp differs from the signed one', () => {
	const nonce = { 'x-sinch-webhook-signature-nonce': `${NONCE}0` };
	const timestamp = { 'x-sinch-webhook-signature-timestamp': '1634579354' };
	expect(refusal(request(SINCH, nonce), SINCH.secret)).toBe('the signature does not match');
	expect(refusal(request(SINCH, timestamp), SINCH.secret)).toBe('the signature does not match');
});
