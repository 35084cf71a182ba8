import { randomUUID } from 'node:crypto';
import type { IDataObject, Logger } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { GivenRequest } from '../../support/engine';
import { callWebhook, hookContext } from '../../support/engine';
import { SECRET, signed } from '../../support/signed';

const BODY = { capability_notification: { identity: '46701234567', channel: 'RCS' } };
const FORMER = 'a-former-secret-of-this-test';
const NONCE = '01FJA8B4A7BM43YGWSG9GBV999';
const SIGNATURE = 'x-sinch-webhook-signature';

const genuine = (more = {}) => signed(BODY, { nonce: NONCE, ...more });
const withHeader = (name: string, value?: string): GivenRequest => {
	const request = genuine();
	return { ...request, headers: { ...request.headers, [`${SIGNATURE}${name}`]: value } };
};
const hoursAgo = (hours: number) => Math.floor(Date.now() / 1000) - hours * 3600;

let logger: Logger;
let lines: string[];

beforeEach(async () => {
	({ logger } = await hookContext(new SinchCapabilityTrigger()).run((context) => context));
	lines = [];
	for (const level of ['debug', 'info', 'warn', 'error'] as const) {
		jest.spyOn(logger, level).mockImplementation((...line) => {
			lines.push(`${level} ${JSON.stringify(line)}`);
		});
	}
});

afterEach(() => jest.restoreAllMocks());

/** Beside these, the log says what the node has found at Sinch. */
const refusals = () => lines.filter((line) => line.includes('refused a request'));

async function statusOf(request: GivenRequest, staticData?: IDataObject) {
	const { response } = await callWebhook(new SinchCapabilityTrigger(), {
		staticData: staticData ?? { secret: SECRET, retired: [{ secret: FORMER, until: Infinity }] },
		webhookUrl: `https://n8n.example.com/webhook/${randomUUID()}/capability`,
		request,
	});
	return response.status;
}

it.each<[string, GivenRequest, RegExp]>([
	['no signature', withHeader(''), /the signature headers are missing/],
	['no nonce', withHeader('-nonce'), /the signature headers are missing/],
	['no timestamp', withHeader('-timestamp'), /the signature timestamp is missing/],
	['another algorithm', withHeader('-algorithm', 'none'), /algorithm is not HmacSHA256/],
	['another secret', genuine({ secret: 'other' }), /does not match/],
	['an old signature', genuine({ timestamp: hoursAgo(25) }), /more than 24 hours old/],
	[
		'a signature in the future',
		genuine({ timestamp: hoursAgo(-1) }),
		/in the future: n8n's clock may be wrong\. Set the clock of n8n's computer/,
	],
])(
	'one log line says why a request with %s was refused, and nothing of what was in it',
	async (_, request, reason) => {
		expect(await statusOf(request)).toBe(401);
		expect(refusals()).toEqual([expect.stringMatching(reason)]);
		expect(refusals()[0]).toMatch(/^warn .*Sinch Capability Trigger refused a request with 401/);
		const { [SIGNATURE]: signature = 'none' } = request.headers as Record<string, string>;
		for (const unsaid of [SECRET, FORMER, 'other"', NONCE, '46701234567', signature]) {
			expect(lines.join()).not.toContain(unsaid);
		}
	},
);

it('the log says what to do when a request is refused because there is no secret', async () => {
	expect(await statusOf(genuine(), {})).toBe(401);
	expect(refusals()).toEqual([
		expect.stringMatching(/no secret.*unpublish \(deactivate\) the workflow and publish/),
	]);
});

it('nothing is logged of a genuine request', async () => {
	expect(await statusOf(genuine())).toBe(200);
	expect(lines).toEqual([]);
});

describe('a request ID that was used before', () => {
	const answer = { ...BODY.capability_notification, request_id: 'newsletter', channel: 'RCS' };
	const webhookUrl = () => `https://n8n.example.com/webhook/${randomUUID()}/capability`;

	const receive = async (url: string, nonce: string, more = {}) => {
		const body = { capability_notification: { ...answer, ...more } };
		const { executes, response } = await callWebhook(new SinchCapabilityTrigger(), {
			staticData: { secret: SECRET },
			webhookUrl: url,
			request: signed(body, { nonce }),
		});
		// Node.js emits `finish` a moment after the response.
		await sleep(1);
		return [response.status, executes];
	};

	it('a second answer to the same request ID is dropped, and one log line says so without the identity', async () => {
		const url = webhookUrl();
		expect(await receive(url, 'N1')).toEqual([200, true]);
		expect(await receive(url, 'N2')).toEqual([200, false]);
		expect(lines).toEqual([
			expect.stringMatching(
				/^warn .*ignored an answer for RCS: request ID newsletter had the same answer before\. Give each query its own Request ID\./,
			),
		]);
		expect(lines[0]).not.toContain('46701234567');
	});

	it('a callback that Sinch repeats is not reported as a request ID that was used before', async () => {
		const url = webhookUrl();
		await receive(url, 'N1');
		expect(await receive(url, 'N1')).toEqual([200, false]);
		expect(lines).toEqual([]);
	});
});
