/**
 * Preloaded into n8n. The process that started n8n holds the other end of stdin: when that process
 * ends, for any reason, stdin ends, and n8n stops instead of running on unnoticed.
 */
import { isMainThread } from 'node:worker_threads';

const GRACE_MS = 5000;

/** n8n is the head of its process group (see process.mts), so this ends what it started as well. */
function killAll() {
	process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
}

function stop() {
	setTimeout(killAll, GRACE_MS).unref();
	process.kill(process.pid, 'SIGTERM');
}

if (isMainThread) {
	process.stdin.once('end', stop).once('error', stop).resume();
}
