import type { Page } from 'playwright-core';
import { credentialData, CREDENTIAL_TYPE } from '../../../sandbox/demo/setup.mts';
import { startParts } from '../../../sandbox/harness/parts.mts';
import type { Demo } from '../../../sandbox/simulator/wire.ts';
import type { Credential } from '../../../sandbox/n8n/types.mts';
import type { N8nApi, Login } from '../../../sandbox/n8n/api.mts';
import { startN8n } from '../../../sandbox/n8n/instance.mts';
import { findChromium, startChromium } from './chromium.mts';
import { Editor } from './editor.mts';

/** Screen size in CSS pixels. */
const SIZE = { width: 1280, height: 800 };

export { START_LIMIT_MS } from '../../../sandbox/harness/parts.mts';

/** How long anything may take to appear on a busy computer, in milliseconds. */
const PATIENCE_MS = 60_000;

export interface BrowserHarness {
	page: Page;
	editor: Editor;
	/** n8n, without a slash at the end. */
	url: string;
	simulatorUrl: string;
	/** Whether this n8n publishes workflows, as n8n 2 does, rather than activating them. */
	publishes: boolean;
	demo: Demo;
	login: Login;
	api: N8nApi;
	/** The credentials that n8n has. */
	credentials(): Promise<Credential[]>;
	close(): Promise<void>;
}

/**
 * A new n8n with the package and one user, a simulated Sinch, and a browser.
 *
 * @param isSetUp whether the credential is stored and the user has logged in
 */
export async function startBrowserHarness(isSetUp = true): Promise<BrowserHarness> {
	const chromium = findChromium();
	const parts = await startParts({ start: startN8n });
	const { n8n, api, login, simulator, demo, end } = parts;
	try {
		const browser = await startChromium(chromium);
		parts.onEnd(() => browser.close());
		const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' });
		page.setDefaultTimeout(PATIENCE_MS);
		const publishes = !n8n.version.startsWith('1.');
		const editor = new Editor(page, n8n.url, publishes);
		if (isSetUp) {
			const data = credentialData(demo, simulator.url);
			await api.createCredential('Sinch Conversation account', CREDENTIAL_TYPE, data);
			await editor.logIn(login);
		}
		const credentials = async () => await api.http.request<Credential[]>('GET', '/credentials');
		return {
			...{ page, editor, url: n8n.url, simulatorUrl: simulator.url, publishes },
			...{ demo, login, api, credentials, close: end },
		};
	} catch (error) {
		await end();
		throw error;
	}
}
