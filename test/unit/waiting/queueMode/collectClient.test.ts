import type { IExecuteFunctions } from 'n8n-workflow';

import { createSecret } from '../../../../nodes/SinchCapability/shared/webhookAddresses';
import {
	type CollectProblem,
	probe,
	requestAnswers,
} from '../../../../nodes/SinchCapability/waiting/queueMode/collectClient';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
	type CollectRequest,
} from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { markOf, readMark } from '../../../../nodes/SinchCapability/waiting/queueMode/requestId';
import { strictContext } from '../../../support/engine/strictContext';

const N8N = 'this n8n';
const TARGET = 'https://n8n.example.com/webhook/3f0c3f5e/capability';
const OURS = { [COLLECT_HEADER]: COLLECT_VERSION };
const ANSWER = {
	app_id: '01KFG9VYP40A8WXBKA2KNE0003',
	capability_notification: { request_id: 'A', channel: 'RCS', identity: '46701740605' },
};
const RESPONSE = { process: 'another', number: 3, answers: [ANSWER] };

interface HttpRequest {
	url: string;
	headers: Record<string, string>;
	body: CollectRequest;
	abortSignal: AbortSignal;
}

/** What a process or a proxy responds with; an error when there is no response. */
type Given = { statusCode?: number; headers?: object; body?: unknown } | Error;

/** A context whose requests get this response, and the requests. */
function contextFor(given: Given) {
	const requests: HttpRequest[] = [];
	const httpRequest = async (request: HttpRequest) => {
		requests.push(request);
		if (given instanceof Error) throw given;
		return await Promise.resolve({ statusCode: 200, headers: OURS, body: RESPONSE, ...given });
	};
	const context = strictContext<IExecuteFunctions>({
		getInstanceId: () => N8N,
		helpers: { httpRequest: httpRequest as never },
	});
	return { context, requests };
}

const WAIT = { key: createSecret(), holdMs: 10_000, lingerMs: 500, received: { another: 2 } };

/** The result of a request that gets this response. */
const collected = async (given: Given) =>
	await requestAnswers(contextFor(given).context, TARGET, WAIT);

afterEach(() => jest.restoreAllMocks());

it('a request for answers names its version, and shows whether the other process would recognize the answers', async () => {
	const { context, requests } = contextFor({});
	await requestAnswers(context, TARGET, WAIT);
	const [{ url, headers, body }] = requests;
	const { requestId, ...wait } = body;
	expect([url, headers, wait]).toEqual([TARGET, OURS, WAIT]);
	expect(readMark(requestId, N8N)?.mark).toBe(markOf(WAIT.key));
});

it('a request for answers may take five seconds longer than it is held and waits for further answers', async () => {
	const timeout = jest.spyOn(AbortSignal, 'timeout');
	const { context } = contextFor({});
	await requestAnswers(context, TARGET, WAIT);
	await probe(context, TARGET);
	expect(timeout.mock.calls).toEqual([[15_500], [5_000]]);
});

it('a request for answers ends with its wait', async () => {
	const { context, requests } = contextFor({});
	const ending = new AbortController();
	await requestAnswers(context, TARGET, WAIT, ending.signal);
	expect(requests[0].abortSignal.aborted).toBe(false);
	ending.abort();
	expect(requests[0].abortSignal.aborted).toBe(true);
});

it('a request that only finds out who responds belongs to no wait and is not held', async () => {
	const { context, requests } = contextFor({});
	const results = [await probe(context, TARGET), await probe(context, TARGET)];
	expect(results.map(({ response }) => response?.process)).toEqual(['another', 'another']);
	const [first, second] = requests.map(({ body }) => body);
	expect(first).toMatchObject({ holdMs: 0, lingerMs: 0, received: {} });
	expect(second.key).not.toBe(first.key);
});

it('the response of a process gives its name, its position and its answers', async () => {
	const { response, problem } = await collected({});
	expect(problem).toBeUndefined();
	expect(response).toMatchObject({ process: 'another', number: 3, answers: [ANSWER] });
	expect(response?.notHeld).toBeUndefined();
});

it('the response of a process says why a request was not held', async () => {
	const { response } = await collected({ body: { ...RESPONSE, notHeld: 'busy' } });
	expect(response?.notHeld).toBe('busy');
});

it('what is no answer in the response of a process is left out', async () => {
	const answers = [null, 'A', { message_delivery_report: {} }, ANSWER];
	const { response } = await collected({ body: { ...RESPONSE, answers } });
	expect(response?.answers).toMatchObject([ANSWER]);
	expect(response?.answers).toHaveLength(1);
});

const problemWith = (message: string, advice: string) => ({
	message,
	description: expect.stringContaining(advice) as string,
});
const NOT_PUBLISHED = problemWith(
	'The workflow that receives the answers is not published (active)',
	'Publish (activate) a workflow ',
);
const OTHER_N8N = problemWith(
	'The n8n process that receives the answers has a different instance ID',
	'the same N8N_INSTANCE_ID, or none',
);
const OTHER_VERSION = problemWith(
	'The n8n process that receives the answers runs a different version of this package',
	'and restart them.',
);
const noProcess = (status: number) =>
	problemWith(
		`The address of this n8n's webhooks responds with ${status} instead of answers`,
		'and not a proxy or a sign-in page.',
	);

it.each<[string, Given, CollectProblem]>([
	['n8n says that the address is not known', { statusCode: 404, headers: {} }, NOT_PUBLISHED],
	['the instance ID is another', { statusCode: 409 }, OTHER_N8N],
	['a proxy responds with 409', { statusCode: 409, headers: {} }, noProcess(409)],
	['a version before this protocol responds', { statusCode: 401, headers: {} }, OTHER_VERSION],
	['the version is another', { statusCode: 400 }, OTHER_VERSION],
	['a later version responds', { headers: { [COLLECT_HEADER]: '3' } }, OTHER_VERSION],
	['a proxy responds with 502', { statusCode: 502, headers: {} }, noProcess(502)],
	['a sign-in page responds', { headers: {}, body: '<html>' }, noProcess(200)],
	['a page echoes what was sent', { headers: {} }, noProcess(200)],
	['an error has the form of a response', { statusCode: 500 }, OTHER_VERSION],
	['the response is empty', { body: undefined }, OTHER_VERSION],
	['the response has no process', { body: { ...RESPONSE, process: 1 } }, OTHER_VERSION],
	['the response has no position', { body: { ...RESPONSE, number: '3' } }, OTHER_VERSION],
	['the response has no list of answers', { body: { ...RESPONSE, answers: {} } }, OTHER_VERSION],
])('answers cannot be collected when %s, and the problem says so', async (_, given, expected) => {
	const { response, problem, status } = await collected(given);
	expect(response).toBeUndefined();
	expect(problem).toEqual(expected);
	expect(status).toBe((given as { statusCode?: number }).statusCode ?? 200);
});

it('the problem names the address without the path that only Sinch and n8n know', async () => {
	for (const given of [{ statusCode: 404, headers: {} }, new Error('connect ECONNREFUSED')]) {
		const { problem } = await collected(given);
		expect(problem?.description).toContain('https://n8n.example.com');
		expect(problem?.description).not.toContain('webhook/');
	}
});

it('answers cannot be collected without a response, and the problem says what happened to the connection', async () => {
	const { problem, status } = await collected(new Error('connect ECONNREFUSED 10.0.0.1:443'));
	expect(status).toBeUndefined();
	expect(problem?.message).toBe('This process of n8n cannot reach the address of its own webhooks');
	expect(problem?.description).toContain('where Sinch delivers them: it refused the connection.');
});
