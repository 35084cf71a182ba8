import type { FastifyInstance } from 'fastify';
import type { Deliveries } from '../callbacks/deliveries.mts';
import { signCallback } from '../callbacks/signing.mts';
import { isoNow } from '../clock.mts';
import { CALLBACK_FAULT_KINDS } from '../faults.mts';
import type { State, Webhook } from '../state.mts';
import type { CallbackOrder, DeliveryEntry, SentCallback } from '../wire.ts';

interface CapabilityLike {
	capability_notification?: Partial<
		Record<'request_id' | 'contact_id' | 'channel' | 'identity' | 'capability_status', string>
	>;
}

const SCHEMA = {
	body: {
		type: 'object',
		required: ['appId', 'body'],
		additionalProperties: false,
		properties: {
			appId: { type: 'string' },
			trigger: { type: 'string' },
			webhookId: { type: 'string' },
			body: {},
			times: { type: 'integer', minimum: 1 },
			fault: {
				enum: CALLBACK_FAULT_KINDS.filter((kind) => !['delay', 'drop', 'duplicate'].includes(kind)),
			},
			nonce: { type: 'string', minLength: 1 },
			timestamp: { type: 'integer' },
		},
	},
};

/** `POST /callbacks`: posts a given callback to the webhooks, immediately and without retries. */
export function callbackOrders(
	server: FastifyInstance,
	state: State,
	deliveries: Deliveries,
): void {
	server.post<{ Body: CallbackOrder }>(
		'/callbacks',
		{ schema: SCHEMA },
		async ({ body: order }, reply) => {
			const { appId, trigger = 'CAPABILITY', webhookId } = order;
			const webhooks = deliveries
				.subscribers(appId, trigger)
				.filter(({ id }) => !webhookId || id === webhookId);
			if (webhooks.length === 0) {
				return reply.code(404).send({ error: `App ${appId} has no such webhook for ${trigger}` });
			}
			const results = webhooks.map(
				async (webhook) => await send(state, deliveries, webhook, order),
			);
			return { results: (await Promise.all(results)).flat() };
		},
	);
}

async function send(state: State, deliveries: Deliveries, webhook: Webhook, order: CallbackOrder) {
	const { body, fault, times = 1 } = order;
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const spoilt = fault && ({ target: 'callback', kind: fault } as const);
	const callback = signCallback(text, webhook.secret, spoilt, order);
	const sent: SentCallback[] = [];
	for (let count = 0; count < times; count += 1) {
		const entry = state.log.addDelivery(logEntry(webhook, order));
		const attempt = await deliveries.postOnce(entry, webhook, callback);
		if (entry.state === 'waiting') entry.state = 'given-up';
		sent.push({ webhookId: webhook.id, target: webhook.target, ...attempt });
	}
	return sent;
}

function logEntry(webhook: Webhook, { appId, body, fault }: CallbackOrder): DeliveryEntry {
	const notification = (body as CapabilityLike | null)?.capability_notification ?? {};
	return {
		requestId: notification.request_id ?? '',
		appId,
		webhookId: webhook.id,
		target: webhook.target,
		contactId: notification.contact_id ?? '',
		channel: notification.channel ?? '',
		identity: notification.identity ?? '',
		capabilityStatus: notification.capability_status,
		askedAt: isoNow(),
		state: 'waiting',
		attempts: [],
		msFromQuery: null,
		fault,
	};
}
