/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';

const NODES = 'nodes/SinchCapability';

/** The folders in the order of the map in CONTRIBUTING; those that share a row share a rank. */
const rows = readFileSync('CONTRIBUTING.md', 'utf8')
	.split('\n')
	.filter((line) => line.startsWith(`| \`${NODES}/`) && !line.includes('__schema__'))
	.map((line) => [...(line.split('|')[1] ?? '').matchAll(/`(?:nodes\/SinchCapability\/)?(\w*)/g)])
	.map((names) => names.map(([, name = '']) => name));

const importsOf = new Map(
	readdirSync(NODES, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => [
			file,
			[...readFileSync(`${NODES}/${file}`, 'utf8').matchAll(/ from '(\.[^']*)'/g)].map(
				([, path = '']) => relative(NODES, resolve(NODES, dirname(file), `${path}.ts`)),
			),
		]),
);

const rankOf = (file: string): number => {
	const [folder, ...inside] = file.split('/');
	return rows.findIndex((names) => names.includes(inside.length > 0 ? `${folder}` : ''));
};

/** Whether a file imports itself, through others. */
function isInCircle(file: string): boolean {
	const reached = new Set<string>();
	const next = [...(importsOf.get(file) ?? [])];
	for (let one = next.pop(); one !== undefined; one = next.pop()) {
		if (!reached.has(one)) {
			reached.add(one);
			next.push(...(importsOf.get(one) ?? []));
		}
	}
	return reached.has(file);
}

it('every folder of shipped code is in the map of CONTRIBUTING', () => {
	expect([...importsOf.keys()].filter((file) => rankOf(file) < 0)).toEqual([]);
});

it('shipped code imports only from its own row of the map or from one below', () => {
	const upward = [...importsOf].flatMap(([file, imports]) =>
		imports.filter((one) => rankOf(one) < rankOf(file)).map((one) => `${file} → ${one}`),
	);
	expect(upward).toEqual([]);
});

it('no file of shipped code imports itself through others', () => {
	expect(importsOf.size).toBeGreaterThan(0);
	expect([...importsOf.keys()].filter(isInCircle)).toEqual([]);
});
