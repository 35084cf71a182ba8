import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8nInstallation } from './install.mts';
import { Problem } from './problem.mts';
import { N8nProcess } from './process.mts';

export interface ProcessOptions {
	installation: N8nInstallation;
	/** The complete environment of the process. */
	env: Record<string, string>;
	logFile: string;
	/** Its address, without a slash at the end. */
	url: string;
	/** Paths that all respond with 2xx once it is ready. */
	paths: string[];
	/** See `N8nProcess.start`. */
	command?: string[];
}

/** Every n8n process responds here when it is ready. */
export const READY_PATH = '/healthz/readiness';

/** For the main process: n8n 1 reports that it is ready before `/rest` exists. */
export const MAIN_PATHS = [READY_PATH, '/rest/settings'];

const READY_LIMIT_MS = 240_000;

async function lastLines(logFile: string): Promise<string> {
	const lines = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n');
	return `Its last lines (all of them are in ${logFile}):\n${lines.slice(-15).join('\n')}`;
}

async function answers(url: string, paths: string[]): Promise<boolean> {
	for (const path of paths) {
		const signal = AbortSignal.timeout(5000);
		const response = await fetch(url + path, { headers: { connection: 'close' }, signal }).catch(
			() => undefined,
		);
		await response?.arrayBuffer().catch(() => undefined);
		if (!response?.ok) return false;
	}
	return true;
}

/**
 * Starts one n8n process and waits until it responds.
 * @throws Problem if it ended (with its exit code or signal) or did not respond in time
 */
export async function startReady(options: ProcessOptions): Promise<N8nProcess> {
	const { installation, env, logFile, url, paths, command } = options;
	const n8n = await N8nProcess.start(installation, env, logFile, command);
	const started = performance.now();
	while (!(await answers(url, paths))) {
		if (n8n.ended) {
			throw new Problem(
				`n8n stopped while it was starting (${n8n.end}). ${await lastLines(logFile)}`,
			);
		}
		if (performance.now() - started > READY_LIMIT_MS) {
			await n8n.kill();
			throw new Problem(
				`n8n did not respond within ${READY_LIMIT_MS / 1000} s. ${await lastLines(logFile)}`,
			);
		}
		await sleep(100);
	}
	return n8n;
}
