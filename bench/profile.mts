import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Profiles, profilingEnv, type Share } from './support/profile.mts';
import { runQueries } from './support/queryRun.mts';
import { httpQuery, ourQuery } from './support/queryWorkflows.mts';
import { ONE_PER_ANSWER, OURS, OURS_SINGLE, ourReceiver } from './support/receivers.mts';
import { runReceiver } from './support/receiverRun.mts';
import { Stand } from './support/stand.mts';
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

/** Runs ours in an n8n that profiles itself, and prints where its main thread's time goes. */
export async function benchProfile(): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'sinch-bench-profile-'));
	try {
		const stand = await Stand.start(profilingEnv(folder));
		const profiles = new Profiles(folder, stand.pid);
		const measure = async (what: string, run: () => Promise<unknown>) =>
			print(what, await profiles.during(run));
		try {
			const credential = await stand.newCredential();
			await stand.settings({ apiLatencyMs: 50, logSize: 1 });
			const ask = { requestsPerSecond: 800 };
			await runQueries(stand, 200, ourQuery(credential, ask));
			await measure(`${ITEMS} queries at 800/s`, async () =>
				runQueries(stand, ITEMS, ourQuery(credential, ask)),
			);
			await measure(`${ITEMS} queries of the HTTP Request node`, async () =>
				runQueries(stand, ITEMS, httpQuery(stand, credential)),
			);
			for (const [name, options] of [[OURS], [OURS_SINGLE, ONE_PER_ANSWER]] as const) {
				const receiver = await ourReceiver(stand, credential, name, options);
				await measure(name, async () =>
					runReceiver(stand, receiver, NOTIFICATIONS_PER_SECOND, LOAD_MS),
				);
			}
		} finally {
			await stand.stop();
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
