import type { FastifyInstance } from 'fastify';
import { APPS, type App } from '../demoProject.mts';
import { notFound } from '../errors.mts';
import { findApp, type State } from '../state.mts';
import { refuseOtherMethods } from './unimplemented.mts';

/** Apps of the project: list (no paging) and get. */
export function appRoutes(server: FastifyInstance, state: State): void {
	const config = { target: 'apps' } as const;

	server.get<{ Params: { project: string } }>('/apps', { config }, ({ params }) => ({
		apps: APPS.filter((app) => app.projectId === params.project).map((app) => view(app, state)),
	}));

	server.get<{ Params: { project: string; app: string } }>(
		'/apps/:app',
		{ config },
		({ params }) => {
			const app = findApp(params.project, params.app);
			if (!app) throw notFound('App', params.app);
			return view(app, state);
		},
	);

	refuseOtherMethods(server, { '/apps': ['GET'], '/apps/:app': ['GET'] });
}

/** The app object in Sinch's form. Sinch's contains secrets, so this one contains made-up ones. */
function view(app: App, state: State) {
	const { callbacksPerSecond } = state.settings;
	return {
		id: app.appId,
		display_name: app.displayName,
		processing_mode: app.processingMode,
		channel_credentials: app.channels.map((channel) => ({
			channel,
			static_bearer: {
				claimed_identity: `simulated-${channel.toLowerCase()}-sender`,
				token: `simulated-${channel.toLowerCase()}-bearer-token`,
			},
			callback_secret: 'simulated-callback-secret',
			state: { status: 'ACTIVE', description: '' },
			channel_known_id: '',
			credential_ordinal_number: 0,
		})),
		rate_limits: { inbound: 25, outbound: 25, webhooks: callbacksPerSecond },
		retention_policy: { retention_type: 'MESSAGE_EXPIRE_POLICY', ttl_days: 180 },
		callback_settings: { secret_for_overridden_callback_urls: 'simulated-url-secret' },
		queue_stats: { outbound_size: 0, outbound_limit: 500_000 },
	};
}
