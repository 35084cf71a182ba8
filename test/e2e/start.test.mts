import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { execa } from 'execa';
import { PROJECT_FOLDER } from '../../sandbox/n8n/package.mts';

const LIMIT_MS = 300_000;

/** Runs `npm start` with arguments. */
const start = async (...args: string[]) =>
	await execa(process.execPath, ['--import', 'tsx', 'sandbox/demo/main.mts', ...args], {
		cwd: PROJECT_FOLDER,
		reject: false,
		all: true,
		timeout: LIMIT_MS,
	});

it(
	'npm start says in a sentence that the port is taken, before it does anything else',
	async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const port = String((server.address() as AddressInfo).port);
		const { exitCode, all } = await start('--once', '--port', port);
		server.close();
		expect(exitCode).toBe(1);
		expect(all.trim()).toBe(
			`Port ${port} is taken by another program. Stop that program, or choose another port with --port.`,
		);
	},
	LIMIT_MS,
);

it.each(['0', '65536', 'eighty', '5678.5'])(
	'npm start says that %s is not a port, and how it is called',
	async (port) => {
		const { exitCode, all } = await start('--port', port);
		expect(exitCode).toBe(1);
		expect(all).toContain(
			`${port} is not a port.\nUsage: npm start -- [--once] [--port <number>] [--clean]`,
		);
	},
	LIMIT_MS,
);
