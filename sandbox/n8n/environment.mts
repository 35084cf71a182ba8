import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';

export interface EnvironmentOptions {
	/** Of n8n. */
	version: string;
	userFolder: string;
	/** The Node that runs n8n; first on the path, because n8n starts further Node processes. */
	node: string;
	port: number;
	brokerPort: number;
}

/** The only variables that n8n inherits: settings of another n8n or of Jest must not reach it. */
const PASSED_ON = [
	'PATH',
	'LANG',
	'LC_ALL',
	'TZ',
	'TMPDIR',
	'TEMP',
	'TMP',
	'SystemRoot',
	'ComSpec',
	'PATHEXT',
	'NODE_EXTRA_CA_CERTS',
];

/** Switches off n8n's telemetry, version checks and surveys. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/**
 * The modules of n8n 2 that call n8n's servers on each start, for a list of MCP servers. There is no
 * setting for that, and n8n 1, which has no such modules, refuses to start with their names.
 */
const CALLING_MODULES = ['mcp-registry', 'instance-ai'];

/** The address that n8n listens on, without a slash at the end. */
export function n8nUrl(port: number): string {
	return `http://127.0.0.1:${port}`;
}

/**
 * The complete environment of an n8n that listens on this computer only and keeps all its data in its
 * user folder. The encryption key is new each time; n8n prefers the one in the folder, if any.
 */
export function n8nEnvironment(options: EnvironmentOptions): Record<string, string> {
	const { version, userFolder, node, port, brokerPort } = options;
	const passedOn = PASSED_ON.filter((name) => process.env[name] !== undefined);
	const inherited = Object.fromEntries(passedOn.map((name) => [name, process.env[name]!]));
	const separator = process.platform === 'win32' ? ';' : ':';
	const address = `${n8nUrl(port)}/`;
	return {
		...inherited,
		...QUIET,
		...(version.startsWith('1.') ? {} : { N8N_DISABLED_MODULES: CALLING_MODULES.join() }),
		PATH: [dirname(node), inherited.PATH ?? ''].join(separator),
		HOME: userFolder,
		USERPROFILE: userFolder,
		NO_COLOR: '1',
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64url'),
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: '127.0.0.1',
		N8N_PROTOCOL: 'http',
		N8N_EDITOR_BASE_URL: address,
		// n8n 2.41 reads the first, n8n 1 only the second.
		N8N_WEBHOOK_URL: address,
		WEBHOOK_URL: address,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_LOG_LEVEL: 'warn',
	};
}
