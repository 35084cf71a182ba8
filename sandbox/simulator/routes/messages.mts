import type { FastifyInstance } from 'fastify';
import { isValid as isUlid, ulid } from 'ulid';
import { rfc3339 } from '../callbacks/envelope.mts';
import { isoNow, steadyNow } from '../clock.mts';
import type { App } from '../demoProject.mts';
import { invalid, notFound } from '../errors.mts';
import { checkMessage } from '../messageRules.mts';
import { checkChannel, checkRecipient, RECIPIENT_SCHEMA, type Recipient } from '../recipient.mts';
import { findApp, type Contact, type State } from '../state.mts';
import type { MessageEntry } from '../wire.ts';
import { refuseOtherMethods } from './unimplemented.mts';

/** Body of `messages:send`; fields that the simulator does not use are left out. */
interface MessageBody {
	app_id: string;
	recipient: Recipient;
	message: Record<string, unknown>;
	channel_priority_order?: string[];
	channel_properties?: Record<string, string>;
	ttl?: string;
}

const BODY_SCHEMA = {
	type: 'object',
	required: ['app_id', 'recipient', 'message'],
	properties: {
		app_id: { type: 'string' },
		recipient: RECIPIENT_SCHEMA,
		message: { type: 'object' },
		channel_priority_order: { type: 'array', items: { type: 'string' } },
		channel_properties: {
			type: 'object',
			additionalProperties: { type: 'string', maxLength: 1024 },
		},
		message_metadata: { type: 'string', maxLength: 1024 },
		ttl: { type: 'string', pattern: '^\\d+s$' },
	},
};

/**
 * `POST messages:send`: checks a message against Sinch's schema, logs it and responds with its ID.
 * Nothing is delivered, and no delivery receipt is sent.
 */
export function messageRoutes(server: FastifyInstance, state: State): void {
	server.post<{ Params: { project: string }; Body: MessageBody }>(
		'/messages::send',
		{ config: { target: 'messages' }, schema: { body: BODY_SCHEMA } },
		({ params, body }) => {
			const { app_id, recipient, message } = body;
			if (!isUlid(app_id)) throw invalid('app_id must be a ULID of 26 characters');
			checkRecipient(recipient);
			checkMessage(message);
			const app = findApp(params.project, app_id);
			if (!app) throw notFound('App', app_id);
			const route = routeOf(state, app, body);
			const message_id = ulid();
			state.log.addMessage({
				at: isoNow(),
				messageId: message_id,
				appId: app_id,
				...route,
				recipient,
				message,
			});
			return { message_id, accepted_time: rfc3339(steadyNow()) };
		},
	);

	refuseOtherMethods(server, { '/messages::send': ['POST'] });
}

/**
 * The first channel to try: of `channel_priority_order`, otherwise of the identities, otherwise of the
 * contact. If any of them is not set up in the app, Sinch accepts the message, and it fails later.
 */
function routeOf(
	state: State,
	app: App,
	body: MessageBody,
): Pick<MessageEntry, 'channel' | 'failure'> {
	const { recipient, channel_priority_order: order = [] } = body;
	order.forEach(checkChannel);
	const own = identitiesOf(state, app, recipient).map(({ channel }) => channel);
	const wanted = order.length > 0 ? order : own;
	const channel = wanted.find((one) => own.includes(one));
	if (channel === undefined) throw invalid('The recipient has no identity on any of the channels');
	const areSetUp = wanted.every((one) => app.channels.some((name) => name === one));
	return areSetUp ? { channel } : { channel, failure: 'CHANNEL_CONFIGURATION_MISSING' };
}

function identitiesOf(state: State, app: App, { contact_id, identified_by }: Recipient) {
	if (identified_by) return identified_by.channel_identities;
	const contacts = state.contacts.get(app.projectId) ?? new Map<string, Contact>();
	const contact = contacts.get(contact_id ?? '');
	if (!contact) throw notFound('Contact', contact_id ?? '');
	return contact.channel_identities;
}
