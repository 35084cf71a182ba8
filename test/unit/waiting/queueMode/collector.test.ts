import { sleep } from 'n8n-workflow';

import { Collector } from '../../../../nodes/SinchCapability/waiting/queueMode/collector';
import {
	COLLECT_HEADER,
	COLLECT_VERSION,
} from '../../../../nodes/SinchCapability/waiting/queueMode/protocol';
import { remoteAnswers } from '../../../../nodes/SinchCapability/waiting/queueMode/keptAnswers';

const waiting = { accept: () => {}, outstanding: () => 0 };
const N8N = 'this n8n';
const TARGET = 'https://n8n.example.com/webhook/1/capability';

/** A collector in a worker, and the requests that it sends; each has this result. */
function collectorOf(result: () => Promise<unknown>) {
	const httpRequest = jest.fn().mockImplementation(result);
	const context = { helpers: { httpRequest }, getInstanceId: () => N8N } as never;
	return { collector: new Collector(context, 'elsewhere', [TARGET], waiting), httpRequest };
}

const refused = async () => await Promise.reject(new Error('connect ECONNREFUSED'));

const answered = async () =>
	await Promise.resolve({
		statusCode: 200,
		headers: { [COLLECT_HEADER]: COLLECT_VERSION },
		body: { process: 'another process', number: 0, answers: [], notHeld: 'taken' },
	});

const answerTo = (request_id: string) => ({
	capability_notification: { request_id, channel: 'RCS', identity: '46701740605' },
});

it('the end of a wait is known in its own process: received answers are repeats, missing ones start the workflow', () => {
	const { collector } = collectorOf(refused);
	const [received, missing] = [1, 2].map(() => collector.createRequestId(Date.now()));
	collector.end([missing]);
	const offers = [received, missing].map((id) =>
		remoteAnswers.offer(answerTo(id) as never, N8N, performance.now(), Date.now()),
	);
	expect(offers).toEqual(['received', 'notAwaited']);
});

it('the end of a wait is sent until each known process has responded, and no more', async () => {
	const { collector, httpRequest } = collectorOf(answered);
	await collector.start();
	await sleep(10);
	const before = httpRequest.mock.calls.length;
	collector.end([]);
	await sleep(500);
	expect(httpRequest.mock.calls.length - before).toBe(1);
});

it.each([
	[10_000, true],
	[10_001, false],
])('the end of a wait with %i open requests is sent: %s', async (count, isSent) => {
	const { collector, httpRequest } = collectorOf(answered);
	await collector.start();
	await sleep(10);
	const before = httpRequest.mock.calls.length;
	collector.end(Array.from({ length: count }, () => collector.createRequestId(Date.now())));
	await sleep(10);
	expect(httpRequest.mock.calls.length > before).toBe(isSent);
});
