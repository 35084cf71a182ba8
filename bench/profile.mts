import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Profiles, profilingEnv, type Share } from './support/profile.mts';
import { runQueries } from './support/queryRun.mts';
import { httpQuery, ourQuery } from './support/queryWorkflows.mts';
import { createReceiver, labelOf } from './support/receivers.mts';
import { runReceiver } from './support/receiverRun.mts';
import { BenchHarness } from './support/harness.mts';
import { printTable } from './support/table.mts';

const LONGEST_LIST = 16;
const ITEMS = 500;
const NOTIFICATIONS_PER_SECOND = 10;
const LOAD_MS = 4000;

function print(what: string, shares: Share[]): void {
	const listed = shares.filter(({ module }, index) => index < LONGEST_LIST || /this/.test(module));
	printTable(
		`Where n8n's CPU time goes: ${what}`,
		['', 'ms', '%'],
		listed.map(({ module, ms, percent }) => [module, ms.toFixed(0), percent.toFixed(1)]),
	);
}

/** Runs our nodes in an n8n that profiles itself, and prints what its main thread spends its time on. */
export async function benchProfile(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'sinch-bench-profile-'));
	try {
		const harness = await BenchHarness.start(profilingEnv(folder));
		const profiles = new Profiles(folder, harness.pid);
		const measure = async (what: string, run: () => Promise<unknown>) =>
			print(what, await profiles.during(run));
		try {
			const credential = await harness.newCredential();
			await harness.settings({ apiLatencyMs: 50, logSize: 1 });
			const ask = { requestsPerSecond: 800 };
			await runQueries(harness, 200, ourQuery(credential, ask));
			await measure(`${ITEMS} queries at 800/s`, async () =>
				runQueries(harness, ITEMS, ourQuery(credential, ask)),
			);
			await measure(`${ITEMS} queries of the HTTP Request node`, async () =>
				runQueries(harness, ITEMS, httpQuery(harness, credential)),
			);
			for (const key of ['trigger', 'single', 'parse', 'switch'] as const) {
				const receiver = await createReceiver(harness, credential, key);
				await receiver.publish(false);
				await measure(labelOf(key), async () =>
					runReceiver(harness, receiver, NOTIFICATIONS_PER_SECOND, LOAD_MS),
				);
			}
		} finally {
			await harness.stop();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
