import { randomUUID } from 'node:crypto';
import { ConversationCallbackWebhooks } from '@sinch/sdk-core';
import type { IDataObject } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import type { CallbackOrder } from '../../../sandbox/simulator/wire';
import { callWebhook } from '../../support/engine';
import { signed } from '../../support/signed';
import { startReceiver, startSinch, until } from '../simulator/support';
import type { Received, Receiver, Sinch } from '../simulator/support';
import { sdkClient } from './support';

const SECRET = 'CactusKnight_SurfsWaves';
const FORMER_SECRET = 'MuskratMarshal_RidesTides';

let sinch: Sinch;
let receiver: Receiver;
beforeAll(async () => (sinch = await startSinch()));
afterAll(async () => await sinch.stop());
beforeEach(async () => {
	await sinch.control.reset();
	await sinch.control.settings({ answerDelayMs: 0, callbacksPerSecond: 1000 });
	receiver = await startReceiver();
});
afterEach(async () => await receiver.close());

/** What Sinch's SDK and the trigger can make of a callback, the stricter first. */
const VERDICTS = ['refused', 'unreadable', 'another callback', 'an answer'] as const;
type Verdict = (typeof VERDICTS)[number];

function readBySdk({ headers, body }: Received, secret: string) {
	const callbacks = new ConversationCallbackWebhooks(secret);
	if (!callbacks.validateAuthenticationHeader(headers, body, '', '')) return undefined;
	return { event: () => callbacks.parseEvent(body) };
}

function verdictOfSdk(received: Received, secret: string): Verdict {
	const genuine = readBySdk(received, secret);
	if (!genuine) return 'refused';
	try {
		return genuine.event().trigger === 'CAPABILITY' ? 'an answer' : 'another callback';
	} catch {
		return 'unreadable';
	}
}

async function readByTrigger({ headers, body }: Received, secret: string, webhookUrl: string) {
	const until = Date.now() + 3_600_000;
	const { response, workflowData = [] } = await callWebhook(new SinchCapabilityTrigger(), {
		staticData: { webhookId: '01W4', secret, retired: [{ secret: FORMER_SECRET, until }] },
		webhookUrl,
		request: { headers, rawBody: Buffer.from(body) },
	});
	return { status: response.status, items: workflowData.flat().map(({ json }) => json) };
}

type TriggerVerdict = 'refused' | 'unreadable' | 'ignored' | 'an answer';

async function verdictOfTrigger(
	...given: Parameters<typeof readByTrigger>
): Promise<TriggerVerdict> {
	const { status, items } = await readByTrigger(...given);
	if (status === 401) return 'refused';
	// n8n refuses it before the node is called.
	if (status === 422) return 'unreadable';
	expect(status).toBe(200);
	return items.length > 0 ? 'an answer' : 'ignored';
}

interface Row {
	callback: string;
	/** What the simulator posts; default: an answer to a capability query. */
	order?: () => Partial<CallbackOrder>;
	/** The secret that the webhook has at Sinch. */
	secretAtSinch?: string;
	/** The secret that the SDK and the trigger verify with. */
	secret?: string;
	/** Changes the request after the simulator has signed it. */
	change?: (received: Received) => Received;
	/** A request that arrives earlier. */
	earlier?: (received: Received) => Received;
	sdk: Verdict;
}

type Difference = Row & { trigger: TriggerVerdict; because: string };

let bodies = 0;
/** An answer with a request ID of its own, because the trigger ignores repeats. */
function answer(changes: object = {}) {
	bodies += 1;
	return {
		app_id: sinch.appId,
		accepted_time: '2026-01-15T10:20:30.123456Z',
		project_id: '',
		capability_notification: {
			request_id: `request-${bodies}`,
			contact_id: '',
			channel: 'RCS',
			identity: '46701234567',
			capability_status: 'CAPABILITY_FULL',
			...changes,
		},
		message_metadata: '',
	};
}

/** Has the simulator post a callback, and returns it as it arrived. */
async function post(order: Partial<CallbackOrder> = {}, secret = SECRET): Promise<Received> {
	const ordered = { trigger: 'CAPABILITY', body: answer(), ...order };
	await sinch.addWebhook({ target: receiver.url, secret, triggers: [ordered.trigger] });
	await sinch.control.callbacks({ appId: sinch.appId, ...ordered });
	return receiver.received[0]!;
}

/** Each has its own trigger node, so that no test sees the answers of another. */
const newNodeUrl = () => `https://n8n.example.com/webhook/${randomUUID()}/capability`;

const withHeader = (name: string, value?: string) => (received: Received) => ({
	...received,
	headers: { ...received.headers, [`x-sinch-webhook-signature${name}`]: value },
});

const signAgain =
	(signing: Parameters<typeof signed>[1]) =>
	({ body }: Received) => ({
		body,
		headers: signed(body, { secret: SECRET, ...signing }).headers as Received['headers'],
	});

const nested = (levels: number): object => (levels === 0 ? {} : { inner: nested(levels - 1) });

/** The callbacks of Sinch by the key of their content. */
const CALLBACKS = {
	message: 'MESSAGE_INBOUND',
	message_redaction: 'MESSAGE_INBOUND_SMART_CONVERSATION_REDACTION',
	message_submit_notification: 'MESSAGE_SUBMIT',
	message_delivery_report: 'MESSAGE_DELIVERY',
	event: 'EVENT_INBOUND',
	event_delivery_report: 'EVENT_DELIVERY',
	conversation_start_notification: 'CONVERSATION_START',
	conversation_stop_notification: 'CONVERSATION_STOP',
	conversation_delete_notification: 'CONVERSATION_DELETE',
	contact_create_notification: 'CONTACT_CREATE',
	contact_delete_notification: 'CONTACT_DELETE',
	contact_merge_notification: 'CONTACT_MERGE',
	contact_update_notification: 'CONTACT_UPDATE',
	duplicated_identities: 'CONTACT_IDENTITIES_DUPLICATION',
	capability_notification: 'CAPABILITY',
	opt_in_notification: 'OPT_IN',
	opt_out_notification: 'OPT_OUT',
	channel_event_notification: 'CHANNEL_EVENT',
	unsupported_callback: 'UNSUPPORTED',
	smart_conversation_notification: 'SMART_CONVERSATIONS',
	record_notification: 'RECORD_NOTIFICATION',
};

const AGREED: Row[] = [
	{ callback: 'an answer', sdk: 'an answer' },
	{
		callback: 'an answer with spaces and line ends',
		order: () => ({ body: `\n${JSON.stringify(answer(), undefined, '\t')}\r\n` }),
		sdk: 'an answer',
	},
	{
		callback: 'an answer with letters of several bytes',
		order: () => ({ body: answer({ reason: { description: 'Empfänger 受信者 😀' } }) }),
		sdk: 'an answer',
	},
	{
		callback: 'an answer with an undocumented channel and status',
		order: () => ({ body: answer({ channel: 'PIGEON', capability_status: 'AIRBORNE' }) }),
		sdk: 'an answer',
	},
	{
		callback: 'a genuine body that is not JSON',
		order: () => ({ fault: 'garbage' }),
		sdk: 'unreadable',
	},
	...(['unsigned', 'wrong-signature', 'signature-of-another-body', 'changed-body'] as const).map(
		(fault): Row => ({
			callback: `an answer with the fault "${fault}"`,
			order: () => ({ fault }),
			sdk: 'refused',
		}),
	),
	{
		callback: 'an answer that names no algorithm',
		change: withHeader('-algorithm'),
		sdk: 'an answer',
	},
	{ callback: 'an answer without nonce', change: withHeader('-nonce'), sdk: 'refused' },
	{ callback: 'an answer with another nonce', change: withHeader('-nonce', '1'), sdk: 'refused' },
	{ callback: 'an answer without timestamp', change: withHeader('-timestamp'), sdk: 'refused' },
	{
		callback: 'an answer with another timestamp',
		change: withHeader('-timestamp', String(Math.floor(Date.now() / 1000) - 60)),
		sdk: 'refused',
	},
];

const DIFFERENCES: Difference[] = [
	{
		callback: 'an answer that names another algorithm',
		order: () => ({ fault: 'wrong-algorithm' }),
		sdk: 'an answer',
		trigger: 'refused',
		because: 'the SDK does not read the header with the algorithm',
	},
	{
		callback: 'an answer signed two days ago',
		order: () => ({ fault: 'old-timestamp' }),
		sdk: 'an answer',
		trigger: 'refused',
		because: 'the SDK leaves the check of the age to its user',
	},
	{
		callback: 'an answer signed in ten minutes from now',
		order: () => ({ timestamp: Math.floor(Date.now() / 1000) + 600 }),
		sdk: 'an answer',
		trigger: 'refused',
		because: 'a signature from the future would outlive the age limit',
	},
	{
		callback: 'an answer with a timestamp that is not in whole seconds',
		change: signAgain({ timestamp: Math.floor(Date.now() / 1000) + 0.5 }),
		sdk: 'an answer',
		trigger: 'refused',
		because: 'Sinch documents whole seconds, without which the age is unclear',
	},
	{
		callback: 'an answer signed with an empty secret',
		secret: '',
		change: signAgain({ secret: '' }),
		sdk: 'an answer',
		trigger: 'refused',
		because: 'anyone can sign with an empty secret',
	},
	{
		callback: 'an answer delivered again',
		earlier: (received) => received,
		sdk: 'an answer',
		trigger: 'ignored',
		because: 'Sinch delivers at least once, and a workflow should run once',
	},
	{
		callback: 'an answer delivered again with a new signature',
		earlier: signAgain({ nonce: '01FJA8B4A7BM43YGWSG9GBV067' }),
		sdk: 'an answer',
		trigger: 'ignored',
		because: 'a request ID with its channel and identity has one answer',
	},
	{
		callback: 'an answer whose content is null',
		order: () => ({ body: { capability_notification: null } }),
		sdk: 'an answer',
		trigger: 'ignored',
		because: 'the SDK looks at the key only',
	},
	{
		callback: 'an answer nested in 100 levels',
		order: () => ({ body: { ...answer(), extra: nested(100) } }),
		sdk: 'an answer',
		trigger: 'ignored',
		because: 'no callback of Sinch is that deep, and later nodes may not cope with it',
	},
	{
		callback: 'an answer that also has the content of a message',
		order: () => ({ body: { ...answer(), message: {} } }),
		sdk: 'another callback',
		trigger: 'an answer',
		because: 'the SDK takes the first key that it knows, and the trigger only its own',
	},
	{
		callback: 'an answer without envelope, as in the capability guide',
		order: () => ({ body: answer().capability_notification }),
		sdk: 'unreadable',
		trigger: 'an answer',
		because: 'the guide of Sinch shows this form',
	},
	{
		callback: 'an answer after a byte order mark',
		order: () => ({ body: `\uFEFF${JSON.stringify(answer())}` }),
		sdk: 'unreadable',
		trigger: 'an answer',
		because: 'the mark is signed and changes nothing',
	},
	{
		callback: "an answer signed with the webhook's former secret",
		secretAtSinch: FORMER_SECRET,
		sdk: 'refused',
		trigger: 'an answer',
		because: 'a redelivery keeps the signature that it had before the secret was changed',
	},
	{
		callback: 'a callback of a new kind',
		order: () => ({ body: { app_id: sinch.appId, brand_new_notification: {} } }),
		sdk: 'unreadable',
		trigger: 'ignored',
		because: 'Sinch would deliver it again after an error',
	},
];

async function verdicts(row: Row) {
	const { secret = SECRET, change, earlier } = row;
	const sent = await post(row.order?.(), row.secretAtSinch);
	const received = change ? change(sent) : sent;
	const url = newNodeUrl();
	if (earlier) await readByTrigger(earlier(received), secret, url);
	return {
		sdk: verdictOfSdk(received, secret),
		trigger: await verdictOfTrigger(received, secret, url),
	};
}

it.each(AGREED)("Sinch's SDK and the trigger agree on $callback: $sdk", async (row) => {
	const { sdk } = row;
	const trigger = sdk === 'another callback' ? 'ignored' : sdk;
	expect(await verdicts(row)).toEqual({ sdk, trigger });
});

const ranked = DIFFERENCES.map((row) => {
	const byTrigger = row.trigger === 'ignored' ? 'another callback' : row.trigger;
	const isStricter = VERDICTS.indexOf(byTrigger) < VERDICTS.indexOf(row.sdk);
	return { ...row, comparison: isStricter ? 'stricter' : 'laxer' };
});

it.each(ranked)(
	"the trigger is $comparison than Sinch's SDK with $callback ($trigger, not $sdk), because $because",
	async (row) => {
		const { sdk, trigger } = row;
		expect(await verdicts(row)).toEqual({ sdk, trigger });
	},
);

it.each(Object.entries(CALLBACKS))(
	"Sinch's SDK and the trigger agree on a callback with the key %s, whose trigger is %s",
	async (key, trigger) => {
		const body = { app_id: sinch.appId, [key]: { id: randomUUID() } };
		const received = await post({ trigger, body });
		expect(readBySdk(received, SECRET)?.event()).toEqual({ ...body, trigger });
		const expected = trigger === 'CAPABILITY' ? 'an answer' : 'ignored';
		expect(await verdictOfTrigger(received, SECRET, newNodeUrl())).toBe(expected);
	},
);

it("Sinch's SDK and the trigger read the same from the answers about all demo contacts", async () => {
	await sinch.addWebhook({ target: receiver.url, secret: SECRET });
	const { capability } = sdkClient(sinch);
	const expected = sinch.demo.contacts.flatMap(({ channels }) => channels);
	for (const { contactId } of sinch.demo.contacts) {
		const query = { app_id: sinch.appId, recipient: { contact_id: contactId } };
		await capability.lookup({ lookupCapabilityRequestBody: query });
	}
	await until(() => receiver.received.length === expected.length);

	const outcomes: unknown[] = [];
	for (const received of receiver.received) {
		const event = readBySdk(received, SECRET)?.event() as IDataObject | undefined;
		const notification = event?.capability_notification as IDataObject;
		const [item] = (await readByTrigger(received, SECRET, newNodeUrl())).items;
		expect(item).toEqual({
			outcome: expect.any(String),
			notification_id: expect.any(String),
			app_id: event?.app_id,
			event_time: event?.event_time,
			capability_status: null,
			channel_capabilities: [],
			reason: null,
			...notification,
		});
		const { channel, identity } = notification;
		outcomes.push({ channel, identity, outcome: item?.outcome });
	}
	expect(outcomes).toEqual(
		expect.arrayContaining(
			expected.map(({ channel, identity, outcome }) => ({ channel, identity, outcome })),
		),
	);
});
