/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

import type {
	CallbackOrder,
	Demo,
	DemoChannel,
	FaultRule,
	LogLists,
	SentCallback,
	Settings,
} from '../../sandbox/simulator/wire';

const root = resolve(__dirname, '../..');

export interface SimulatorControl {
	demo(): Promise<Demo>;
	log(...requestIds: string[]): Promise<LogLists>;
	clearLog(): Promise<void>;
	settings(changes?: Partial<Settings>): Promise<Settings>;
	faults(rules: FaultRule | FaultRule[]): Promise<void>;
	clearFaults(): Promise<void>;
	/** Sets what a channel answers about an identity. */
	answer(
		row: Omit<DemoChannel, 'outcome' | 'reason'> & { reason?: { code: string } },
	): Promise<void>;
	/** Posts a given callback immediately to the app's webhooks with the trigger. */
	callbacks(order: CallbackOrder): Promise<SentCallback[]>;
	expireTokens(): Promise<void>;
	reset(): Promise<void>;
}

export interface RunningSimulator {
	url: string;
	control: SimulatorControl;
	stop(): Promise<void>;
}

/** Starts the simulator as a separate process on a free port, as `npm run simulator` does. */
export async function startSimulator(): Promise<RunningSimulator> {
	const child = spawn(
		process.execPath,
		['--import', 'tsx', 'sandbox/simulator/main.mts', '--json', '--port', '0'],
		{ cwd: root, stdio: ['pipe', 'pipe', 'inherit'] },
	);
	const { url } = JSON.parse(await firstLine(child)) as { url: string };
	return {
		url,
		control: controlOf(url),
		async stop() {
			if (child.exitCode !== null) return;
			const exited = once(child, 'exit');
			child.stdin.end();
			await exited;
		},
	};
}

async function firstLine(child: ChildProcess): Promise<string> {
	if (!child.stdout) throw new Error('The simulator has no standard output');
	for await (const line of createInterface({ input: child.stdout })) return line;
	throw new Error('The simulator ended before it was ready');
}

function controlOf(url: string): SimulatorControl {
	const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
		const response = await fetch(`${url}/_control${path}`, {
			method,
			...(body !== undefined && {
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			}),
		});
		const answer = await response.text();
		if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
		return JSON.parse(answer) as T;
	};
	return {
		demo: async () => await call('GET', '/demo'),
		log: async (...ids) =>
			await call('GET', ids.length ? `/log?requestId=${ids.join(',')}` : '/log'),
		clearLog: async () => await call('DELETE', '/log'),
		settings: async (changes) =>
			changes ? await call('PATCH', '/settings', changes) : await call('GET', '/settings'),
		faults: async (rules) => await call('POST', '/faults', rules),
		clearFaults: async () => await call('DELETE', '/faults'),
		answer: async (row) => await call('POST', '/answers', row),
		callbacks: async (order) =>
			(await call<{ results: SentCallback[] }>('POST', '/callbacks', order)).results,
		expireTokens: async () => await call('POST', '/tokens/expire'),
		reset: async () => await call('POST', '/reset'),
	};
}
