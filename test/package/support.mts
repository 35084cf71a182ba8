import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { ensureBuilt, installPackage, pack, PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';
import manifest from '../../package.json' with { type: 'json' };

export { manifest, PROJECT_FOLDER };

export interface Packed {
	tarball: string;
	/** The folder of the installed package. */
	installed: string;
	end(): Promise<void>;
}

/** Builds, packs and installs the package into an empty folder, as n8n installs it. */
export async function packAndInstall(): Promise<Packed> {
	const folder = await mkdtemp(join(tmpdir(), 'sinch-package-'));
	await ensureBuilt();
	const tarball = await pack(folder);
	await installPackage(tarball, folder);
	const installed = join(folder, '.n8n', 'nodes', 'node_modules', manifest.name);
	return { tarball, installed, end: async () => await rm(folder, { recursive: true }) };
}

/** All files under a folder, by their path in it with `/`, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
		.sort();
}

export interface Loaded {
	/** Of the class. */
	className: string;
	name: string;
	displayName: string;
	version?: number;
	icon: Record<string, string>;
	/** All that the instance shows. */
	instance: unknown;
}

/**
 * An instance of each class that a package of nodes says it has, made by a process of its own, with
 * `n8n-workflow` where n8n puts it: within reach, but not in the package.
 */
export async function load(folder: string, files: string[]): Promise<Loaded[]> {
	const script = `
		const { basename, join } = require('node:path');
		const loaded = ${JSON.stringify(files)}.map((file) => {
			const className = basename(file).split('.')[0];
			const instance = new (require(join(${JSON.stringify(folder)}, file))[className])();
			const { name, displayName, version, icon } = { ...instance, ...instance.description };
			return { className, name, displayName, version, icon, instance };
		});
		console.log(JSON.stringify(loaded));
	`;
	const env = { NODE_PATH: join(PROJECT_FOLDER, 'node_modules') };
	const { stdout } = await execa('node', ['--eval', script], { cwd: folder, env });
	return JSON.parse(stdout) as Loaded[];
}
