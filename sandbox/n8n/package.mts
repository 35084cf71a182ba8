import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
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

/** A run that began earlier may still use a package that it has packed. */
const KEPT = 3;

async function removeOld(folder: string): Promise<void> {
	const names = await readdir(folder).catch(() => []);
	const packed = await Promise.all(
		names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
	);
	const oldest = packed.sort((one, other) => other.at - one.at).slice(KEPT - 1);
	for (const { name } of oldest) await rm(join(folder, name), { recursive: true, force: true });
}

/** What is packed: see `files` in `package.json`. */
const PACKED = ['dist', 'package.json', 'CHANGELOG.md', 'LICENSE.md', 'README.md'];

/**
 * Builds and packs the package, unless nothing in it has changed since the last time.
 * @returns the path of the tarball, which stays for later runs
 */
export async function ensurePacked(onBuild?: () => void): Promise<string> {
	await ensureBuilt(onBuild);
	// No tool takes what is there for code of this project.
	const folder = join(PROJECT_FOLDER, 'node_modules', '.cache', 'packed');
	return await whileLocked(folder, async () => {
		const tarball = join(folder, await fingerprint(PACKED), 'package.tgz');
		if (!existsSync(tarball)) {
			await removeOld(folder);
			await rename(await pack(dirname(tarball)), tarball);
		}
		return tarball;
	});
}

/** Packs the package as for publishing. Returns the path of the tarball, in `folder`. */
export async function pack(folder: string): Promise<string> {
	await mkdir(folder, { recursive: true });
	const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
	const stdout = await npm(args, {
		cwd: PROJECT_FOLDER,
		limit: 5 * 60,
		failure: 'The package could not be packed',
	});
	const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
	return join(folder, filename);
}

/**
 * Installs a tarball where n8n keeps community nodes, `<user folder>/.n8n/nodes`. n8n itself would
 * fetch the same tarball from npm. npm installs it once, beside the tarball; further n8ns get copies.
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const installed = `${tarball}.installed`;
	await whileLocked(installed, async () => {
		if (existsSync(installed)) return;
		const partial = `${tarball}.partial`;
		await rm(partial, { recursive: true, force: true });
		await mkdir(partial);
		const manifest = { name: 'installed-nodes', private: true, dependencies: {} };
		await writeFile(join(partial, 'package.json'), JSON.stringify(manifest));
		await npm(
			['install', tarball, '--ignore-scripts', '--omit=peer', '--omit=dev', '--legacy-peer-deps'],
			{ cwd: partial, limit: 5 * 60, failure: 'The package could not be installed in n8n' },
		);
		await rename(partial, installed);
	});
	await cp(installed, join(userFolder, '.n8n', 'nodes'), { recursive: true });
}
