import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Bench } from 'tinybench';
import { PROJECT_FOLDER } from '../sandbox/n8n/package.mts';
import { notification } from './support/sender.mts';
import type { PureResults } from './support/results.mts';
import { spread } from './support/statistics.mts';
import { printTable, shown } from './support/table.mts';

const SECRET = 'a secret of the usual length 012345';
const APP_ID = '01SANDB0XC0NVERSAT10NAPP01';
const LOADS = 11;

const dist = join(PROJECT_FOLDER, 'dist');
const require = createRequire(join(dist, 'bench.js'));
const ours = <T,>(path: string) => require(join(dist, 'nodes', 'SinchCapability', path)) as T;

type Headers = Record<string, string>;

/** The built functions that n8n loads. */
interface Pure {
	verifySignature: (request: { rawBody: Buffer; headers: Headers }, secrets: string[]) => object;
	parseBody: (rawBody: Buffer) => unknown;
	readCapabilityCallback: (body: unknown) => { capability_notification: object } | undefined;
	outcomeOf: (notification: object) => string;
}

const loading = `
require('n8n-workflow');
const begin = performance.now();
require('./dist/nodes/SinchCapability/SinchCapability.node.js');
require('./dist/nodes/SinchCapability/SinchCapabilityTrigger.node.js');
require('./dist/credentials/SinchConversationApi.credentials.js');
console.log(performance.now() - begin);
`;

/** Milliseconds to load the package in a new process that has already loaded n8n-workflow, as n8n has. */
function loadOnce(): number {
	const options = { cwd: PROJECT_FOLDER, encoding: 'utf8' } as const;
	return Number(execFileSync(process.execPath, ['-e', loading], options));
}

/** The cost of one notification without n8n, compared with its HMAC alone. */
export async function benchPure(): Promise<PureResults> {
	const { verifySignature } = ours<Pure>('notification/signature.js');
	const { parseBody, readCapabilityCallback } = ours<Pure>('notification/callback.js');
	const { outcomeOf } = ours<Pure>('notification/outcomes.js');
	const { body, headers } = notification(APP_ID, SECRET);
	const rawBody = Buffer.from(body);
	const name = 'x-sinch-webhook-signature';
	const tail = `.${headers[`${name}-nonce`]}.${headers[`${name}-timestamp`]}`;

	const whole = () => {
		if ('refusal' in verifySignature({ rawBody, headers }, [SECRET])) throw new Error('Refused');
		return outcomeOf(readCapabilityCallback(parseBody(rawBody))!.capability_notification);
	};
	if (whole() !== 'Full') throw new Error(`The outcome is ${whole()}`);

	const bench = new Bench({ time: 1500, warmupTime: 300 });
	bench.add('Verify, parse, outcome', whole);
	bench.add('HMAC-SHA-256 alone', () =>
		createHmac('sha256', SECRET).update(rawBody).update(tail).digest('base64'),
	);
	await bench.run();
	const rows = bench.tasks.map((task) => {
		const { result } = task;
		if (result.state !== 'completed') throw new Error(`${task.name}: ${result.state}`);
		const { mean, rme } = result.throughput;
		return { task: task.name, perSecond: Math.round(mean), margin: Number(rme.toFixed(2)) };
	});
	const loadMs = spread(Array.from({ length: LOADS }, loadOnce));
	printTable(
		`Without n8n, one process, Node ${process.version}`,
		['', 'Per second', '± %'],
		rows.map(({ task, perSecond, margin }) => [
			...[task, perSecond.toLocaleString('en-US')],
			String(margin),
		]),
	);
	console.log(`Loading both nodes and the credential: ${shown(loadMs, 1)} ms, ${LOADS} processes`);
	return { node: process.version, rows, loadMs };
}
