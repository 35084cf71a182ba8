import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCached, type Cached, type OnProgress } from './cache.mts';
import { npm } from './npm.mts';
import { Problem } from './problem.mts';

/** npm packages that contain only Bun's binary, built for processors without AVX2 as well. */
const PACKAGES: Record<string, string> = {
	'darwin-arm64': 'bun-darwin-aarch64',
	'darwin-x64': 'bun-darwin-x64-baseline',
	'linux-arm64': 'bun-linux-aarch64',
	'linux-x64': 'bun-linux-x64-baseline',
	'win32-x64': 'bun-windows-x64-baseline',
};

function bunIn(folder: string): string {
	const name = PACKAGES[`${process.platform}-${process.arch}`] ?? '';
	const binary = process.platform === 'win32' ? 'bun.exe' : 'bun';
	return join(folder, 'node_modules', '@oven', name, 'bin', binary);
}

const BUN: Cached = {
	name: 'Bun',
	key: 'bun',
	lockFolder: fileURLToPath(new URL('bun/', import.meta.url)),
	neededBytes: 0.3e9,
	isComplete: (folder) => existsSync(bunIn(folder)),
	async install(folder) {
		await npm(['ci', '--ignore-scripts', '--include=optional'], {
			cwd: folder,
			limit: 15 * 60,
			failure: 'Bun, which installs the packages of n8n, could not be fetched',
		});
		if (!existsSync(bunIn(folder))) {
			throw new Problem(
				`The packages of n8n are installed by Bun, and npm brought none for ${process.platform} on ${process.arch}.`,
			);
		}
	},
};

/**
 * Bun, used only to install the packages of n8n: it needs a fraction of npm's processor time for them.
 * @throws Problem if npm has none for this platform
 */
export async function ensureBun(onProgress: OnProgress): Promise<string> {
	return bunIn(await ensureCached(BUN, onProgress));
}
