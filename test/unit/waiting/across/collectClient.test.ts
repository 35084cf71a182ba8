import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import {
	CollectSession,
	noteResponse,
} from '../../../../nodes/SinchCapability/waiting/across/collectClient';
import { remoteAnswers } from '../../../../nodes/SinchCapability/waiting/across/keptAnswers';

const waiting = { accept: () => {}, outstanding: () => 0 };
const TARGET = 'https://n8n.example.com/webhook/1/capability';

/** A session whose requests reach nobody at first. */
function unreachable(targets: string[] = []) {
	const httpRequest = jest.fn().mockRejectedValue(new Error('connect ECONNREFUSED'));
	const context = { helpers: { httpRequest } } as unknown as IExecuteFunctions;
	return { session: new CollectSession(context, targets, waiting), httpRequest };
}

const answerTo = (request_id: string) => ({
	capability_notification: { request_id, channel: 'RCS', identity: '46701740605' },
});

describe('the end of a wait', () => {
	it('is known in its own process: received answers are repeats, missing ones start the workflow', () => {
		const { session } = unreachable();
		const [received, missing] = [1, 2].map(() => session.createRequestId(Date.now()));
		session.end([missing]);
		expect(session.hasEnded).toBe(true);
		expect(remoteAnswers.offer(answerTo(received) as never, performance.now(), Date.now())).toBe(
			'repeat',
		);
		expect(remoteAnswers.offer(answerTo(missing) as never, performance.now(), Date.now())).toBe(
			'notAwaited',
		);
	});

	it('is sent until each known process has responded, and no more', async () => {
		noteResponse(TARGET, 'another process');
		const { session, httpRequest } = unreachable([TARGET]);
		httpRequest.mockResolvedValue({
			statusCode: 200,
			headers: { 'x-sinch-capability-collect': '1' },
			body: { process: 'another process', number: 0, answers: [] },
		});
		session.end([]);
		await sleep(50);
		expect(httpRequest).toHaveBeenCalledTimes(1);
	});

	it.each([
		[10_000, true],
		[10_001, false],
	])('with %i open requests is sent to the other processes: %s', async (count, isSent) => {
		noteResponse(TARGET, 'another process');
		const { session, httpRequest } = unreachable([TARGET]);
		session.end(Array.from({ length: count }, () => session.createRequestId(Date.now())));
		await sleep(10);
		expect(httpRequest.mock.calls.length > 0).toBe(isSent);
	});
});
