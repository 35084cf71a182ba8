import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
	filesIn,
	load,
	manifest,
	packAndInstall,
	PROJECT_FOLDER,
	type Packed,
} from './support.mts';

const LIMIT_MS = 300_000;

/** Slightly more than the package needs; a screenshot would exceed it. */
const MAX_TARBALL_BYTES = 200_000;

let packed: Packed;
let shipped: string[];

beforeAll(async () => {
	packed = await packAndInstall();
	shipped = await filesIn(packed.installed);
}, LIMIT_MS);

afterAll(async () => await packed?.end());

/** Only what is compiled from the sources. */
async function expectedFiles(): Promise<string[]> {
	const compiled = await Promise.all(
		['credentials', 'nodes'].map(async (folder) =>
			(await filesIn(join(PROJECT_FOLDER, folder))).flatMap((file) => {
				const path = `dist/${folder}/${file}`;
				if (!file.endsWith('.ts')) return [path];
				const base = path.replace(/\.ts$/, '');
				return [`${base}.js`, `${base}.js.map`, `${base}.d.ts`];
			}),
		),
	);
	const icons = (await filesIn(join(PROJECT_FOLDER, 'icons'))).map((file) => `dist/icons/${file}`);
	const texts = ['CHANGELOG.md', 'LICENSE.md', 'README.md', 'package.json'];
	return [...texts, ...icons, ...compiled.flat()].sort();
}

it('the installed package has every file that belongs to it and no other', async () => {
	expect(shipped).toEqual(await expectedFiles());
	expect(shipped.filter((file) => /\.(png|tsbuildinfo)$|test|example|sandbox/i.test(file))).toEqual(
		[],
	);
});

it('the tarball is smaller than its limit', async () => {
	const { size } = await stat(packed.tarball);
	process.stderr.write(`The tarball: ${shipped.length} files, ${size} bytes\n`);
	expect(size).toBeLessThan(MAX_TARBALL_BYTES);
});

it('the installed package brings no other package with it', async () => {
	const folder = join(packed.installed, '..');
	const others = (await filesIn(folder)).filter(
		(file) => !file.startsWith(`${manifest.name}/`) && file !== '.package-lock.json',
	);
	expect(others).toEqual([]);
});

const files = [...manifest.n8n.nodes, ...manifest.n8n.credentials];

it('the installed package has the same nodes and credentials as the source, in every property', async () => {
	const [fromTarball, fromSource] = await Promise.all([
		load(packed.installed, files),
		load(PROJECT_FOLDER, files),
	]);
	expect(fromTarball).toEqual(fromSource);
	expect(fromTarball.map(({ className }) => className)).toEqual([
		'SinchCapability',
		'SinchCapabilityTrigger',
		'SinchConversationApi',
	]);
	for (const { instance } of fromTarball)
		expect(JSON.stringify(instance)).toContain('"properties"');
});

it('the installed package has the nodes and the credential that the README names', async () => {
	const loaded = await load(packed.installed, files);
	const named = loaded.map(({ name, displayName, version }) => [name, displayName, version]);
	expect(named).toEqual([
		['sinchCapability', 'Sinch Capability', 1],
		['sinchCapabilityTrigger', 'Sinch Capability Trigger', 1],
		['sinchConversationApi', 'Sinch Conversation API', undefined],
	]);
	const readme = await readFile(join(packed.installed, 'README.md'), 'utf8');
	for (const { displayName } of loaded) expect(readme).toContain(`**${displayName}**`);
});

it("the installed nodes are in categories that n8n's reviewers accept", async () => {
	const codexFiles = shipped.filter((file) => file.endsWith('.node.json'));
	expect(codexFiles).toHaveLength(2);
	for (const file of codexFiles) {
		const codex = JSON.parse(await readFile(join(packed.installed, file), 'utf8')) as object;
		expect(codex).toMatchObject({
			codexVersion: '1.0',
			categories: ['Communication', 'Marketing & Content'],
		});
	}
});

it('the installed package has the icons of both themes where its classes look for them', async () => {
	for (const [index, { icon }] of (await load(packed.installed, files)).entries()) {
		const folder = dirname(join(packed.installed, files[index]!));
		const paths = [icon.light, icon.dark].map((path) => join(folder, path!.replace('file:', '')));
		expect(paths.filter((path) => !existsSync(path))).toEqual([]);
	}
});

it("package.json keeps n8n's rules for community nodes", () => {
	expect(manifest).toMatchObject({
		name: expect.stringMatching(/^n8n-nodes-/) as string,
		version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
		license: 'MIT',
		files: ['dist', 'CHANGELOG.md'],
		peerDependencies: { 'n8n-workflow': '*' },
		n8n: { n8nNodesApiVersion: 1, strict: true },
	});
	expect(manifest.keywords).toContain('n8n-community-node-package');
	expect(manifest.repository.url).toMatch(/^git\+https:\/\/github\.com\/.+\.git$/);
	for (const forbidden of ['dependencies', 'optionalDependencies', 'bundledDependencies']) {
		expect(manifest).not.toHaveProperty(forbidden);
	}
	const onInstall = ['preinstall', 'install', 'postinstall', 'prepare'];
	expect(Object.keys(manifest.scripts).filter((name) => onInstall.includes(name))).toEqual([]);
});

it('CHANGELOG.md begins with this version or with what is unreleased, and dates every version', async () => {
	const changes = await readFile(join(PROJECT_FOLDER, 'CHANGELOG.md'), 'utf8');
	const [first, ...others] = [...changes.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title);
	const dated = /^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/;
	expect(others.filter((title) => !dated.test(title))).toEqual([]);
	if (first !== '[Unreleased]') {
		expect(first).toMatch(dated);
		expect(first).toContain(`[${manifest.version}]`);
	}
});
