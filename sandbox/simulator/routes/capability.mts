import type { FastifyInstance } from 'fastify';
import { isValid as isUlid, ulid } from 'ulid';
import type { Deliveries } from '../callbacks/deliveries.mts';
import { isoNow, steadyNow } from '../clock.mts';
import { canonicalIdentity } from '../channels.mts';
import { because, UNKNOWN } from '../answer.mts';
import type { App } from '../demoProject.mts';
import { invalid, notFound } from '../errors.mts';
import type { Answer } from '../wire.ts';
import { checkRecipient, RECIPIENT_SCHEMA, type Recipient } from '../recipient.mts';
import { findApp, type Contact, type State } from '../state.mts';
import { refuseOtherMethods } from './unimplemented.mts';

/** Body of `capability:query`. `project_id` is bound from the path; the guide shows it here too. */
interface QueryBody {
	app_id: string;
	project_id?: string;
	recipient: Recipient;
	request_id?: string;
}

interface Result {
	channel: string;
	identity: string;
	contactId: string;
	answer: Answer;
}

const BODY_SCHEMA = {
	type: 'object',
	required: ['app_id', 'recipient'],
	properties: {
		app_id: { type: 'string' },
		project_id: { type: 'string' },
		request_id: { type: 'string' },
		recipient: RECIPIENT_SCHEMA,
	},
};

/** `POST capability:query`: responds with the registered request; the results are sent as callbacks. */
export function capabilityRoutes(
	server: FastifyInstance,
	state: State,
	deliveries: Deliveries,
): void {
	server.post<{ Params: { project: string }; Body: QueryBody }>(
		'/capability::query',
		{ config: { target: 'query' }, schema: { body: BODY_SCHEMA } },
		({ params, body, entry }) => {
			const { app_id, recipient } = body;
			const requestId = (!state.settings.ownRequestIds && body.request_id) || ulid();
			entry.requestId = requestId;
			checkForm(params.project, body);
			const app = findApp(params.project, app_id);
			if (!app) throw notFound('App', app_id);
			const results = resultsFor(state, app, body);

			const common = { appId: app_id, requestId, acceptedAt: steadyNow() };
			const query = { at: isoNow(), requestId, appId: app_id, recipient, callbacks: 0 };
			state.log.addQuery(query);
			for (const result of results)
				query.callbacks += deliveries.announce({ ...common, ...result });
			return { app_id, recipient, request_id: requestId };
		},
	);

	refuseOtherMethods(server, { '/capability::query': ['POST'] });
}

function checkForm(projectId: string, { app_id, project_id, recipient }: QueryBody): void {
	if (!isUlid(app_id)) throw invalid('app_id must be a ULID of 26 characters');
	if (project_id !== undefined && project_id !== projectId) {
		throw invalid('project_id differs from the project in the path');
	}
	checkRecipient(recipient);
}

/**
 * One result for each channel identity to check. Sinch documents `contact_id` for a query by contact only;
 * that the callback names the contact of a queried identity, too, is an assumption.
 */
function resultsFor(state: State, app: App, { recipient }: QueryBody): Result[] {
	const contacts = state.contacts.get(app.projectId) ?? new Map<string, Contact>();
	const stored = app.processingMode === 'CONVERSATION';
	if (recipient.identified_by) {
		return recipient.identified_by.channel_identities.map(({ channel, identity }) => ({
			channel,
			identity: canonicalIdentity(channel, identity),
			contactId: stored ? (ownersOf(contacts, channel, identity)[0]?.id ?? '') : '',
			answer: state.answers.find(app, channel, identity),
		}));
	}
	const contactId = recipient.contact_id ?? '';
	if (!stored) return [contactNotFound()];
	const contact = contacts.get(contactId);
	if (!contact) throw notFound('Contact', contactId);
	return contact.channel_identities.map(({ channel, identity }) => ({
		channel,
		identity: canonicalIdentity(channel, identity),
		contactId,
		answer: state.answers.find(app, channel, identity),
	}));
}

/** The contacts with an identity: Sinch does not say that one identity belongs to a single contact. */
export function ownersOf(
	contacts: Map<string, Contact>,
	channel: string,
	identity: string,
): Contact[] {
	const wanted = canonicalIdentity(channel, identity);
	return [...contacts.values()].filter(({ channel_identities }) =>
		channel_identities.some(
			(own) => own.channel === channel && canonicalIdentity(channel, own.identity) === wanted,
		),
	);
}

/**
 * A DISPATCH app stores no contacts, and Sinch does not document a query by contact ID there. The
 * reasons include CONTACT_NOT_FOUND, which can only occur this way: accepted first, refused later.
 */
function contactNotFound(): Result {
	const answer = { ...UNKNOWN, ...because('CONTACT_NOT_FOUND') };
	return { channel: 'CHANNEL_UNSPECIFIED', identity: '', contactId: '', answer };
}
