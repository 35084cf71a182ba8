/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { get } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import type { LogLists } from '../../../sandbox/simulator/wire';
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

it.each(['SIGINT', 'SIGTERM'] as const)(
	'the simulator prints the values for the credential, and stops on %s',
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

it('the simulator writes its address in one line for scripts, and stops when its reader is gone', async () => {
	const { child, ended } = run('--port', '0', '--json');
	await once(child.stdout, 'data');
	child.stdin.end();
	const { code, output } = await ended;
	expect(code).toBe(0);
	expect(output).toMatch(/^\{"url":"http:\/\/127\.0\.0\.1:\d+"\}\n$/);
});

it('the simulator serves the same over https, with the certificate that it writes into a file', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'simulator-https-'));
	const file = join(folder, 'certificate.pem');
	const { child, ended } = run('--port', '0', '--json', '--https', file);
	const [line] = (await once(child.stdout, 'data')) as [Buffer];
	const { httpsUrl, url } = JSON.parse(line.toString()) as { httpsUrl: string; url: string };
	expect(httpsUrl).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
	const ask = async (ca?: string) =>
		await new Promise<number | undefined>((resolve, reject) => {
			const options = { ca, agent: false } as const;
			get(`${httpsUrl}/v1/projects/none/apps`, options, (response) => {
				response.resume().once('end', () => resolve(response.statusCode));
			}).once('error', reject);
		});
	await expect(ask()).rejects.toThrow('self-signed certificate');
	const certificate = await readFile(file, 'utf8');
	expect(await ask(certificate)).toBe(401);

	await fetch(`${url}/_control/settings`, {
		method: 'PATCH',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ connectLatencyMs: 150 }),
	});
	const begin = performance.now();
	expect(await ask(certificate)).toBe(401);
	expect(performance.now() - begin).toBeGreaterThan(140);
	const paths = (await (await fetch(`${url}/_control/log`)).json()) as LogLists;
	expect(paths.requests.map(({ path }) => path)).toEqual(Array(2).fill('/v1/projects/none/apps'));

	child.stdin.end();
	expect((await ended).code).toBe(0);
	await rm(folder, { recursive: true });
});

it('the simulator stops immediately with a response and a callback outstanding', async () => {
	const sinch = await startSinch();
	await sinch.control.settings({ answerDelayMs: 60_000 });
	await sinch.addWebhook({ target: 'https://n8n.example.com/never' });
	await sinch.query({ contact_id: sinch.demo.contacts[0]!.contactId });
	await sinch.control.faults({ target: 'apps', kind: 'timeout' });
	const hanging = expect(sinch.call('GET', '/apps')).rejects.toThrow('fetch failed');
	await sinch.stop();
	await hanging;
});

it('the simulator says in one sentence that the port is taken', async () => {
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

it.each(['--port http', '--port 70000', '--verbose'])(
	'the simulator explains itself when it is called with %s',
	async (options) => {
		const { code, errors } = await run(...options.split(' ')).ended;
		expect(code).toBe(1);
		expect(errors).toContain('Usage: npm run simulator');
	},
);
