import type { FastifyInstance } from 'fastify';
import type { Deliveries } from '../callbacks/deliveries.mts';
import { isChannel } from '../channels.mts';
import { DEMO_CONTACTS } from '../demoContacts.mts';
import { APPS, DEMO_PROJECT, OTHER_APP, OTHER_PROJECT } from '../demoProject.mts';
import { FAULT_SCHEMA, kindFitsTarget } from '../faults.mts';
import { SETTINGS_SCHEMA } from '../settings.mts';
import type { State } from '../state.mts';
import type { Answer, Demo, FaultRule, LogLists, Settings } from '../wire.ts';
import { callbackOrders } from './callbackOrders.mts';

const ANSWER_SCHEMA = {
	type: 'object',
	required: ['channel', 'identity'],
	additionalProperties: false,
	properties: {
		channel: { type: 'string' },
		identity: { type: 'string', minLength: 1 },
		capability_status: { type: 'string' },
		channel_capabilities: { type: 'array', items: { type: 'string' } },
		reason: { type: 'object', required: ['code'] },
	},
};

const oneOrMany = (items: object) => ({
	if: { type: 'array' },
	then: { type: 'array', items },
	else: items,
});

/** `/_control`: for people and tests: inspects the simulator and makes it fail. */
export function controlRoutes(server: FastifyInstance, state: State, deliveries: Deliveries): void {
	server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) =>
		reply.code(error.statusCode ?? 500).send({ error: error.message }),
	);

	server.get('/demo', (): Demo => ({
		project: DEMO_PROJECT,
		otherProject: { ...OTHER_PROJECT, appId: OTHER_APP.appId },
		apps: APPS.filter((app) => app.projectId === DEMO_PROJECT.projectId).map(
			({ appId, displayName, processingMode }) => ({ appId, displayName, processingMode }),
		),
		contacts: DEMO_CONTACTS.map(({ contactId, name, channels }) => ({ contactId, name, channels })),
	}));

	server.get<{ Querystring: { requestId?: string } }>('/log', ({ query }): LogLists => {
		const { requests, queries, messages, deliveries: all, totals } = state.log;
		const wanted = query.requestId?.split(',');
		const keep = (entry: { requestId?: string }) =>
			!wanted || (entry.requestId !== undefined && wanted.includes(entry.requestId));
		return {
			totals,
			requests: requests.filter(keep),
			queries: queries.filter(keep),
			messages: wanted ? [] : messages,
			deliveries: all.filter(keep),
		};
	});
	server.delete('/log', () => {
		state.log.clear();
		return {};
	});

	server.get('/settings', () => state.settings);
	server.patch<{ Body: Partial<Settings> }>(
		'/settings',
		{ schema: { body: SETTINGS_SCHEMA } },
		({ body }) => Object.assign(state.settings, body),
	);

	server.get('/faults', () => ({ faults: state.faults.list() }));
	server.post<{ Body: FaultRule | FaultRule[] }>(
		'/faults',
		{ schema: { body: oneOrMany(FAULT_SCHEMA) } },
		({ body }, reply) => {
			const rules = [body].flat();
			const unfit = rules.find((rule) => !kindFitsTarget(rule));
			if (unfit) {
				const error = `A fault of kind ${unfit.kind} cannot hit target ${unfit.target}`;
				return reply.code(400).send({ error });
			}
			for (const rule of rules) state.faults.add(rule);
			return { faults: state.faults.list() };
		},
	);
	server.delete('/faults', () => {
		state.faults.clear();
		return {};
	});

	server.post<{ Body: Answer & { channel: string; identity: string } }>(
		'/answers',
		{ schema: { body: ANSWER_SCHEMA } },
		({ body: { channel, identity, ...answer } }, reply) => {
			if (!isChannel(channel)) return reply.code(400).send({ error: `No channel ${channel}` });
			state.answers.set(channel, identity, answer);
			return { channel, identity, ...answer };
		},
	);

	callbackOrders(server, state, deliveries);

	server.post('/tokens/expire', () => {
		state.tokens.expireAll();
		return {};
	});

	server.post('/reset', () => {
		deliveries.stop();
		state.reset();
		return {};
	});
}
