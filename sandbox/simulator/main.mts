import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { banner } from './banner.mts';
import { startSimulator, type Simulator } from './simulator.mts';

const USAGE =
	'Usage: npm run simulator -- [--port <0-65535>] [--https <certificate file>] [--json]';

/**
 * Command line of the simulator: see `usage`; port 0 takes any free port. With `--https` it also
 * serves https, on another port, and writes the certificate that clients must trust to the file.
 */
async function main(): Promise<void> {
	const { port, https: file, json } = readArguments();
	const narrate = (line: string) => console.log(`${new Date().toLocaleTimeString('sv')}  ${line}`);
	const options = { port, https: file !== undefined };
	const simulator = await startSimulator(json ? options : { ...options, narrate });
	stopOn(simulator, json);
	const { url, secure } = simulator;
	if (file !== undefined && secure) await writeFile(file, secure.certificate);
	if (json) console.log(JSON.stringify({ url, httpsUrl: secure?.url }));
	else console.log(banner(url, secure && { url: secure.url, file: resolve(file!) }));
}

function readArguments(): { port: number; https?: string; json: boolean } {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			https: { type: 'string' },
			json: { type: 'boolean', default: false },
		},
	});
	const port = Number(values.port);
	if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error(`${values.port} is not a port`);
	return { port, https: values.https, json: values.json };
}

function stopOn(simulator: Simulator, stdinToo: boolean): void {
	let stopping = false;
	const stop = () => {
		if (stopping) return;
		stopping = true;
		void simulator.close().then(() => process.exit(0));
	};
	process.on('SIGTERM', stop);
	process.on('SIGINT', stop);
	if (stdinToo) process.stdin.on('end', stop).on('close', stop).resume();
}

main().catch((error: NodeJS.ErrnoException & { port?: number }) => {
	const taken = error.code === 'EADDRINUSE';
	console.error(
		taken
			? `Port ${error.port} is taken: stop what uses it, or choose another one with --port.`
			: `${error.message}\n${USAGE}`,
	);
	process.exit(1);
});
