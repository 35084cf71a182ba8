/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { startSinch } from './support';

const root = resolve(__dirname, '../../..');

function run(...args: string[]) {
	const command = ['--import', 'tsx', 'sandbox/simulator/main.mts', ...args];
	const child = spawn(process.execPath, command, { cwd: root, stdio: 'pipe' });
	const output = text(child.stdout);
	const errors = text(child.stderr);
	const ended = once(child, 'exit').then(async ([code]: Array<number | null>) => ({
		code,
		output: await output,
		errors: await errors,
	}));
	return { child, ended };
}

describe('command line', () => {
	it.each(['SIGINT', 'SIGTERM'] as const)(
		'tells a person what to type, and stops on %s',
		async (signal) => {
			const { child, ended } = run('--port', '0');
			await once(child.stdout, 'data');
			child.kill(signal);
			const { code, output } = await ended;
			expect(code).toBe(0);
			const url = /running at (http:\/\/127\.0\.0\.1:\d+) /.exec(output)?.[1];
			const fields = ['Project ID', 'Access Key ID', 'Access Key Secret', 'App ID'];
			for (const field of fields) expect(output).toMatch(new RegExp(`${field} +\\S+\\n`));
			expect(output).toMatch(/Region +Custom\n/);
			expect(output).toContain(`API Base URL       ${url}\n`);
			expect(output).toContain(`Auth URL           ${url}\n`);
			expect(output).toContain(`${url}/_control/log`);
		},
	);

	it('tells a script its address in one line, and stops when nobody listens any more', async () => {
		const { child, ended } = run('--port', '0', '--json');
		await once(child.stdout, 'data');
		child.stdin.end();
		const { code, output } = await ended;
		expect(code).toBe(0);
		expect(output).toMatch(/^\{"url":"http:\/\/127\.0\.0\.1:\d+"\}\n$/);
	});

	it('stops at once with an answer and a callback outstanding', async () => {
		const sinch = await startSinch();
		await sinch.control.settings({ answerDelayMs: 60_000 });
		await sinch.addWebhook({ target: 'https://n8n.example.com/never' });
		await sinch.query({ contact_id: sinch.demo.contacts[0]!.contactId });
		await sinch.control.faults({ target: 'apps', kind: 'timeout' });
		const hanging = expect(sinch.call('GET', '/apps')).rejects.toThrow('fetch failed');
		await sinch.stop();
		await hanging;
	});

	it('says in one sentence that the port is taken', async () => {
		const server = createServer().listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = server.address() as AddressInfo;
		const { code, errors, output } = await run('--port', String(port)).ended;
		server.close();
		expect([code, output]).toEqual([1, '']);
		expect(errors).toBe(
			`Port ${port} is taken: stop what uses it, or choose another one with --port.\n`,
		);
	});

	it.each([['--port', 'http'], ['--port', '70000'], ['--verbose']])(
		'explains itself when it is called with %s %s',
		async (...args) => {
			const { code, errors } = await run(...args).ended;
			expect(code).toBe(1);
			expect(errors).toContain('Usage: npm run simulator');
		},
	);
});
