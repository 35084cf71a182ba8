import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureCached, type Cached, type OnProgress } from './cache.mts';
import { npm } from './npm.mts';
import { ensureNode } from './node.mts';

/** The SQLite driver that every supported n8n uses, in a folder with its modules. */
export const driverIn = (folder: string) =>
	join(folder, 'node_modules', 'sqlite3', 'build', 'Release', 'node_sqlite3.node');

/** The driver is C++: its install script downloads a binary or, if that fails, compiles one. */
const driver = (onProgress: OnProgress): Cached => ({
	name: 'the SQLite driver of n8n',
	key: 'sqlite3',
	lockFolder: fileURLToPath(new URL('sqlite3/', import.meta.url)),
	neededBytes: 0.2e9,
	isComplete: (folder) => existsSync(driverIn(folder)),
	async install(folder) {
		const failure =
			'The SQLite driver of n8n could be neither fetched nor compiled (compiling needs Python 3, make and a C++ compiler)';
		const [node] = await Promise.all([
			ensureNode(onProgress),
			npm(['ci', '--ignore-scripts', '--omit=optional'], { cwd: folder, limit: 15 * 60, failure }),
		]);
		const headers = dirname(dirname(node));
		const hasHeaders = existsSync(join(headers, 'include', 'node', 'node_api.h'));
		await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], {
			cwd: folder,
			env: {
				// SQLite is one large file: optimizing it further takes several times as long.
				CFLAGS: '-O1',
				npm_config_jobs: 'max',
				...(hasHeaders ? { npm_config_nodedir: headers } : {}),
			},
			limit: 15 * 60,
			failure,
		});
	},
});

/**
 * The compiled driver. It uses Node-API, so one file serves every n8n and Node.
 * @throws Problem when it cannot be built
 */
export async function ensureDriver(onProgress: OnProgress): Promise<string> {
	return driverIn(await ensureCached(driver(onProgress), onProgress));
}
