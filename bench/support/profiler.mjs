/**
 * Loaded into n8n with `--import`: the signal SIGUSR2 starts a CPU profile; the next one stops it and
 * writes it to the folder in BENCH_PROFILES, as 0.cpuprofile, 1.cpuprofile and so on.
 */
import { writeFileSync, renameSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { isMainThread } from 'node:worker_threads';

const SAMPLING_INTERVAL_US = 1000;

const session = new Session();
let count = 0;
let isRunning = false;

async function toggle() {
	isRunning = !isRunning;
	if (isRunning) {
		session.connect();
		await session.post('Profiler.enable');
		await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
		await session.post('Profiler.start');
		return;
	}
	const { profile } = await session.post('Profiler.stop');
	session.disconnect();
	const file = `${process.env.BENCH_PROFILES}/${count++}.cpuprofile`;
	writeFileSync(`${file}.part`, JSON.stringify(profile));
	renameSync(`${file}.part`, file);
}

if (isMainThread) process.on('SIGUSR2', () => void toggle());
