import type { IDataObject } from 'n8n-workflow';

import { settingsOfN8n } from '../../support/instance';
import { PRODUCTION, useRegistrations } from './support';

const sinch = useRegistrations();

const STAGING = PRODUCTION.replace('n8n.example.com', 'staging.example.com');

const settings = settingsOfN8n();
const { instanceId } = settings;

/** What follows is called by the n8n with this id. */
const inInstance = (id: string) => Object.assign(settings, { instanceId: id });

afterEach(() => inInstance(instanceId));

const targets = async () => (await sinch.webhooks()).map(({ target }) => target);

/** What another n8n has after an import of an exported workflow: its static data and its webhook ID. */
async function exported(): Promise<[IDataObject, IDataObject]> {
	const original: IDataObject = {};
	await sinch.trigger({ staticData: original }).activate();
	return [original, structuredClone(original)];
}

it('a workflow that was imported into another n8n gets its own webhook and secret there, and the original keeps its own', async () => {
	const [original, copy] = await exported();
	inInstance('another n8n');
	await sinch.trigger({ staticData: copy, webhookUrl: STAGING }).activate();
	expect(await targets()).toEqual([PRODUCTION, STAGING]);
	expect(await sinch.webhooks()).toMatchObject([
		sinch.intact(PRODUCTION, original.secret),
		sinch.intact(STAGING, copy.secret),
	]);
	expect(copy).toMatchObject({ instanceId: 'another n8n', target: STAGING });
	expect(copy.secret).not.toBe(original.secret);
});

it('a workflow that was imported into another n8n takes away nothing of the original when it is unpublished there', async () => {
	const [, copy] = await exported();
	inInstance('another n8n');
	const staging = sinch.trigger({ staticData: copy, webhookUrl: STAGING });
	await staging.delete();
	expect(await targets()).toEqual([PRODUCTION]);
	await staging.activate();
	await staging.delete();
	expect(await targets()).toEqual([PRODUCTION]);
});

it('a workflow that was imported into another n8n takes over the webhook of its own address, as after a move with a new encryption key', async () => {
	const [original, moved] = await exported();
	inInstance('the same n8n with a new key');
	await sinch.trigger({ staticData: moved }).activate();
	expect(await sinch.webhooks()).toMatchObject([sinch.intact(PRODUCTION, original.secret)]);
	expect(moved).toMatchObject({ webhookId: original.webhookId, secret: original.secret });
});

it('a registration of an older version, without an instance, belongs to this n8n', async () => {
	const [, older] = await exported();
	delete older.instanceId;
	await sinch.trigger({ staticData: older, webhookUrl: STAGING }).activate();
	expect(await targets()).toEqual([STAGING]);
	expect(older).toMatchObject({ instanceId });
});
