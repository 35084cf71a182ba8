import { once } from 'node:events';
import { connect } from 'node:net';
import { execa } from 'execa';
import { freePort } from '../n8n/ports.mts';
import { missing, privateFolder, startService, type Service } from './service.mts';

async function accepts(port: number): Promise<boolean> {
	const socket = connect(port, '127.0.0.1');
	try {
		await once(socket, 'connect');
		return true;
	} catch {
		return false;
	} finally {
		socket.destroy();
	}
}

/**
 * Starts a new Redis on 127.0.0.1 that writes nothing to disk.
 * @param given the port, when one replaces another.
 * @throws Problem when it is not installed or does not start.
 */
export async function startRedis(given?: number): Promise<Service> {
	const begin = performance.now();
	const { failed } = await execa('redis-server', ['--version'], { reject: false });
	if (failed) throw missing('Redis', 'redis-server');
	const folder = await privateFolder('redis', {});
	const port = given ?? (await freePort());
	const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
	const stop = await startService(
		'Redis',
		folder,
		['redis-server', ...settings, '--save', '', '--appendonly', 'no'],
		async () => await accepts(port),
	);
	return { port, startedInMs: Math.round(performance.now() - begin), stop };
}
