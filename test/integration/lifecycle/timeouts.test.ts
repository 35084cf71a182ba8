import type { IDataObject } from 'n8n-workflow';

import type { FaultRule } from '../../../sandbox/simulator/wire';
import { PRODUCTION, useRegistrations } from './support';

const LIMIT_MS = 60_000;

const sinch = useRegistrations();

const never = async (method: string, more: Partial<FaultRule> = {}) =>
	await sinch.control.faults({
		target: 'webhooks',
		kind: 'timeout',
		method,
		...more,
	} as FaultRule);

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

describe('Sinch never answers', () => {
	it.each(['GET', 'POST'])(
		'%s: nothing is registered, and the user sees an error',
		async (method) => {
			await never(method);
			const staticData: IDataObject = {};
			await expect(sinch.trigger({ staticData }).activate()).rejects.toThrow(
				/^Sinch could not be reached at http.*: it did not respond in time\. Check the region/,
			);
			expect([await targets(), staticData]).toEqual([[], {}]);
			await sinch.trigger({ staticData }).activate();
			expect(await targets()).toEqual([PRODUCTION]);
		},
		LIMIT_MS,
	);

	it(
		'adopts a webhook whose creation got no response',
		async () => {
			await never('POST', { processed: true });
			const staticData: IDataObject = {};
			await sinch.trigger({ staticData }).activate();
			expect(await sinch.webhooks()).toEqual([
				expect.objectContaining(sinch.intact(PRODUCTION, staticData.secret)),
			]);
		},
		LIMIT_MS,
	);

	it(
		'retries a deletion that got no response',
		async () => {
			const staticData: IDataObject = {};
			await sinch.trigger({ staticData }).activate();
			await never('DELETE');
			await sinch.trigger({ staticData }).delete();
			expect([await targets(), staticData.webhookId]).toEqual([[], undefined]);
		},
		LIMIT_MS,
	);
});
