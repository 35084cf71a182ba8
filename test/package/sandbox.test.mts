import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';
import { freePort } from '../../sandbox/n8n/ports.mts';

const folder = join(PROJECT_FOLDER, 'sandbox', 'n8n');

const readManifest = async (path: string) =>
	JSON.parse(await readFile(join(folder, path, 'package.json'), 'utf8')) as {
		dependencies: Record<string, string>;
	};

it.each(await readdir(join(folder, 'versions')))(
	'The lock file of n8n %s has its n8n and the one SQLite driver that is built for all of them',
	async (version) => {
		const lock = await readFile(join(folder, 'versions', version, 'bun.lock'), 'utf8');
		const driver = (await readManifest('sqlite3')).dependencies.sqlite3;
		expect((await readManifest(`versions/${version}`)).dependencies.n8n).toBe(version);
		expect(lock).toContain(`"n8n": ["n8n@${version}", `);
		expect(lock).toContain(`"sqlite3": ["sqlite3@${driver}", `);
	},
);

it('npm start -- --clean removes what the sandbox has installed, and nothing else in that folder', async () => {
	const cache = await mkdtemp(join(tmpdir(), 'sinch-cache-'));
	const own = [
		'n8n-2.41.1-linux-x64-0123456789ab',
		'n8n-2.41.1-linux-x64-0123456789ab.lock',
		'n8n-1.123.81-darwin-arm64-0123456789ab.partial-77',
		'node-24-linux-x64-0123456789ab',
		'bun-linux-x64-0123456789ab',
		'sqlite3-win32-x64-0123456789ab',
	];
	const others = ['n8n', 'n8n-data', 'node-24', 'photos', 'bun-linux-x64-0123456789ab.txt'];
	for (const name of [...own, ...others]) {
		await mkdir(join(cache, name));
		await writeFile(join(cache, name, 'file'), '');
	}
	const { stdout, status } = spawnSync(process.execPath, ['sandbox/start.mjs', '--clean'], {
		cwd: PROJECT_FOLDER,
		encoding: 'utf8',
		env: { ...process.env, SINCH_SANDBOX_CACHE: cache },
	});
	expect([status, stdout.trim()]).toEqual([0, `Removed n8n and its tools from ${cache}.`]);
	expect((await readdir(cache)).sort()).toEqual(others.sort());
	await rm(cache, { recursive: true });
});

it('Ports for n8n are given once, and none from a range that another process has', async () => {
	const first = 20_000 + (process.pid % 100) * 100;
	const other = createServer();
	// The range may be in use already.
	await new Promise((resolve) =>
		other.once('error', resolve).listen(first, '127.0.0.1', () => resolve(undefined)),
	);
	const one = await freePort();
	const ports = [one, await freePort()];
	other.close();
	expect(new Set(ports).size).toBe(2);
	expect(ports.filter((port) => port >= first && port < first + 100)).toEqual([]);
	expect(ports.filter((port) => port <= 20_000 || port >= 30_000)).toEqual([]);
});
