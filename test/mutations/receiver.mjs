/**
 * Makes each of these changes to the receiver, in a copy and one at a time, and names the tests that
 * detect it: `node test/mutations/receiver.mjs [pattern of names] [pattern of test files]`. The exit code is 1 if one
 * is not detected.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = 'nodes/SinchCapability/trigger';

/** What is broken, the file, the text to replace and its replacement. */
const MUTATIONS = [
	['age skipped', '../callbacks/signature', 'age > maxAgeHours * 3600', 'age > Infinity'],
	['future allowed', '../callbacks/signature', 'age < -MAX_AHEAD_SECONDS', 'age < -Infinity'],
	[
		'only a prefix compared',
		'../callbacks/signature',
		/given\.length === expected[^;]*;/,
		'given.toString().slice(0, 8) === expected.toString().slice(0, 8);',
	],
	[
		'other spellings of Base64',
		'../callbacks/signature',
		/const expected =[^;]*;\s*const given =[^;]*;/,
		"const expected = hmac.digest(); const given = Buffer.from(signature, 'base64');",
	],
	[
		'any algorithm',
		'../callbacks/signature',
		"headers['x-sinch-webhook-signature-algorithm'] !== ALGORITHM",
		"headers['x-sinch-webhook-signature-algorithm'] === undefined",
	],
	[
		'algorithm may be missing',
		'../callbacks/signature',
		'if (headers[',
		"if (headers['x-sinch-webhook-signature-algorithm'] && headers[",
	],
	[
		'parsed body verified',
		'handler',
		'{ rawBody, headers }, secrets',
		'{ rawBody: Buffer.from(JSON.stringify(this.getBodyData())), headers }, secrets',
	],
	[
		'missing signature accepted',
		'../callbacks/signature',
		"return refused('it is not signed');",
		"return { genuine: true, nonce: '', signedAt: Date.now() / 1000 };",
	],
	[
		'nonce not signed to its end',
		'../callbacks/signature',
		'.${nonce}.',
		'.${nonce.slice(0, 26)}.',
	],
	['timestamp may be anything', '../callbacks/signature', '|| !/^\\d{1,12}$/.test(timestamp)', ''],
	['empty secret accepted', '../callbacks/signature', " && secret !== ''", ''],
	[
		'body may be missing',
		'../callbacks/signature',
		'!Buffer.isBuffer(rawBody)',
		'rawBody === null',
	],
	[
		'body emptied before verifying',
		'../callbacks/signature',
		'const signed = [rawBody,',
		'const signed = [rawBody.subarray(0, 40),',
	],
	[
		'options read before verifying',
		'handler',
		'const verification =',
		'readOptions(this);\n\tconst verification =',
	],
	['refused with 200', 'handler', 'respond(context, 401', 'respond(context, 200'],
	[
		'refused with an execution',
		'handler',
		'return { noWebhookResponse: true };',
		'return { noWebhookResponse: true, workflowData: [[{ json: {} }]] };',
	],
	['former secrets for ever', 'registration', 'now <= until', 'until > 0'],
	[
		'former secrets never',
		'registration',
		'? [registration.secret, ...retired]',
		'? [registration.secret]',
	],
	['accepted whatever n8n answered', 'acknowledgement', 'statusCode < 300', 'statusCode < 600'],
	[
		'accepted when the sender was gone',
		'acknowledgement',
		'hasGone && isPositive(response)',
		'true',
	],
	[
		'marked for a sender that was gone',
		'response',
		'if (response.destroyed) {',
		'if (response.req === null) {',
	],
	[
		'a repeat of one on its way is accepted',
		'handler',
		'earlier.isAccepted ? IGNORED',
		'earlier ? IGNORED',
	],
	[
		'repeats held without bound',
		'deliveries',
		'this.followers >= MAX_FOLLOWERS',
		'this.followers < 0',
	],
	['repeats known by nonce only', 'handler', '[verification.nonce, id]', '[verification.nonce]'],
	['repeats known by answer only', 'handler', '[verification.nonce, id]', '[id]'],
	['all trigger nodes share names', 'admission', '`${triggerKey(context)} ${name}`', 'name'],
	['test and production share names', 'admission', ' ${context.getMode()}', ''],
	[
		'group accepted whatever n8n responded',
		'flow',
		'next.accepted.resolve(isAccepted)',
		'next.accepted.resolve(isAccepted || true)',
	],
	[
		'a queue that never goes on',
		'flow',
		'void member.reception.untilNext().then(() => own.resolve());',
		'',
	],
	[
		'who hung up is carried',
		'flow',
		'[carrier, ...next.held].filter(isWanted)',
		'[carrier, ...next.held]',
	],
	[
		'held ones lost with the sender of their carrier',
		'flow',
		'if (members.length === 0)',
		'if (!isWanted(carrier))',
	],
	[
		'held ones never answered',
		'flow',
		'void carrier.reception.responded.then((isAccepted) => next.accepted.resolve(isAccepted));',
		'',
	],
	[
		'held ones acknowledged too early',
		'flow',
		'return { accepted: next.accepted.promise };',
		'return { accepted: Promise.resolve(true) };',
	],
	['held ones not carried', 'flow', '[carrier, ...next.held]', '[carrier]'],
	[
		'finished: who hung up is left out',
		'acknowledgement',
		'isWanted: () => true',
		'isWanted: () => !response.destroyed',
	],
	[
		'finished: repeat of an execution that goes on starts another one',
		'acknowledgement',
		'arrived: responded,',
		'arrived: goneOut,',
	],
	[
		'finished: next execution waits for ever',
		'acknowledgement',
		'Promise.race([responded, sleep(MAX_WAIT_FOR_WORKFLOW_MS)])',
		'responded',
	],
	[
		'finished: executions at the same time',
		'acknowledgement',
		'Promise.race([responded, sleep(MAX_WAIT_FOR_WORKFLOW_MS)])',
		'sleep(0)',
	],
	[
		"n8n's response missed after a sender hung up",
		'acknowledgement',
		'!response.writableEnded',
		'false',
	],
	[
		'both choices have one address',
		'endpoint',
		'otherTarget: targetOf(other)',
		'otherTarget: targetOf(own)',
	],
	[
		'the choice is ignored',
		'endpoint',
		"options.acknowledge === 'finished'",
		'options.acknowledge === undefined',
	],
	['held without bound', 'flow', 'next.held.length >= MAX_HELD', 'next.held.length < 0'],
	['all wait inside', 'flow', 'if (this.next) {', 'if (this.next && this.inside < 0) {'],
	['executions at the same time', 'flow', 'Promise.all([this.underWay, ', 'Promise.all(['],
	['one per answer at the same time', 'flow', 'await before;', ''],
	['inside without bound', 'flow', 'this.inside >= MAX_INSIDE', 'this.inside < 0'],
	['a queue never gets shorter', 'flow', 'this.inside -= 1;', ''],
	[
		'one who hung up ends the queue',
		'flow',
		/own\.resolve\(\);\s*return 'refused'/,
		"return 'refused'",
	],
	['window ignored', 'flow', 'windowMs > 0 && sleep(windowMs)', 'windowMs'],
	['all triggers share a flow', 'handler', 'flowOf(triggerKey(this))', "flowOf('')"],
	[
		'memory without bound',
		'../shared/expiringMap',
		'this.entries.size <= this.maxSize',
		'this.entries.size > 0',
	],
	['prototype keys kept', '../callbacks/body', "key === '__proto__'", "key === '__never__'"],
];

const copy = mkdtempSync(join(tmpdir(), 'receiver-mutations-'));
for (const name of [
	'nodes',
	'credentials',
	'sandbox/simulator',
	'test',
	'package.json',
	'jest.config.js',
	'tsconfig.json',
	'tsconfig.test.json',
]) {
	cpSync(join(root, name), join(copy, name), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** The names of the tests that fail; a file that does not compile counts by its name. */
function failing() {
	const output = join(copy, 'result.json');
	const args = [
		'node_modules/jest/bin/jest.js',
		'--json',
		`--outputFile=${output}`,
		// A test that fails may leave a connection open.
		'--forceExit',
		'--selectProjects',
		'unit',
		'integration',
		'--testPathPattern',
		process.argv[3] ??
			'unit/(callbacks|trigger|nodes/trigger)|integration/(hostile|lifecycle/(rotation|acknowledge))',
	];
	spawnSync(process.execPath, args, {
		cwd: copy,
		env: { ...process.env, HOSTILE_SEED: '7', HOSTILE_CASES: '10000' },
	});
	const { testResults } = JSON.parse(readFileSync(output, 'utf8'));
	return testResults.flatMap(({ assertionResults, name, status }) =>
		assertionResults.length === 0 && status === 'failed'
			? [`cannot run ${name.slice(copy.length + 1)}`]
			: assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName),
	);
}

function readSource([name, file, from, to]) {
	const path = join(copy, folder, `${file}.ts`);
	const source = readFileSync(path, 'utf8');
	const broken = source.replace(from, () => to);
	if (broken === source) throw new Error(`Nothing to break for '${name}' in ${file}.ts`);
	return { name, path, source, broken };
}

const unnoticed = [];
const mutations = MUTATIONS.map(readSource).filter(({ name }) =>
	new RegExp(process.argv[2] ?? '').test(name),
);
const before = failing();
if (before.length > 0) throw new Error(`The tests fail already: ${before.join('; ')}`);
for (const { name, path, source, broken } of mutations) {
	writeFileSync(path, broken);
	const noticed = failing();
	writeFileSync(path, source);
	if (noticed.length === 0) unnoticed.push(name);
	console.log(
		`${noticed.length === 0 ? 'UNNOTICED' : `${noticed.length} red`}  ${name}: ${
			noticed
				.filter((test) => !test.startsWith('hostile'))
				.slice(0, 2)
				.join(' | ') || noticed[0]
		}`,
	);
}
rmSync(copy, { recursive: true });
process.exit(unnoticed.length === 0 ? 0 : 1);
