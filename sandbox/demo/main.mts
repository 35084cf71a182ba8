import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearCache } from '../n8n/cache.mts';
import { Problem } from '../n8n/problem.mts';
import type { Workflow } from '../n8n/types.mts';
import { drawBestChannels } from './bestChannel.mts';
import { Cleanup } from './cleanup.mts';
import { runDemo, type DemoRun } from './demo.mts';
import { credentialData } from './setup.mts';
import { drawTable } from './table.mts';

const USAGE = `Usage: npm start -- [--once] [--port <number>] [--clean]
  --once   stop everything after the tables; exit code 0 only if every answer is on its branch
  --port   the port of n8n, by default a free one
  --clean  remove n8n and its tools from the cache folder, and do nothing else
N8N_VERSION=1.123.81 in the environment chooses the older n8n.`;

interface Arguments {
	clean: boolean;
	once: boolean;
	port: number | undefined;
}

function readArguments(): Arguments {
	try {
		const { values } = parseArgs({
			options: {
				help: { type: 'boolean', short: 'h' },
				clean: { type: 'boolean', default: false },
				once: { type: 'boolean', default: false },
				port: { type: 'string' },
			},
		});
		if (values.help) {
			console.log(USAGE);
			process.exit(0);
		}
		const port = values.port === undefined ? undefined : Number(values.port);
		if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
			throw new Error(`${values.port} is not a port.`);
		}
		return { clean: values.clean, once: values.once, port };
	} catch (error) {
		console.error(`${(error as Error).message}\n${USAGE}`);
		process.exit(1);
	}
}

/** All differences from the simulator's table. */
const differencesOf = ({ comparison, bestChannels }: DemoRun): string[] => [
	...comparison.differences,
	...bestChannels.differences,
];

function report(run: DemoRun): void {
	const { comparison, bestChannels } = run;
	console.log(`
Each contact and its branch in “Best channel for each contact”:
${drawBestChannels(bestChannels)}

Each answer and its branch in “Route by capability”:
${drawTable(comparison.rows)}
`);
	const differences = differencesOf(run);
	if (differences.length === 0) {
		console.log(
			`All ${comparison.rows.length} answers and ${bestChannels.contacts.length} contacts are on the branch that the simulator's table specifies.`,
		);
	} else {
		console.log("Differences from the simulator's table:");
		for (const difference of differences) console.log(`  ${difference}`);
	}
}

/** Resolves when n8n ends by itself; Ctrl-C ends the whole process. */
async function stayOpen({ n8n, demo, simulatorUrl, made }: DemoRun): Promise<never> {
	const { login, check, route, best } = made;
	const { projectId, keyId, keySecret, appId } = credentialData(demo, simulatorUrl);
	const link = ({ id, name }: Workflow) => `  ${n8n.url}/workflow/${id}   ${name}`;
	console.log(`
Open   ${n8n.url}/home/workflows
E-mail ${login.email}    Password ${login.password}
       (this login works only for this n8n; both are deleted when you stop it)

Workflows:
${[best, check, route].map(link).join('\n')}

To create another credential, enter:
  Project ID         ${projectId}
  Access Key ID      ${keyId}
  Access Key Secret  ${keySecret}
  App ID             ${appId}
  Region             Custom
  API Base URL       ${simulatorUrl}
  Auth URL           ${simulatorUrl}
(made-up values that give no access to Sinch)

Next: open “${best.name}” above and choose Execute workflow. Then build your own:
open ${n8n.url}/workflow/new and choose +. README, “Your first workflow”, step 3,
has the rest (the trigger and the credential are here already). Try +46 70 174 06 05.

Press Ctrl+C to stop everything.`);
	while (n8n.running) await sleep(1000);
	throw new Problem(`n8n has stopped unexpectedly. Its log is ${n8n.logFile}`);
}

async function main(): Promise<void> {
	const { clean, once, port } = readArguments();
	if (clean) {
		console.log(`Removed n8n and its tools from ${await clearCache()}.`);
		return;
	}
	const cleanup = new Cleanup();
	let shown = false;
	let stopping = false;
	const stop = () => {
		// Ctrl-C arrives twice, from the terminal and from npm.
		if (stopping) return;
		stopping = true;
		console.log('\nStopping everything …');
		void cleanup.run().then(() => process.exit(shown ? 0 : 130));
	};
	process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop);
	try {
		const run = await runDemo(cleanup, port);
		report(run);
		shown = true;
		if (!once) await stayOpen(run);
		process.exitCode = differencesOf(run).length === 0 ? 0 : 1;
	} catch (error) {
		const { name, message, stack } = error as Error;
		console.error(`\n${name === 'Problem' ? message : stack}`);
		process.exitCode = 1;
	}
	await cleanup.run();
	process.exit();
}

await main();
