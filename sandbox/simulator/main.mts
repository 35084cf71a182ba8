import { parseArgs } from 'node:util';
import { banner } from './banner.mts';
import { startSimulator, type Simulator } from './simulator.mts';

const usage = 'Usage: npm run simulator -- [--port <0-65535>] [--json]';

/** Command line of the simulator: see `usage`; port 0 takes any free one. */
async function main(): Promise<void> {
	const { port, json } = readArguments();
	const narrate = (line: string) => console.log(`${new Date().toLocaleTimeString('sv')}  ${line}`);
	const simulator = await startSimulator(json ? { port } : { port, narrate });
	stopOn(simulator, json);
	if (json) console.log(JSON.stringify({ url: simulator.url }));
	else console.log(banner(simulator.url));
}

function readArguments(): { port: number; json: boolean } {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			json: { type: 'boolean', default: false },
		},
	});
	const port = Number(values.port);
	if (!/^\d+$/.test(values.port) || port > 65_535) throw new Error(`${values.port} is not a port`);
	return { port, json: values.json };
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
			: `${error.message}\n${usage}`,
	);
	process.exit(1);
});
