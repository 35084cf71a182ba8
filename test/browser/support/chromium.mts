import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { Problem } from '../../../sandbox/n8n/problem.mts';

const DEBIANS = '/usr/bin/chromium';

/** No telemetry, no dialogs, no graphics card. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

/**
 * The Chromium to use: `CHROMIUM` in the environment, or Debian's.
 * @throws Problem that names the package to install
 */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string {
	const path = environment.CHROMIUM || DEBIANS;
	if (!existsSync(path)) {
		throw new Problem(
			`There is no Chromium at ${path}. Install the Debian package "chromium" (apt-get install chromium), or name another Chromium in the environment variable CHROMIUM.`,
		);
	}
	return path;
}

/** Starts Chromium without a window, with a new profile. */
export async function startChromium(executablePath: string): Promise<Browser> {
	return await chromium.launch({ executablePath, args: FLAGS });
}
