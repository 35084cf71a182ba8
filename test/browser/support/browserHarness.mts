import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { credentialData, CREDENTIAL_TYPE } from '../../../sandbox/demo/setup.mts';
import { readDemo } from '../../../sandbox/demo/control.mts';
import type { Demo } from '../../../sandbox/simulator/wire.ts';
import type { Credential } from '../../../sandbox/n8n/types.mts';
import { N8nApi, type Login } from '../../../sandbox/n8n/api.mts';
import { startN8n } from '../../../sandbox/n8n/instance.mts';
import { ensureBuilt, pack } from '../../../sandbox/n8n/package.mts';
import { startSimulator } from '../../../sandbox/simulator/simulator.mts';
import { findChromium, startChromium } from './chromium.mts';
import { Editor } from './editor.mts';

/** Screen size in CSS pixels. */
const SIZE = { width: 1280, height: 800 };

/** Time limit of one start, including a first installation of n8n. */
export const START_LIMIT_MS = 40 * 60_000;

/** Time limit of one step of a tour. */
export const STEP_LIMIT_MS = 60_000;

/** How long a person would wait for anything to appear, in milliseconds. */
const PATIENCE_MS = 15_000;

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
	const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-browser-'));
	const opened: Array<() => Promise<unknown>> = [() => rm(folder, { recursive: true })];
	const close = async () => {
		for (const end of opened.splice(0).reverse()) await end();
	};
	try {
		await ensureBuilt();
		const packageTarball = await pack(folder);
		const simulator = await startSimulator();
		opened.push(() => simulator.close());
		const onProgress = (step: string) => process.stderr.write(`${step}\n`);
		const version = process.env.N8N_VERSION;
		const n8n = await startN8n({ version, packageTarball, onProgress });
		opened.push(() => n8n.stop());
		const api = new N8nApi(n8n.url);
		const login = { email: 'newcomer@example.com', password: 'Only-for-tests-1' };
		await api.setUpOwner(login);
		const demo = await readDemo(simulator.url);
		const browser = await startChromium(chromium);
		opened.push(() => browser.close());
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
			...{ demo, login, api, credentials, close },
		};
	} catch (error) {
		await close();
		throw error;
	}
}
