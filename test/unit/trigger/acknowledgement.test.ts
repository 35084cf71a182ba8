import type { IWebhookFunctions } from 'n8n-workflow';

import { receive } from '../../../nodes/SinchCapability/trigger/executions';
import { newResponse } from '../../support/engine/http';

const MINUTE_MS = 60_000;

/** A request to one of the trigger's webhooks, and what is known about it by now. */
function received(webhookName: string) {
	const response = newResponse();
	const context = { getResponseObject: () => response, getWebhookName: () => webhookName };
	const reception = receive(context as unknown as IWebhookFunctions);
	const seen: { isAccepted?: boolean; mayFollow?: true } = {};
	void reception.isAccepted().then((isAccepted) => (seen.isAccepted = isAccepted));
	void reception.untilNext().then(() => (seen.mayFollow = true));
	return { response, reception, seen };
}

describe('a request that carries an execution', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	it('a request is no longer wanted after its sender has disconnected, unless the end of the workflow counts', () => {
		const [stored, finished] = ['default', 'setup'].map(received);
		expect([stored.reception.isWanted(), finished.reception.isWanted()]).toEqual([true, true]);
		stored.response.destroy();
		finished.response.destroy();
		expect([stored.reception.isWanted(), finished.reception.isWanted()]).toEqual([false, true]);
	});

	it.each([
		['default', 200, true],
		['default', 500, false],
		['setup', 200, true],
		['setup', 500, false],
	])(
		'the response of n8n decides whether a request is accepted even when its sender has disconnected: %s, %i',
		async (webhookName, status, isAccepted) => {
			const { response, seen } = received(webhookName);
			response.destroy();
			await jest.advanceTimersByTimeAsync(5_000);
			expect(seen).toEqual({});
			response.status(status).end();
			await jest.advanceTimersByTimeAsync(5_000);
			expect(seen).toEqual({ isAccepted, mayFollow: true });
		},
	);

	it('a request is accepted once n8n has ended its response, although the response cannot be sent yet', async () => {
		const { response, seen } = received('default');
		response.detachSocket(response.socket!);
		response.status(200).end();
		await jest.advanceTimersByTimeAsync(100);
		expect(response.writableFinished).toBe(false);
		expect(seen).toEqual({ isAccepted: true, mayFollow: true });
	});

	it.each([
		['default', 60],
		['setup', 10],
	])(
		'a request lets the next execution follow when n8n has not responded in time: %s, %i s',
		async (webhookName, seconds) => {
			const { seen } = received(webhookName);
			await jest.advanceTimersByTimeAsync((seconds - 1) * 1_000);
			expect(seen).toEqual({});
			await jest.advanceTimersByTimeAsync(6_000);
			expect(seen).toEqual({ mayFollow: true });
		},
	);

	it.each(['default', 'setup'])(
		'a request may be executed again when n8n has not responded for 15 minutes: %s',
		async (webhookName) => {
			const { seen } = received(webhookName);
			await jest.advanceTimersByTimeAsync(14 * MINUTE_MS);
			expect(seen).not.toHaveProperty('isAccepted');
			await jest.advanceTimersByTimeAsync(2 * MINUTE_MS);
			expect(seen).toEqual({ isAccepted: false, mayFollow: true });
		},
	);

	it('a request whose response does not come is looked at ever more seldom', async () => {
		const { response } = received('default');
		let count = 0;
		Object.defineProperty(response, 'writableEnded', {
			get: () => {
				count += 1;
				return false;
			},
		});
		const looks = async (ms: number) => {
			count = 0;
			await jest.advanceTimersByTimeAsync(ms);
			return count;
		};
		expect(await looks(1_000)).toBeLessThan(20);
		await looks(MINUTE_MS);
		// Every five seconds.
		expect(await looks(10 * MINUTE_MS)).toBeLessThan(130);
	});
});
