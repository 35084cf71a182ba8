import type { IWebhookFunctions } from 'n8n-workflow';

import { receive } from '../../../nodes/SinchCapability/trigger/acknowledgement';
import { WebhookRequest, WebhookResponse } from '../../support/engine/http';

const MINUTE_MS = 60_000;

/** A request to one of the trigger's webhooks, whose sender hangs up. */
function hungUp(webhookName: string) {
	const response = new WebhookResponse(new WebhookRequest({}, '/'));
	const context = { getResponseObject: () => response, getWebhookName: () => webhookName };
	const reception = receive(context as unknown as IWebhookFunctions);
	const seen: { arrived?: boolean; responded?: boolean } = {};
	void reception.arrived.then((arrived) => (seen.arrived = arrived));
	void reception.responded.then((responded) => (seen.responded = responded));
	response.destroy();
	return { response, reception, seen };
}

describe('a request whose sender has hung up', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	it('is not executed any more, and its answer has not arrived', async () => {
		const { reception, seen } = hungUp('default');
		await jest.advanceTimersByTimeAsync(1);
		expect(reception.isWanted()).toBe(false);
		expect(seen).toEqual({ arrived: false });
	});

	it.each([
		[200, true],
		[500, false],
	])('is executed and tells its end when the workflow counts: %i', async (status, arrived) => {
		const { response, reception, seen } = hungUp('setup');
		expect(reception.isWanted()).toBe(true);
		await jest.advanceTimersByTimeAsync(10 * MINUTE_MS);
		expect(seen).toEqual({});
		response.status(status).end();
		await jest.advanceTimersByTimeAsync(5_000);
		expect(seen).toEqual({ arrived, responded: arrived });
	});

	it('may be executed again when n8n has not responded for 15 minutes', async () => {
		const { seen } = hungUp('setup');
		await jest.advanceTimersByTimeAsync(14 * MINUTE_MS);
		expect(seen).toEqual({});
		await jest.advanceTimersByTimeAsync(2 * MINUTE_MS);
		expect(seen).toEqual({ arrived: false, responded: false });
	});
});
