import { CONVERSATION_APP, DEMO_PROJECT, DISPATCH_APP } from './demoProject.mts';

/**
 * The values to enter in the n8n credential, and the addresses to look at.
 *
 * @param secure the https address, and the file with its certificate
 */
export function banner(url: string, secure?: { url: string; file: string }): string {
	const fields: Array<[string, string]> = [
		['Project ID', DEMO_PROJECT.projectId],
		['Access Key ID', DEMO_PROJECT.keyId],
		['Access Key Secret', DEMO_PROJECT.keySecret],
		['App ID', CONVERSATION_APP.appId],
		['Region', 'Custom'],
		['API Base URL', url],
		['Auth URL', url],
	];
	const https = secure && [
		`The same over https: ${secure.url}`,
		`Start n8n with NODE_EXTRA_CA_CERTS=${secure.file} for it.`,
	];
	return [
		`The Sinch simulator is running at ${url} (press Ctrl+C to stop it).`,
		'',
		'In n8n, create a credential "Sinch Conversation API" with',
		...fields.map(([name, value]) => `  ${name.padEnd(18)} ${value}`),
		'',
		...(https ?? []),
		`An app in DISPATCH mode: ${DISPATCH_APP.appId}`,
		`Demo contacts and what they answer: ${url}/_control/demo`,
		`Log of queries and callbacks: ${url}/_control/log`,
		'',
	].join('\n');
}
