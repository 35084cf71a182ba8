import type { FastifyInstance } from 'fastify';
import { isValid as isUlid, ulid } from 'ulid';
import { APP_SCOPED_CHANNELS, isChannel } from '../channels.mts';
import { invalid, notFound } from '../errors.mts';
import type { ChannelIdentity, Contact, State } from '../state.mts';
import { ownersOf } from './capability.mts';
import { refuseOtherMethods } from './unimplemented.mts';

interface InProject {
	Params: { project: string };
}
interface OfContact {
	Params: { project: string; contact: string };
}
interface ListQuery {
	page_size?: string;
	page_token?: string;
	external_id?: string;
	channel?: string;
	identity?: string;
}
type ContactBody = Partial<Omit<Contact, 'id' | 'channel_identities'>> & {
	channel_identities: Array<Omit<ChannelIdentity, 'app_id'> & { app_id?: string }>;
	language: string;
};

const TEXT = { type: 'string' };
const NON_EMPTY = { type: 'string', minLength: 1 };
const CREATE_SCHEMA = {
	type: 'object',
	required: ['channel_identities', 'language'],
	properties: {
		channel_identities: {
			type: 'array',
			minItems: 1,
			items: {
				type: 'object',
				required: ['channel', 'identity'],
				properties: { channel: NON_EMPTY, identity: NON_EMPTY, app_id: TEXT },
			},
		},
		channel_priority: { type: 'array', items: TEXT },
		display_name: TEXT,
		email: TEXT,
		external_id: TEXT,
		metadata: { type: 'string', maxLength: 1024 },
		language: { type: 'string', pattern: '^[A-Z]{2,3}(_[A-Z]{2})?$|^UNSPECIFIED$' },
	},
};

/** A PATCH changes the fields in its mask; every field is optional. */
const { required: _, ...UPDATE_SCHEMA } = CREATE_SCHEMA;
const MASK_SCHEMA = { type: 'object', properties: { update_mask: TEXT } };
const WRITABLE = Object.keys(CREATE_SCHEMA.properties);

const LIST_SCHEMA = {
	type: 'object',
	properties: {
		page_size: TEXT,
		page_token: TEXT,
		external_id: TEXT,
		channel: TEXT,
		identity: TEXT,
	},
};

/** Contacts of a project: list with paging and filters, create, get, update with a mask, delete. */
export function contactRoutes(server: FastifyInstance, state: State): void {
	const config = { target: 'contacts' } as const;
	const of = (projectId: string) => state.contacts.get(projectId) ?? new Map<string, Contact>();

	server.get<InProject & { Querystring: ListQuery }>(
		'/contacts',
		{ config, schema: { querystring: LIST_SCHEMA } },
		({ params, query }) => page(filtered(of(params.project), query), query),
	);

	server.post<InProject & { Body: ContactBody }>(
		'/contacts',
		{ config, schema: { body: CREATE_SCHEMA } },
		({ params, body }) => {
			const contact = newContact(body);
			of(params.project).set(contact.id, contact);
			return contact;
		},
	);

	server.get<OfContact>('/contacts/:contact', { config }, ({ params }) => {
		const contact = of(params.project).get(params.contact);
		if (!contact) throw notFound('Contact', params.contact);
		return contact;
	});

	server.patch<OfContact & { Body: Partial<ContactBody>; Querystring: { update_mask?: string } }>(
		'/contacts/:contact',
		{ config, schema: { body: UPDATE_SCHEMA, querystring: MASK_SCHEMA } },
		({ params, query, body }) => {
			const contact = of(params.project).get(params.contact);
			if (!contact) throw notFound('Contact', params.contact);
			const { id, ...present } = contact;
			const updated = newContact({ ...present, ...changes(body, query.update_mask) });
			of(params.project).set(id, { ...updated, id });
			return { ...updated, id };
		},
	);

	server.delete<OfContact>('/contacts/:contact', { config }, ({ params }) => {
		if (!of(params.project).delete(params.contact)) throw notFound('Contact', params.contact);
		return {};
	});

	refuseOtherMethods(server, {
		'/contacts': ['GET', 'POST'],
		'/contacts/:contact': ['GET', 'PATCH', 'DELETE'],
	});
}

/**
 * The fields that a PATCH changes: those of the mask, reset to the default when the body has no value
 * for them; without a mask, those of the body.
 */
function changes(body: Partial<ContactBody>, mask: string | undefined): Partial<ContactBody> {
	const fields = mask ? mask.split(',').map((field) => field.trim()) : Object.keys(body);
	const wrong = fields.find((field) => !WRITABLE.includes(field));
	if (wrong !== undefined) throw invalid(`Invalid field in update_mask: "${wrong}"`);
	for (const needed of CREATE_SCHEMA.required) {
		if (fields.includes(needed) && !(needed in body)) throw invalid(`${needed} is required`);
	}
	return Object.fromEntries(fields.map((field) => [field, body[field as keyof ContactBody]]));
}

function filtered(contacts: Map<string, Contact>, query: ListQuery): Contact[] {
	const { external_id, channel, identity } = query;
	if (!channel !== !identity) throw invalid('channel and identity must be given together');
	if (external_id && channel) throw invalid('external_id cannot be combined with channel');
	const found =
		channel && identity ? ownersOf(contacts, channel, identity) : [...contacts.values()];
	return found
		.filter((contact) => !external_id || contact.external_id === external_id)
		.sort((one, other) => (one.id < other.id ? -1 : 1));
}

/** One page. The token identifies the first contact of the next page, so deletions shift nothing. */
function page(contacts: Contact[], { page_size, page_token }: ListQuery) {
	const size = Number(page_size || 10);
	if (!Number.isInteger(size) || size < 1 || size > 20) {
		throw invalid('page_size must be between 1 and 20');
	}
	const wanted = page_token ? Buffer.from(page_token, 'base64url').toString() : undefined;
	if (wanted !== undefined && !isUlid(wanted)) throw invalid('page_token is not valid');
	const start = wanted ? contacts.findIndex(({ id }) => id >= wanted) : 0;
	if (start < 0) return { contacts: [], next_page_token: '' };
	const next = contacts[start + size];
	return {
		contacts: contacts.slice(start, start + size),
		next_page_token: next ? Buffer.from(next.id).toString('base64url') : '',
	};
}

function newContact({ channel_identities, language, ...rest }: ContactBody): Contact {
	return {
		id: ulid(),
		channel_identities: channel_identities.map(checkedIdentity),
		channel_priority: rest.channel_priority ?? [],
		display_name: rest.display_name || 'Unknown',
		email: rest.email ?? '',
		external_id: rest.external_id ?? '',
		metadata: rest.metadata ?? '',
		language,
	};
}

function checkedIdentity(given: ContactBody['channel_identities'][number]): ChannelIdentity {
	const { channel, identity, app_id = '' } = given;
	if (!isChannel(channel)) throw invalid(`Invalid value for enum field channel: "${channel}"`);
	if (APP_SCOPED_CHANNELS.includes(channel) && !app_id) {
		throw invalid(`app_id is required for an identity of ${channel}`);
	}
	return { channel, identity, app_id };
}
