import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const workflows = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const files = await readdir(workflows);

const read = async (file: string) => await readFile(`${workflows}${file}`, 'utf8');

/** The lines of a workflow file without comment lines. */
const lines = async (file: string) =>
	(await read(file)).split('\n').filter((line) => !line.trim().startsWith('#'));

/** Whether an action is pinned to a full commit, with its version in a comment. */
const isPinned = (line: string) =>
	/uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line);

describe.each(files)('.github/workflows/%s', (file) => {
	it('a GitHub workflow names each action by its commit', async () => {
		const uses = (await lines(file)).filter((line) => line.includes('uses:'));
		expect(uses.length).toBeGreaterThan(0);
		expect(uses.filter((line) => !isPinned(line))).toEqual([]);
	});

	it('the expressions of a GitHub workflow are intact', async () => {
		const text = await read(file);
		const expressions = text.match(/\$\{\{ [\w.-]+ \}\}/g) ?? [];
		expect(expressions.length).toBeGreaterThan(0);
		expect(text.match(/\$\{?\{?/g)).toHaveLength(
			expressions.length + (text.match(/\$\(|\$[A-Z]/g) ?? []).length,
		);
		expect(text).not.toMatch(/: *\$\{[^{]|: *\$ *$/m);
	});

	it('a GitHub workflow is indented as YAML requires, without tabs', async () => {
		for (const line of await lines(file)) {
			expect(line).not.toContain('\t');
			expect((/^ */.exec(line)?.[0].length ?? 0) % 2).toBe(0);
		}
	});

	it('a GitHub workflow lets its jobs only read by default and uses no secrets', async () => {
		const text = await read(file);
		expect(text).toMatch(/^permissions:( \{\}|\n {2}contents: read)$/m);
		expect(text).not.toMatch(/secrets\.|write-all|pull_request_target/);
	});
});

it.each(['ci.yml', 'publish.yml'])('%s runs all checks', async (file) => {
	expect(await read(file)).toMatch(/^ +- run: \.ci\/run$/m);
});

it('only publish.yml has id-token: write, and it waits for the checks', async () => {
	const withToken = [];
	for (const file of files) if (/id-token: write/.test(await read(file))) withToken.push(file);
	expect(withToken).toEqual(['publish.yml']);
	const text = await read('publish.yml');
	expect(text).toMatch(/^ +- run: npm publish --provenance --access public/m);
	expect(text).toMatch(/^ {2}publish:\n(.+\n)+? {4}needs: check$/m);
	expect(text.match(/id-token: write/g)).toHaveLength(1);
});

it('the check that actions are named by their commit can fail', () => {
	const commit = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';
	expect(isPinned(`- uses: actions/checkout@${commit} # v6.0.2`)).toBe(true);
	for (const version of ['v6', 'v6.0.2', commit, `${commit.slice(1)} # v6.0.2`]) {
		expect(isPinned(`- uses: actions/checkout@${version}`)).toBe(false);
	}
});
