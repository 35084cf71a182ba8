import type { FastifyInstance } from 'fastify';
import { isValid as isUlid, ulid } from 'ulid';
import { invalid, notFound, SinchError } from '../errors.mts';
import { findApp, webhooksOf, type State, type Webhook } from '../state.mts';
import { checkWebhook } from '../webhookRules.mts';
import { refuseOtherMethods } from './unimplemented.mts';

interface InProject {
	Params: { project: string };
}
interface OfApp {
	Params: { project: string; app: string };
}
interface OfWebhook {
	Params: { project: string; webhook: string };
	Querystring: { update_mask?: string };
}

/** Fields of a webhook that a client may set, with their defaults. */
const DEFAULTS: Pick<Webhook, 'target_type' | 'secret' | 'triggers' | 'client_credentials'> = {
	target_type: 'DISMISS',
	secret: '',
	triggers: [],
	client_credentials: null,
};

const BODY_SCHEMA = {
	type: 'object',
	required: ['target'],
	properties: {
		app_id: { type: 'string' },
		target: { type: 'string', minLength: 1 },
		target_type: { enum: ['HTTP', 'DISMISS'] },
		secret: { type: 'string' },
		triggers: { type: 'array', items: { type: 'string' } },
		client_credentials: { type: ['object', 'null'] },
	},
};
const CREATE_SCHEMA = { ...BODY_SCHEMA, required: ['app_id', 'target'] };
const MASK_SCHEMA = { type: 'object', properties: { update_mask: { type: 'string' } } };
const WRITABLE = Object.keys(BODY_SCHEMA.properties);

type WebhookBody = Partial<Omit<Webhook, 'id'>>;

/** Webhooks: list of an app, create, get, update with a mask, delete. */
export function webhookRoutes(server: FastifyInstance, state: State): void {
	const config = { target: 'webhooks' } as const;

	server.get<OfApp>('/apps/:app/webhooks', { config }, ({ params }) => {
		if (!findApp(params.project, params.app)) throw notFound('App', params.app);
		return { webhooks: webhooksOf(state, params.app) };
	});

	server.post<InProject & { Body: WebhookBody }>(
		'/webhooks',
		{ config, schema: { body: CREATE_SCHEMA } },
		({ params, body }) => {
			refuseClientCredentials(body);
			const { app_id = '', target = '' } = body;
			if (!isUlid(app_id)) throw invalid('app_id must be a ULID of 26 characters');
			const webhook = { id: ulid(), app_id, target, ...DEFAULTS, ...pick(body, WRITABLE) };
			return store(state, params.project, webhook);
		},
	);

	server.get<OfWebhook>('/webhooks/:webhook', { config }, ({ params }) =>
		find(state, params.project, params.webhook),
	);

	server.patch<OfWebhook & { Body: WebhookBody }>(
		'/webhooks/:webhook',
		{ config, schema: { body: BODY_SCHEMA, querystring: MASK_SCHEMA } },
		({ params, query, body }) => {
			const webhook = find(state, params.project, params.webhook);
			refuseClientCredentials(body);
			return store(state, params.project, { ...webhook, ...changes(body, query.update_mask) });
		},
	);

	server.delete<OfWebhook>('/webhooks/:webhook', { config }, ({ params }) => {
		state.webhooks.delete(find(state, params.project, params.webhook).id);
		return {};
	});

	refuseOtherMethods(server, {
		'/apps/:app/webhooks': ['GET'],
		'/webhooks': ['POST'],
		'/webhooks/:webhook': ['GET', 'PATCH', 'DELETE'],
	});
}

function store(state: State, projectId: string, webhook: Webhook): Webhook {
	checkWebhook(state, projectId, webhook);
	state.webhooks.set(webhook.id, webhook);
	return webhook;
}

function find(state: State, projectId: string, id: string): Webhook {
	const webhook = state.webhooks.get(id);
	if (!webhook || !findApp(projectId, webhook.app_id)) throw notFound('Webhook', id);
	return webhook;
}

/**
 * The fields that a PATCH changes: those of the mask, reset to the default when the body has no value
 * for them; without a mask, those of the body.
 */
function changes(body: WebhookBody, mask: string | undefined): WebhookBody {
	if (!mask) return pick(body, WRITABLE);
	const fields = mask.split(',').map((field) => field.trim());
	const wrong = fields.find((field) => !WRITABLE.includes(field));
	if (wrong !== undefined) throw invalid(`Invalid field in update_mask: "${wrong}"`);
	if (fields.includes('app_id') && !body.app_id) throw invalid('app_id is required');
	return pick({ ...DEFAULTS, ...body }, fields);
}

function pick(body: WebhookBody, fields: string[]): WebhookBody {
	return Object.fromEntries(Object.entries(body).filter(([field]) => fields.includes(field)));
}

function refuseClientCredentials({ client_credentials }: { client_credentials?: unknown }): void {
	if (!client_credentials) return;
	throw new SinchError(501, 'The simulator does not support client_credentials of a webhook');
}
