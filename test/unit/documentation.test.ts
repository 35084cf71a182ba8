/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const pages = [
	'test/README.md',
	...readdirSync('.').filter((file) => file.endsWith('.md')),
	...readdirSync('docs')
		.filter((file) => file.endsWith('.md'))
		.map((file) => `docs/${file}`),
];

/** The anchors that GitHub gives the headings of a page. */
const anchorsOf = (page: string): string[] =>
	readFileSync(page, 'utf8')
		.split('\n')
		.filter((line) => /^#+ /.test(line))
		.map((line) =>
			line
				.replace(/^#+ /, '')
				.toLowerCase()
				.replace(/[^\p{L}\p{N}_ -]/gu, '')
				.replaceAll(' ', '-'),
		);

/** What a page refers to, without other sites. */
const targetsOf = (text: string): string[] =>
	[...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
		.map(([, link, image]) => link ?? image)
		.filter((target) => !/^https?:/.test(target));

/** Why a target of a page does not exist; undefined if it does. */
function brokenBecause(page: string, target: string): string | undefined {
	const [file, anchor] = target.split('#');
	const path = file ? normalize(join(dirname(page), file)) : page;
	if (!existsSync(path)) {
		return `${page}: there is no file ${path}`;
	}
	return anchor && !anchorsOf(path).includes(anchor)
		? `${page}: ${path} has no heading ${anchor}`
		: undefined;
}

it('every link of a page leads to a file and a heading that exist', () => {
	const broken = pages.flatMap((page) =>
		targetsOf(readFileSync(page, 'utf8')).flatMap((target) => brokenBecause(page, target) ?? []),
	);
	expect(broken).toEqual([]);
});

/** Files with links to this repository's own pages. */
const others = ['.github', 'credentials', 'nodes'].flatMap((folder) =>
	readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.(ts|json|yml|md)$/.test(file))
		.map((file) => `${folder}/${file}`),
);

const OWN_PAGE =
	/n8n-nodes-sinch-capability\/n8n-nodes-sinch-capability(?:\/blob\/main\/([\w./-]+))?(?:#([\w-]+))?/g;

it('every link to a page of this repository leads to a heading that exists', () => {
	const broken = others.flatMap((file) =>
		[...readFileSync(file, 'utf8').matchAll(OWN_PAGE)].flatMap(([, path = 'README.md', anchor]) =>
			anchor === 'readme' ? [] : (brokenBecause('README.md', `${path}#${anchor ?? ''}`) ?? []),
		),
	);
	expect(broken).toEqual([]);
});

/** The cells of each row of a table below a heading, without the table's head. */
const rowsBelow = (page: string, heading: string): string[][] =>
	(readFileSync(page, 'utf8').split(`\n## ${heading}\n`)[1] ?? '')
		.split('\n## ')[0]!
		.split('\n')
		.filter((line) => line.startsWith('|'))
		.slice(2)
		.map((line) => line.split('|').map((cell) => cell.trim()));

it('every situation of a trigger in operation has a test, and each test that is named exists', () => {
	const tested = rowsBelow('test/README.md', 'What proves the advice for a trigger in operation');
	const documented = rowsBelow('docs/troubleshooting.md', 'The trigger in operation');
	expect(tested.map(([, situation]) => situation)).toEqual(
		documented.map(([, situation]) => situation),
	);
	expect(tested.length).toBeGreaterThan(5);
	for (const [, , test = ''] of tested) {
		const [, file, title = ''] = /^`(.+)`: \*(.+)\*$/.exec(test) ?? [];
		const paths = ['ts', 'mts'].map((suffix) => `test/${file}.test.${suffix}`);
		const path = paths.find((one) => existsSync(one));
		expect([test, path && readFileSync(path, 'utf8').includes(title)]).toEqual([test, true]);
	}
});

/** The versions of a package that are installed according to the lock file. */
function lockedVersions(name: string): string[] {
	const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
		packages: Record<string, { version?: string }>;
	};
	return Object.entries(packages)
		.filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
		.map(([, { version = '' }]) => version);
}

const isOf = (version: string, documented: string) => `${version}.`.startsWith(`${documented}.`);

it('each package that the page of dependencies calls older than the newest is used in that version', () => {
	const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
		devDependencies: Record<string, string>;
	};
	const rows = rowsBelow('docs/dependencies.md', 'Older than the newest');
	expect(rows.length).toBeGreaterThan(3);
	for (const [, name = '', staysAt = '', newest = ''] of rows) {
		const version = devDependencies[name.replaceAll('`', '')] ?? 'none';
		expect([name, version, isOf(version, staysAt)]).toEqual([name, version, true]);
		expect([name, isOf(version, newest)]).toEqual([name, false]);
	}
});

it('each package that the page of dependencies calls deprecated is in the lock file', () => {
	const names = rowsBelow('docs/dependencies.md', 'Deprecated').flatMap(([, cell = '']) =>
		[...cell.matchAll(/`([^`]+)`((?: (?:and )?\d+)*)/g)].map(([, name = '', versions = '']) => ({
			name,
			versions: versions.match(/\d+/g) ?? [''],
		})),
	);
	expect(names.length).toBeGreaterThan(3);
	for (const { name, versions } of names) {
		for (const documented of versions) {
			const found = lockedVersions(name).filter(
				(one) => documented === '' || isOf(one, documented),
			);
			expect([name, documented, found.length > 0]).toEqual([name, documented, true]);
		}
	}
});

it('every picture in docs/images is shown on a page', () => {
	const shown = pages.flatMap((page) =>
		targetsOf(readFileSync(page, 'utf8')).map((target) => normalize(join(dirname(page), target))),
	);
	const pictures = readdirSync('docs/images').map((file) => join('docs/images', file));
	expect(pictures.filter((picture) => !shown.includes(picture))).toEqual([]);
});

it('a link to nothing is recognized', () => {
	expect(
		targetsOf('[a](docs/fields.md#recipient) <img src="b.png"> [c](https://example.com)'),
	).toEqual(['docs/fields.md#recipient', 'b.png']);
	expect(brokenBecause('README.md', 'docs/fields.md#recipient')).toBeUndefined();
	expect(brokenBecause('README.md', 'docs/fields.md#nowhere')).toContain('has no heading nowhere');
	expect(brokenBecause('docs/fields.md', 'b.png')).toContain('there is no file docs/b.png');
});
