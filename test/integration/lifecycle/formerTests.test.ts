import type { IDataObject } from 'n8n-workflow';

import { PRODUCTION, TEST, useRegistrations } from './support';

const sinch = useRegistrations();

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

/** A webhook that stayed at Sinch because n8n stopped while the editor listened. */
const leave = async (target: string) =>
	await sinch.register({ target, target_type: 'HTTP', triggers: ['CAPABILITY'] });

const OF_ANOTHER_NODE = TEST.replace('3f0c3f5e', '4f0c3f5e');
const OF_ANOTHER_N8N = TEST.replace('n8n.example.com', 'staging.example.com');

it.each([TEST, `${TEST}-finished`, TEST.replace('n8n.', 'N8N.')])(
	'the webhook of a test that n8n did not end is removed when the workflow is published: %s',
	async (target) => {
		await leave(target);
		await sinch.trigger().activate();
		expect(await targets()).toEqual([PRODUCTION]);
	},
);

it('the webhook of a test that n8n did not end makes room when all places of the app are taken', async () => {
	await leave(TEST);
	for (const n of [1, 2, 3, 4]) await leave(`https://crm.example.com/${n}`);
	await sinch.trigger().activate();
	expect(await targets()).toContain(PRODUCTION);
});

it.each<[string, IDataObject | undefined]>([
	['is unpublished', {}],
	['is unpublished and its static data is lost', undefined],
])(
	'the webhook of a test that n8n did not end is removed when the workflow %s',
	async (_, staticData) => {
		await sinch.trigger({ staticData }).activate();
		await leave(TEST);
		await sinch.trigger({ staticData }).delete();
		expect(await targets()).toEqual([]);
	},
);

it('the webhook of a test that n8n did not end stays when it is of another node or of another n8n', async () => {
	await leave(OF_ANOTHER_NODE);
	await leave(OF_ANOTHER_N8N);
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	await sinch.trigger({ staticData }).delete();
	expect(await targets()).toEqual([OF_ANOTHER_NODE, OF_ANOTHER_N8N]);
});

it('a workflow can be unpublished while Sinch does not give the list of webhooks', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	await sinch.control.faults({
		target: 'webhooks',
		method: 'GET',
		kind: 'status',
		status: 503,
		times: 10,
	});
	await expect(sinch.trigger({ staticData }).delete()).resolves.toBe(true);
	await sinch.control.clearFaults();
	expect(await targets()).toEqual([]);
});

it('a running test is left alone when the workflow is published and unpublished', async () => {
	const test = sinch.trigger({ staticData: {}, webhookUrl: TEST });
	await test.activate();
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	expect(await targets()).toEqual([TEST, PRODUCTION]);
	await sinch.trigger({ staticData }).delete();
	expect(await targets()).toEqual([TEST]);
	await test.delete();
	expect(await targets()).toEqual([]);
});

it('a test that has ended does not touch the webhook of the published workflow', async () => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData }).activate();
	const test = sinch.trigger({ staticData: {}, webhookUrl: TEST });
	await test.activate();
	await test.delete();
	expect(await sinch.webhooks()).toMatchObject([sinch.intact(PRODUCTION, staticData.secret)]);
});
