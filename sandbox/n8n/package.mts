import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whileLocked } from './lock.mts';
import { npm } from './npm.mts';

export const PROJECT_FOLDER = fileURLToPath(new URL('../../', import.meta.url));
/** The files that runs write for people and scripts; ignored by git. */
export const RUN_FOLDER = join(PROJECT_FOLDER, 'sandbox', '.run');

/** All inputs of the build. */
const SOURCES = [
	'credentials',
	'icons',
	'nodes',
	'gulpfile.js',
	'package.json',
	'package-lock.json',
	'tsconfig.json',
];

async function filesUnder(path: string): Promise<string[]> {
	if (!existsSync(path)) return [];
	const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => null);
	if (entries === null) return [path];
	const files = entries.filter((entry) => entry.isFile());
	return files.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** A hash of file names and contents, so that neither clocks nor checkouts matter. */
async function fingerprint(paths: string[]): Promise<string> {
	const hash = createHash('sha256');
	for (const path of paths) {
		for (const file of await filesUnder(join(PROJECT_FOLDER, path))) {
			hash.update(`${file}\0`).update(await readFile(file));
		}
	}
	return hash.digest('hex');
}

/** Builds `dist` unless the sources have not changed since the last build. */
export async function ensureBuilt(onBuild: () => void = () => undefined): Promise<void> {
	const stampFile = join(RUN_FOLDER, 'build.json');
	await whileLocked(join(RUN_FOLDER, 'build'), async () => {
		const sources = await fingerprint(SOURCES);
		const stamp = await readFile(stampFile, 'utf8').catch(() => '');
		if (stamp === JSON.stringify({ sources, dist: await fingerprint(['dist']) })) return;
		onBuild();
		await npm(['run', 'build'], {
			cwd: PROJECT_FOLDER,
			limit: 5 * 60,
			failure: 'The package could not be built',
		});
		await writeFile(stampFile, JSON.stringify({ sources, dist: await fingerprint(['dist']) }));
	});
}

/** Packs the package as for publishing. Returns the path of the tarball, in `folder`. */
export async function pack(folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
	const stdout = await npm(args, {
		cwd: PROJECT_FOLDER,
		limit: 60,
		failure: 'The package could not be packed',
	});
	const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
	return join(folder, filename);
}

/**
 * Installs a tarball where n8n keeps community nodes, `<user folder>/.n8n/nodes`. n8n itself would
 * fetch the same tarball from npm.
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const nodesFolder = join(userFolder, '.n8n', 'nodes');
	await mkdir(nodesFolder, { recursive: true });
	const manifest = { name: 'installed-nodes', private: true, dependencies: {} };
	await writeFile(join(nodesFolder, 'package.json'), JSON.stringify(manifest));
	await npm(
		['install', tarball, '--ignore-scripts', '--omit=peer', '--omit=dev', '--legacy-peer-deps'],
		{ cwd: nodesFolder, limit: 120, failure: 'The package could not be installed in n8n' },
	);
}
