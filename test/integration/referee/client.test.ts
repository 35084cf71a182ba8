import { RequestFailedError } from '@sinch/sdk-core';
import type { ConversationService } from '@sinch/sdk-core';

import { byIdentity, startSinch } from '../simulator/support';
import type { Sinch } from '../simulator/support';
import { sdkClient } from './support';

let sinch: Sinch;
let sdk: ConversationService;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => {
	await sinch.control.reset();
	sdk = sdkClient(sinch);
});

/** The error with which the SDK reports a response that is not 2xx. */
async function failureOf(call: Promise<unknown>): Promise<RequestFailedError<string>> {
	const error: unknown = await call.then(
		() => new Error('The call succeeded'),
		(thrown: unknown) => thrown,
	);
	if (error instanceof RequestFailedError) return error;
	throw error;
}

it("Sinch's SDK gets one token for parallel calls, and another when it has expired", async () => {
	await Promise.all([sdk.app.list({}), sdk.app.list({}), sdk.app.list({})]);
	expect((await sinch.control.log()).totals.tokensIssued).toBe(1);
	await sinch.control.expireTokens();
	expect((await sdk.app.list({})).apps).toHaveLength(2);
	expect((await sinch.control.log()).totals.tokensIssued).toBe(2);
});

it("Sinch's SDK lists the simulated apps and gets one", async () => {
	const { apps } = await sdk.app.list({});
	const listed = apps?.map(({ id, display_name, processing_mode }) => ({
		appId: id,
		displayName: display_name,
		processingMode: processing_mode,
	}));
	expect(listed).toEqual(sinch.demo.apps);
	const app = await sdk.app.get({ app_id: sinch.appId });
	expect(app).toEqual(apps?.find(({ id }) => id === sinch.appId));
	expect(app.channel_credentials?.map(({ channel }) => channel)).toContain('RCS');
});

it("Sinch's SDK creates, lists, gets, updates and deletes a webhook", async () => {
	const settings = {
		app_id: sinch.appId,
		target: 'https://n8n.example.com/webhook/1',
		target_type: 'HTTP',
		triggers: ['CAPABILITY' as const],
		secret: 'CactusKnight_SurfsWaves',
	};
	const created = await sdk.webhooks.create({ webhookCreateRequestBody: settings });
	expect(created).toMatchObject(settings);
	const webhook_id = String(created.id);
	expect(await sdk.webhooks.get({ webhook_id })).toEqual(created);
	expect(await sdk.webhooks.list({ app_id: sinch.appId })).toEqual({ webhooks: [created] });

	const target = 'https://n8n.example.com/webhook/2';
	const updated = await sdk.webhooks.update({
		webhook_id,
		update_mask: ['target', 'triggers'],
		webhookUpdateRequestBody: {
			target,
			triggers: ['CAPABILITY', 'OPT_IN'],
			secret: 'not masked',
		},
	});
	expect(updated).toEqual({ ...created, target, triggers: ['CAPABILITY', 'OPT_IN'] });

	await sdk.webhooks.delete({ webhook_id });
	expect(await sdk.webhooks.list({ app_id: sinch.appId })).toEqual({ webhooks: [] });
	expect(await failureOf(sdk.webhooks.get({ webhook_id }))).toMatchObject({ statusCode: 404 });
});

it("Sinch's SDK creates, finds, updates and deletes a contact", async () => {
	const identity = { channel: 'SMS', identity: '46701740699' };
	const created = await sdk.contact.create({
		contactCreateRequestBody: {
			channel_identities: [identity],
			language: 'SV',
			display_name: 'Ada',
			external_id: 'crm-ada',
		},
	});
	expect(created).toMatchObject({ display_name: 'Ada', language: 'SV', email: '' });
	const contact_id = String(created.id);
	expect(await sdk.contact.get({ contact_id })).toEqual(created);
	for (const filter of [{ external_id: 'crm-ada' }, identity]) {
		expect((await sdk.contact.list(filter)).data).toEqual([created]);
	}

	const updated = await sdk.contact.update({
		contact_id,
		update_mask: ['display_name', 'language'],
		updateContactRequestBody: { display_name: 'Ada L.', language: 'EN', email: 'not@masked' },
	});
	expect(updated).toEqual({ ...created, display_name: 'Ada L.', language: 'EN' });

	await sdk.contact.delete({ contact_id });
	expect(await failureOf(sdk.contact.get({ contact_id }))).toMatchObject({ statusCode: 404 });
});

it.each([undefined, 1, 7, 20])(
	"Sinch's SDK gets every contact exactly once when the page size is %s",
	async (page_size) => {
		// A project without contacts of its own.
		const { contact } = sdkClient(sinch, sinch.demo.otherProject);
		const created: unknown[] = [];
		for (let number = 10; number < 55; number += 1) {
			const channel_identities = [{ channel: 'SMS', identity: `467017407${number}` }];
			const body = { channel_identities, language: 'SV' as const };
			created.push((await contact.create({ contactCreateRequestBody: body })).id);
		}
		const found: unknown[] = [];
		for await (const { id } of contact.list({ page_size })) found.push(id);
		expect(found.sort()).toEqual(created.sort());
	},
);

it("Sinch's SDK looks up a contact and channel identities, and gets the registered query", async () => {
	const [contact] = sinch.demo.contacts;
	const recipients = [
		{ contact_id: contact!.contactId },
		byIdentity('RCS', '46701740605'),
	] as const;
	for (const recipient of recipients) {
		const query = { app_id: sinch.appId, recipient, request_id: '01W4FFL35P4NC4K35CAPABILITY' };
		expect(await sdk.capability.lookup({ lookupCapabilityRequestBody: query })).toEqual(query);
	}
	const withoutId = { app_id: sinch.appId, recipient: recipients[1] };
	const registered = await sdk.capability.lookup({ lookupCapabilityRequestBody: withoutId });
	expect(registered.request_id).toMatch(/^[0-9A-Z]{26}$/);
});

it("Sinch's SDK sends a message to a contact and to channel identities", async () => {
	const message = { text_message: { text: 'Hello' } };
	const app_id = sinch.appId;
	const channel_identities = [{ channel: 'SMS', identity: '46701740605' }];
	const sent = [
		await sdk.messages.send({
			sendMessageRequestBody: {
				app_id,
				message,
				recipient: { contact_id: sinch.demo.contacts[0]!.contactId },
			},
		}),
		await sdk.messages.send({
			sendMessageRequestBody: {
				app_id,
				message,
				recipient: { identified_by: { channel_identities } },
				channel_priority_order: ['SMS'],
			},
		}),
	];
	const { messages } = await sinch.control.log();
	expect(messages.map(({ messageId }) => messageId)).toEqual(
		sent.map(({ message_id }) => message_id),
	);
	for (const { accepted_time } of sent) expect(accepted_time).toBeInstanceOf(Date);
});

const unknownApp = { app_id: '01SANDB0XN0SUCHAPP00000001' };

it.each(['nested', 'flat', 'problem'] as const)(
	"Sinch's SDK reports the status and the body of an error in the form %s",
	async (errorForm) => {
		await sinch.control.settings({ errorForm });
		const { statusCode, data } = await failureOf(sdk.app.get(unknownApp));
		expect(statusCode).toBe(404);
		expect(data).toContain('App 01SANDB0XN0SUCHAPP00000001 not found');
		expect(data).toContain('NOT_FOUND');
	},
);

it("Sinch's SDK gets 400 for a recipient in both forms at once", async () => {
	const contact_id = '01C0NTACT00000000000000001';
	const recipient: { contact_id: string } = { contact_id, ...byIdentity('SMS', '46701740605') };
	const query = { app_id: sinch.appId, recipient };
	const failure = await failureOf(sdk.capability.lookup({ lookupCapabilityRequestBody: query }));
	expect(failure.statusCode).toBe(400);
	expect(failure.data).toContain('INVALID_ARGUMENT');
});

it("Sinch's SDK gets 401 from the token endpoint for an unknown key", async () => {
	const unknown = { ...sinch.demo.project, keySecret: 'wrong' };
	const failure = await failureOf(sdkClient(sinch, unknown).app.list({}));
	expect(failure.statusCode).toBe(401);
	expect(failure.data).toContain('invalid_client');
});

it("Sinch's SDK gets 403 for a key of another project", async () => {
	const { project, otherProject } = sinch.demo;
	const stranger = sdkClient(sinch, { ...otherProject, projectId: project.projectId });
	const failure = await failureOf(stranger.app.list({}));
	expect(failure).toMatchObject({ statusCode: 403 });
	expect(failure.data).toContain('UNAUTHORIZED');
});

it("Sinch's SDK gets 429 with Retry-After beyond the rate of requests", async () => {
	await sinch.control.faults({ target: 'apps', kind: 'status', status: 429, retryAfter: 7 });
	const failure = await failureOf(sdk.app.list({}));
	expect(failure).toMatchObject({ statusCode: 429, responseHeaders: { 'retry-after': '7' } });
});

it("Sinch's SDK gets 501 for a call that the simulator does not have", async () => {
	const body = { display_name: 'New app', channel_credentials: [] };
	expect(await failureOf(sdk.app.create({ appCreateRequestBody: body }))).toMatchObject({
		statusCode: 501,
	});
});
