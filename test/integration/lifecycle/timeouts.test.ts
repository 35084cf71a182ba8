/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { ClientRequest } from 'node:http';
import type { IDataObject } from 'n8n-workflow';

import type { FaultRule } from '../../../sandbox/simulator/wire';
import { PRODUCTION, useRegistrations } from './support';

const sinch = useRegistrations();

/** How long the trigger gives Sinch for a response, and how long the tests let it wait for none. */
const LIMIT_MS = 10_000;
const SHORT_MS = 1_000;

/** Sinch never responds to the next request of this method; all others have their usual time. */
async function never(method: string, more: Partial<FaultRule> = {}) {
	await sinch.control.faults({
		target: 'webhooks',
		kind: 'timeout',
		method,
		...more,
	} as FaultRule);
	const { setTimeout } = ClientRequest.prototype;
	const limits: number[] = [];
	jest.spyOn(ClientRequest.prototype, 'setTimeout').mockImplementation(function (
		this: ClientRequest,
		ms,
		onTimeout,
	) {
		const isFirst = ms === LIMIT_MS && this.method === method && limits.length === 0;
		if (isFirst) limits.push(ms);
		return setTimeout.call(this, isFirst ? SHORT_MS : ms, onTimeout);
	});
	return limits;
}

afterEach(() => jest.restoreAllMocks());

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

it.each(['GET', 'POST'])(
	'activation registers nothing and shows an error after ten seconds when Sinch never answers %s',
	async (method) => {
		const limits = await never(method);
		const staticData: IDataObject = {};
		await expect(sinch.trigger({ staticData }).activate()).rejects.toThrow(
			/^Sinch could not be reached at http.*: it did not respond in time\. Check the region/,
		);
		expect(limits).toEqual([LIMIT_MS]);
		expect([await targets(), staticData]).toEqual([[], {}]);
		await sinch.trigger({ staticData }).activate();
		expect(await targets()).toEqual([PRODUCTION]);
	},
);

it('activation adopts a webhook whose creation got no response', async () => {
	const limits = await never('POST', { processed: true });
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	expect(limits).toEqual([LIMIT_MS]);
	expect(await sinch.webhooks()).toEqual([
		expect.objectContaining(sinch.intact(PRODUCTION, staticData.secret)),
	]);
});

it('deactivation retries a deletion that got no response', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const limits = await never('DELETE');
	await sinch.trigger({ staticData }).delete();
	expect(limits).toEqual([LIMIT_MS]);
	expect([await targets(), staticData.webhookId]).toEqual([[], undefined]);
});
