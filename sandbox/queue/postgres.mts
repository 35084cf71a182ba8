import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { freePort } from '../n8n/ports.mts';
import { missing, privateFolder, startService, type Service, type User } from './service.mts';

/** Where Debian installs the server's programs, one folder per major version, not on the path. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

/** The connection settings for n8n. No password is needed: only this computer can connect. */
export const POSTGRES_USER = 'n8n';
export const POSTGRES_DATABASE = 'postgres';

async function findPrograms(): Promise<string> {
	const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
	const newestFirst = versions.sort((one, other) => Number(other) - Number(one));
	const folders = newestFirst.map((version) => join(DEBIAN_FOLDER, version, 'bin'));
	const found = folders.find((folder) => existsSync(join(folder, 'initdb')));
	if (!found) throw missing('PostgreSQL', 'postgresql');
	return found;
}

/** PostgreSQL refuses to run as root: then it runs as the user that its Debian package created. */
async function serverUser(): Promise<User> {
	if (process.getuid?.() !== 0) return {};
	const idOf = async (which: string) => Number((await execa('id', [which, 'postgres'])).stdout);
	return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/**
 * Starts a new PostgreSQL on 127.0.0.1 whose data is temporary.
 * @throws Problem when it is not installed or does not start.
 */
export async function startPostgres(): Promise<Service> {
	const begin = performance.now();
	const programs = await findPrograms();
	const user = await serverUser();
	const folder = await privateFolder('postgres', user);
	const data = join(folder, 'data');
	const port = await freePort();
	const address = ['-h', '127.0.0.1', '-p', String(port)];
	const initArgs = [
		'-D',
		data,
		'-U',
		POSTGRES_USER,
		'--auth=trust',
		'--encoding=UTF8',
		// That of the computer may belong to another encoding.
		'--locale=C',
		'--no-sync',
	];
	await execa(join(programs, 'initdb'), initArgs, { ...user, cwd: folder });
	const stop = await startService(
		'PostgreSQL',
		folder,
		[join(programs, 'postgres'), '-D', data, '-F', '-k', folder, ...address],
		async () =>
			(await execa(join(programs, 'pg_isready'), address, { reject: false })).exitCode === 0,
		user,
	);
	return { port, startedInMs: Math.round(performance.now() - begin), stop };
}
