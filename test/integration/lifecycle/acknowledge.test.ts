import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { PRODUCTION, useRegistrations } from './support';

const sinch = useRegistrations();

const FINISHED = `${PRODUCTION}-finished`;

const choose = (acknowledge: string): INodeParameters => ({ options: { acknowledge } });

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

it.each([
	['stored', PRODUCTION],
	['finished', FINISHED],
])('the choice %s of Confirm to Sinch registers the address %s', async (acknowledge, target) => {
	const staticData: IDataObject = {};
	await sinch.trigger({ staticData, parameters: choose(acknowledge) }).activate();
	expect(await sinch.webhooks()).toMatchObject([sinch.intact(target, staticData.secret)]);
});

it.each([
	['stored', 'finished', FINISHED],
	['finished', 'stored', PRODUCTION],
])(
	'a change of Confirm to Sinch from %s to %s leaves one webhook, and accepts its former secret',
	async (from, to, target) => {
		const [staticData, globalData]: IDataObject[] = [{}, {}];
		await sinch.trigger({ staticData, globalData, parameters: choose(from) }).activate();
		const { secret } = staticData;
		await sinch.trigger({ staticData, globalData, parameters: choose(to) }).activate();
		expect(await sinch.webhooks()).toMatchObject([sinch.intact(target, staticData.secret)]);
		expect(staticData).toMatchObject({ target });
		expect(globalData).toMatchObject({ sinchCapabilityRetired: [{ secret }] });
	},
);

it('a change of Confirm to Sinch leaves one webhook also when the static data is lost', async () => {
	await sinch.trigger({ parameters: choose('finished') }).activate();
	const [{ secret }] = await sinch.webhooks();
	const globalData: IDataObject = {};
	await sinch.trigger({ globalData, parameters: choose('stored') }).activate();
	expect(await targets()).toEqual([PRODUCTION]);
	expect(globalData).toMatchObject({ sinchCapabilityRetired: [{ secret }] });
});

it.each(['stored', 'finished'])(
	'deactivation deletes the webhook of either choice of Confirm to Sinch when the choice is now %s',
	async (now) => {
		for (const acknowledge of ['stored', 'finished']) {
			const staticData: IDataObject = {};
			await sinch.trigger({ staticData, parameters: choose(acknowledge) }).activate();
			await sinch.trigger({ staticData, parameters: choose(now) }).delete();
			expect(await targets()).toEqual([]);
			await sinch.trigger({ parameters: choose(acknowledge) }).activate();
			await sinch.trigger({ parameters: choose(now) }).delete();
			expect(await targets()).toEqual([]);
		}
	},
);
