/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

const root = resolve(__dirname, '../..');

export type Outcome = 'Full' | 'Partial' | 'None' | 'Unknown' | 'Failed';

export interface DemoChannel {
	channel: string;
	identity: string;
	capability_status?: string;
	channel_capabilities?: string[];
	reason?: { code: string; description: string; sub_code: string; channel_code?: string };
	outcome: Outcome;
}

export interface Demo {
	project: { projectId: string; keyId: string; keySecret: string };
	otherProject: { projectId: string; keyId: string; keySecret: string; appId: string };
	apps: Array<{
		appId: string;
		displayName: string;
		processingMode: 'CONVERSATION' | 'DISPATCH';
	}>;
	contacts: Array<{ contactId: string; name: string; channels: DemoChannel[] }>;
}

/** All times are ISO 8601 in UTC with milliseconds. */
export interface SimulatorLog {
	totals: Record<
		| 'tokenCalls'
		| 'tokensIssued'
		| 'requests'
		| 'queries'
		| 'queriesSpan'
		| 'messages'
		| 'attempts'
		| 'delivered',
		number
	>;
	requests: Array<{
		at: string;
		method: string;
		path: string;
		status: number | null;
		ms: number | null;
		requestId?: string;
		error?: string;
		fault?: string;
	}>;
	queries: Array<{
		at: string;
		requestId: string;
		appId: string;
		recipient: unknown;
		callbacks: number;
	}>;
	messages: Array<{
		at: string;
		messageId: string;
		appId: string;
		channel: string;
		recipient: unknown;
		message: unknown;
	}>;
	deliveries: Array<{
		requestId: string;
		appId: string;
		webhookId: string;
		target: string;
		contactId: string;
		channel: string;
		identity: string;
		capabilityStatus?: string;
		reasonCode?: string;
		askedAt: string;
		state: 'waiting' | 'retrying' | 'delivered' | 'given-up' | 'dropped' | 'cancelled';
		attempts: Array<{ at: string; httpStatus: number | null; ms: number; error?: string }>;
		msFromQuery: number | null;
		fault?: string;
	}>;
}

/** See `sandbox/simulator/settings.mts` for the meaning of each. */
export interface SimulatorSettings {
	tokenLifetimeSeconds: number;
	tokenBurst: number;
	tokensPerSecond: number;
	requestsPerSecond: number;
	apiLatencyMs: number;
	connectLatencyMs: number;
	callbacksPerSecond: number;
	answerDelayMs: number;
	answerJitterMs: number;
	retryBaseMs: number;
	retryMaxDelayMs: number;
	retryMaxAttempts: number;
	retryMaxAgeMs: number;
	callbackTimeoutMs: number;
	errorForm: 'nested' | 'flat' | 'problem';
	logSize: number;
}

export type CallbackFaultKind =
	| 'delay'
	| 'drop'
	| 'duplicate'
	| 'garbage'
	| 'unsigned'
	| 'wrong-signature'
	| 'signature-of-another-body'
	| 'changed-body'
	| 'wrong-algorithm'
	| 'old-timestamp';

/** See `sandbox/simulator/faults.mts` for the meaning of each. */
export type Fault = (
	| {
			target: 'token' | 'apps' | 'webhooks' | 'contacts' | 'query' | 'messages';
			kind: 'status' | 'garbage' | 'reset' | 'delay' | 'timeout';
	  }
	| { target: 'callback'; kind: CallbackFaultKind }
) & {
	method?: string;
	recipient?: string;
	times?: number;
	probability?: number;
	after?: number;
	status?: number;
	body?: unknown;
	retryAfter?: string | number;
	delayMs?: number;
	processed?: boolean;
	copies?: number;
	ageSeconds?: number;
};

export interface CallbackOrder {
	appId: string;
	body: unknown;
	trigger?: string;
	webhookId?: string;
	/** How often the same callback, with the same nonce, is posted. */
	times?: number;
	nonce?: string;
	/** Unix seconds. */
	timestamp?: number;
	fault?: Exclude<CallbackFaultKind, 'delay' | 'drop' | 'duplicate'>;
}

export interface SentCallback {
	webhookId: string;
	target: string;
	at: string;
	httpStatus: number | null;
	ms: number;
	error?: string;
}

export interface SimulatorControl {
	demo(): Promise<Demo>;
	log(...requestIds: string[]): Promise<SimulatorLog>;
	clearLog(): Promise<void>;
	settings(changes?: Partial<SimulatorSettings>): Promise<SimulatorSettings>;
	faults(rules: Fault | Fault[]): Promise<void>;
	clearFaults(): Promise<void>;
	/** What a channel answers about an identity from now on. */
	answer(
		row: Omit<DemoChannel, 'outcome' | 'reason'> & { reason?: { code: string } },
	): Promise<void>;
	/** Posts a callback of your own at once to the app's webhooks with the trigger. */
	callbacks(order: CallbackOrder): Promise<SentCallback[]>;
	expireTokens(): Promise<void>;
	reset(): Promise<void>;
}

export interface RunningSimulator {
	url: string;
	control: SimulatorControl;
	stop(): Promise<void>;
}

/** Starts the simulator as a process of its own on a free port, as `npm run simulator` would. */
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
