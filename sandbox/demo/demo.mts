import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { N8nApi } from '../n8n/api.mts';
import { ensureN8n, N8N_VERSION } from '../n8n/install.mts';
import { checkPort, startN8n, type N8nInstance } from '../n8n/instance.mts';
import { ensurePacked, RUN_FOLDER } from '../n8n/package.mts';
import { Problem, within } from '../n8n/problem.mts';
import { startSimulator } from '../simulator/simulator.mts';
import { findBestChannels, type BestChannels } from './bestChannel.mts';
import type { Cleanup } from './cleanup.mts';
import type { Comparison } from './comparison.mts';
import { readDemo } from './control.mts';
import type { Demo } from '../simulator/wire.ts';
import { askAndCompare } from './question.mts';
import { setUp, type DemoN8n } from './setup.mts';
import { step } from './steps.mts';

export interface DemoRun {
	n8n: N8nInstance;
	demo: Demo;
	simulatorUrl: string;
	made: DemoN8n;
	comparison: Comparison;
	bestChannels: BestChannels;
}

/** Another folder of `versions/` than the newest, if the user names one. */
const VERSION = process.env.N8N_VERSION || N8N_VERSION;

const DEMO_FILE = join(RUN_FOLDER, 'demo.json');

/** For scripts: addresses and names of everything. All keys are made up. */
async function writeDemoFile(run: Omit<DemoRun, 'comparison' | 'bestChannels'>, running: boolean) {
	const { n8n, demo, simulatorUrl, made } = run;
	const { check, route, best, credential, login } = made;
	const workflow = ({ id, name }: typeof check) => ({ id, name, url: `${n8n.url}/workflow/${id}` });
	const content = {
		running,
		n8n: { url: n8n.url, version: n8n.version, ...login, logFile: n8n.logFile },
		simulator: { url: simulatorUrl, project: demo.project, apps: demo.apps },
		credential: { id: credential.id, name: credential.name },
		workflows: { check: workflow(check), route: workflow(route), best: workflow(best) },
	};
	await writeFile(DEMO_FILE, `${JSON.stringify(content, null, '\t')}\n`);
}

/** The n8n side of the demo. */
async function useN8n(cleanup: Cleanup, n8n: N8nInstance, simulatorUrl: string): Promise<DemoRun> {
	const api = new N8nApi(n8n.url);
	const demo = await readDemo(simulatorUrl);
	const made = await step('Owner, credential and example workflows', async () => {
		const late = `n8n did not accept the workflows within 90 s. Its log is ${n8n.logFile}`;
		return await within(90, late, setUp(api, demo, simulatorUrl));
	});
	const run = { n8n, demo, simulatorUrl, made };
	await writeDemoFile(run, true);
	cleanup.add(async () => await writeDemoFile(run, false));

	const bestChannels = await step(
		`Checking ${demo.contacts.length} contacts: the best channel of RCS and WhatsApp for each`,
		async () => await findBestChannels(api, made.best, demo),
	);
	const comparison = await step('The same with two workflows, answer by answer', async (say) => {
		const all = demo.contacts.flatMap(({ channels }) => channels).length;
		const onCount = (count: number) => say(`${count} of ${all} answers have arrived`);
		return await askAndCompare(api, made, demo, onCount);
	});
	return { ...run, comparison, bestChannels };
}

/**
 * Runs the demo, up to the comparison. Everything it starts keeps running and is in `cleanup`.
 * @param port for n8n; by default a free one.
 * @throws Problem with a sentence for the user
 */
export async function runDemo(cleanup: Cleanup, port?: number): Promise<DemoRun> {
	if (port !== undefined) await checkPort(port);
	await mkdir(RUN_FOLDER, { recursive: true });
	const note = VERSION === N8N_VERSION ? ' (n8n 3 is not on npm)' : '';
	await step(`n8n ${VERSION}${note}`, async (say) => await ensureN8n(VERSION, say));

	const folder = await cleanup.temporaryFolder();
	const packageTarball = await step('The package, as it would be published', async (say) => {
		return await ensurePacked(() => say('building it (15 to 40 seconds)'));
	});

	const simulatorUrl = await step('Simulated Sinch', async () => {
		const simulator = await startSimulator();
		cleanup.add(async () => await simulator.close());
		return simulator.url;
	});

	const n8n = await step('n8n with the package', async (say) => {
		say('starting it (10 to 45 seconds)');
		const userFolder = join(folder, 'n8n');
		await mkdir(userFolder);
		const logFile = join(RUN_FOLDER, 'n8n.log');
		const instance = await startN8n({
			version: VERSION,
			port,
			userFolder,
			packageTarball,
			logFile,
		});
		cleanup.add(async () => await instance.stop());
		return instance;
	});

	try {
		return await useN8n(cleanup, n8n, simulatorUrl);
	} catch (error) {
		// A broken connection may be noticed before the end of the process that caused it.
		await sleep(500);
		if (n8n.running) throw error;
		throw new Problem(`n8n has stopped unexpectedly. Its log is ${n8n.logFile}`, { cause: error });
	}
}
