/**
 * Breaks the action side on purpose, one small change at a time and in a copy, and says which changes
 * no test notices: `node test/mutations/actions.mjs [--sample 60] [--seed 1] [--file transport/pace]
 * [--tests unit]`.
 * The changes are made by rule from the syntax of every file, so nothing here follows the code. Ends
 * with 1 when fewer than 90 % are noticed; whether a survivor changes anything is for a person to say.
 */
import { spawnSync } from 'node:child_process';
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const GOAL = 0.9;
const LIMIT_MS = 900_000;
const root = fileURLToPath(new URL('../../', import.meta.url));
const FOLDERS = ['actions', 'methods', 'parameters', 'results', 'sinch', 'shared', 'transport'].map(
	(name) => join('nodes', 'SinchCapability', name),
);

const { values } = parseArgs({
	options: {
		sample: { type: 'string', default: '60' },
		seed: { type: 'string', default: '1' },
		file: { type: 'string', default: '' },
		tests: { type: 'string', default: 'unit,integration' },
	},
});

const OPERATORS = new Map([
	[ts.SyntaxKind.EqualsEqualsEqualsToken, '!=='],
	[ts.SyntaxKind.ExclamationEqualsEqualsToken, '==='],
	[ts.SyntaxKind.LessThanToken, '>='],
	[ts.SyntaxKind.LessThanEqualsToken, '<'],
	[ts.SyntaxKind.GreaterThanToken, '<='],
	[ts.SyntaxKind.GreaterThanEqualsToken, '>'],
	[ts.SyntaxKind.AmpersandAmpersandToken, '||'],
	[ts.SyntaxKind.BarBarToken, '&&'],
	[ts.SyntaxKind.PlusToken, '-'],
	[ts.SyntaxKind.MinusToken, '+'],
	[ts.SyntaxKind.AsteriskToken, '/'],
	[ts.SyntaxKind.SlashToken, '*'],
]);

/** Every change to one file: where, and what stands there instead. */
function changesOf(path) {
	const text = readFileSync(path, 'utf8');
	const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
	const changes = [];
	const add = (node, to) =>
		changes.push({
			path,
			start: node.getStart(source),
			end: node.getEnd(),
			from: node.getText(source),
			to,
			line: source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1,
		});
	const visit = (node, inFunction) => {
		// What stands outside functions is form and tables, whose tests are those of the description.
		const inside = inFunction || ts.isFunctionLike(node);
		if (inside) {
			if (ts.isIfStatement(node)) {
				add(node.expression, 'true');
				add(node.expression, 'false');
			}
			if (ts.isConditionalExpression(node)) add(node.condition, `!(${node.condition.getText()})`);
			if (ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.kind)) {
				const isText = [node.left, node.right].some(ts.isStringLiteralLike);
				if (!isText || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) {
					add(node.operatorToken, OPERATORS.get(node.operatorToken.kind));
				}
			}
			if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
				add(node, node.operand.getText());
			}
			if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, 'false');
			if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, 'true');
			if (ts.isExpressionStatement(node)) add(node, ';');
			if (ts.isThrowStatement(node)) add(node, ';');
			if (ts.isCallExpression(node) && node.arguments.length === 0) {
				const { expression } = node;
				if (ts.isPropertyAccessExpression(expression) && expression.name.text === 'trim') {
					add(node, expression.expression.getText());
				}
			}
		}
		if (!ts.isTypeNode(node)) ts.forEachChild(node, (child) => visit(child, inside));
	};
	visit(source, false);
	return changes;
}

/** A few of the list, the same for the same seed. */
function sampleOf(list, size, seed) {
	let state = seed >>> 0;
	const next = () => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return state / 2 ** 32;
	};
	const rest = [...list];
	const chosen = [];
	while (rest.length > 0 && chosen.length < size) {
		chosen.push(...rest.splice(Math.floor(next() * rest.length), 1));
	}
	return chosen;
}

const filesIn = (folder) =>
	readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
		.map((entry) => join(entry.parentPath ?? entry.path, entry.name));

const copy = mkdtempSync(join(tmpdir(), 'action-mutations-'));
process.once('exit', () => rmSync(copy, { recursive: true, force: true }));
for (const name of [
	...['nodes', 'credentials', 'icons', 'sandbox/simulator', 'test', 'package.json'],
	...['jest.config.js', 'tsconfig.json', 'tsconfig.test.json'],
]) {
	cpSync(join(root, name), join(copy, name), { recursive: true });
}
symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));

/** @returns undefined when all tests that reach the files pass, else what failed */
function noticedBy(...paths) {
	const args = [
		...['node_modules/jest/bin/jest.js', '--bail', '1', '--forceExit'],
		...['--selectProjects', ...values.tests.split(',')],
		...[
			'--testPathIgnorePatterns',
			'node_modules',
			'hostile',
			'lifecycle',
			'integration/simulator',
		],
		...['--findRelatedTests', ...paths],
	];
	// With --bail, Jest ends before it writes a result file: its exit code and its text say the rest.
	const options = { cwd: copy, timeout: LIMIT_MS, encoding: 'utf8' };
	const { status, stderr } = spawnSync(process.execPath, args, options);
	if (status === 0) return undefined;
	return /● (.+)/.exec(stderr)?.[1].trim() ?? 'the tests came to no end';
}

const all = [
	...FOLDERS.flatMap((folder) => filesIn(join(copy, folder))),
	...filesIn(join(copy, 'credentials')),
]
	.filter((path) => path.includes(values.file))
	.flatMap(changesOf);
const chosen = sampleOf(all, Number(values.sample), Number(values.seed));
console.log(`${chosen.length} of ${all.length} changes, seed ${values.seed}`);

const before = noticedBy(...new Set(chosen.map(({ path }) => path)));
if (before) throw new Error(`The tests fail already: ${before}`);

let noticed = 0;
for (const [index, { path, start, end, from, to, line }] of chosen.entries()) {
	const source = readFileSync(path, 'utf8');
	writeFileSync(path, source.slice(0, start) + to + source.slice(end));
	const by = noticedBy(path);
	writeFileSync(path, source);
	if (by) noticed += 1;
	const what = `${relative(copy, path)}:${line}  ${from.replace(/\s+/g, ' ').slice(0, 70)} → ${to}`;
	console.log(`${by ? 'noticed  ' : 'UNNOTICED'}  ${what}${by ? `  (${by})` : ''}`);
	console.log(`           ${noticed} of ${index + 1}`);
}
process.exitCode = noticed / chosen.length >= GOAL ? 0 : 1;
