import type { IDataObject } from 'n8n-workflow';

import type { FaultRule } from '../../../sandbox/simulator/wire';
import { foreign, PRODUCTION, useRegistrations } from './support';

const sinch = useRegistrations();

type Given = Omit<FaultRule, 'target' | 'kind'> & { kind: 'status' | 'garbage' | 'reset' };

const faults = async (method: string, ...given: Given[]) =>
	await sinch.control.faults(
		given.map((fault) => ({ target: 'webhooks', method, ...fault }) as FaultRule),
	);

/** The message for each fault: what happened, and what to do. */
const TOLD: Array<[string, Given, RegExp]> = [
	['401', { kind: 'status', status: 401 }, /does not know this access key\. Check the Access Key/],
	['403', { kind: 'status', status: 403 }, /no permission for this project\. Check that Project/],
	['404', { kind: 'status', status: 404 }, /could not find the app.*\. Check the App ID/],
	[
		'429',
		{ kind: 'status', status: 429 },
		/Too many requests for this Sinch project\. .*Try again later/,
	],
	['500', { kind: 'status', status: 500 }, /Sinch is not available at the moment\. Try again/],
	['503', { kind: 'status', status: 503 }, /Sinch is not available at the moment\. Try again/],
	[
		'a broken connection',
		{ kind: 'reset' },
		/could not be reached at http.*: the connection was lost\. Check the region/,
	],
];

const GARBAGE: Given = { kind: 'garbage' };
const NOT_UNDERSTOOD = /response did not come from Sinch\. Check the Region/;

/** The fault, for as many attempts as n8n may make in one activation. */
const lasting = (fault: Given) => ({ ...fault, times: 10 });

async function activates(staticData: IDataObject = {}) {
	await sinch.trigger({ staticData }).activate();
	expect(await sinch.webhooks()).toEqual([
		expect.objectContaining(sinch.intact(PRODUCTION, staticData.secret)),
	]);
}

it.each(TOLD)(
	'activation registers nothing and shows an error when the list of webhooks is answered with %s',
	async (_, fault, told) => {
		await faults('GET', lasting(fault));
		const staticData: IDataObject = {};
		await expect(sinch.trigger({ staticData }).activate()).rejects.toThrow(told);
		await sinch.control.clearFaults();
		expect([await sinch.webhooks(), staticData]).toEqual([[], {}]);
		await activates(staticData);
	},
);

it.each<[string, unknown]>([
	['HTML', undefined],
	['null', 'null'],
	['another object', { webhooks: 'none' }],
])(
	'activation registers the webhook, if not at once then the next time, when it gets %s in place of the list of webhooks',
	async (_, body) => {
		await faults('GET', { ...GARBAGE, body, times: 1 });
		const outcome = await activates().catch((error: Error) => error);
		if (outcome) expect(outcome.message).toMatch(NOT_UNDERSTOOD);
		await activates();
	},
);

it.each(TOLD)(
	'activation registers nothing and shows an error when the creation is answered with %s',
	async (_, fault, told) => {
		await faults('POST', lasting(fault));
		const staticData: IDataObject = {};
		await expect(sinch.trigger({ staticData }).activate()).rejects.toThrow(told);
		await sinch.control.clearFaults();
		expect([await sinch.webhooks(), staticData]).toEqual([[], {}]);
		await activates(staticData);
	},
);

it('activation registers nothing and shows an error when the response to the creation is garbage', async () => {
	await faults('POST', GARBAGE);
	await expect(sinch.trigger().activate()).rejects.toThrow(NOT_UNDERSTOOD);
	await activates();
});

it.each<[string, Given]>([
	['a broken connection', { kind: 'reset', processed: true }],
	['500', { kind: 'status', status: 500, processed: true }],
	['garbage', { ...GARBAGE, processed: true }],
])(
	'activation adopts a webhook that was created although the response was %s',
	async (_, fault) => {
		await faults('POST', fault);
		await activates();
	},
);

it('activation names the webhooks that take all five places and what to do, and changes none of them', async () => {
	await sinch.takeAllSlots();
	const before = await sinch.webhooks();
	await expect(sinch.trigger().activate()).rejects.toThrow(
		/has 5 webhooks, the maximum\. Others \(5\): .* Delete one that is no longer needed/,
	);
	expect(await sinch.webhooks()).toEqual(before);
});

it.each([...TOLD, ['garbage', GARBAGE, NOT_UNDERSTOOD] as (typeof TOLD)[number]])(
	'activation shows an error when a repair is answered with %s, and the next one repairs the webhook',
	async (_, fault, told) => {
		const staticData: IDataObject = {};
		await activates(staticData);
		const [{ id }] = await sinch.webhooks();
		const change = { target: PRODUCTION, target_type: 'DISMISS' };
		await sinch.api('PATCH', `/webhooks/${id}?update_mask=target_type`, change);
		await faults('PATCH', lasting(fault));
		await expect(sinch.trigger({ staticData }).activate()).rejects.toThrow(told);
		await sinch.control.clearFaults();
		expect(await sinch.webhooks()).toMatchObject([{ id, target_type: 'DISMISS' }]);
		await activates(staticData);
	},
);

const REMAINS =
	/The webhook may still be at Sinch\. Publish \(activate\) and unpublish \(deactivate\) this workflow again, or delete/;

it.each<[string, Given]>([
	['500', { kind: 'status', status: 500 }],
	['a broken connection', { kind: 'reset' }],
])('deactivation tries the deletion again when it is answered once with %s', async (_, fault) => {
	const staticData: IDataObject = {};
	await activates(staticData);
	await faults('DELETE', fault);
	await sinch.trigger({ staticData }).delete();
	expect([await sinch.webhooks(), staticData.webhookId]).toEqual([[], undefined]);
});

it.each([TOLD[0], TOLD[1]])(
	'deactivation shows an error and keeps all that is needed when the deletion is answered with %s for long',
	async (_, fault, told) => {
		const staticData: IDataObject = {};
		const other = await sinch.register(foreign);
		await sinch.trigger({ staticData }).activate();
		const before = { ...staticData };
		await faults('DELETE', lasting(fault));
		const failure: Error = await sinch
			.trigger({ staticData })
			.delete()
			.then(
				() => new Error('It was deleted'),
				(error: Error) => error,
			);
		expect(failure.message).toMatch(told);
		expect(failure.message).toMatch(REMAINS);
		expect(staticData).toEqual(before);
		expect(await sinch.webhooks()).toHaveLength(2);
		await sinch.control.clearFaults();
		await sinch.trigger({ staticData }).delete();
		expect(await sinch.webhooks()).toEqual([other]);
	},
);

it('deactivation accepts that the webhook is already gone, and forgets it', async () => {
	const staticData: IDataObject = {};
	await activates(staticData);
	await sinch.api('DELETE', `/webhooks/${String(staticData.webhookId)}`);
	await expect(sinch.trigger({ staticData }).delete()).resolves.toBe(true);
	expect(staticData.webhookId).toBeUndefined();
});
