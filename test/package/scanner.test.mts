import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packAndInstall, PROJECT_FOLDER, type Packed } from './support.mts';

const LIMIT_MS = 300_000;

/** What the official scanner looks at in a source tree, with the icons that it names. */
const SCANNED = ['package.json', 'credentials', 'icons', 'nodes'];

/** The patterns of the two runs that it makes for a published package. */
const PATTERNS = { source: 'SOURCE_FILE_PATTERNS', package: "['**/*.js', 'package.json']" };

interface Analysis {
	/** What `analyzePackage` itself says; it minds errors only. */
	passed: boolean;
	details?: string;
	/** The same rules on the same files once more, to count the warnings too, if asked for. */
	files: number;
	errors: number;
	warnings: number;
}

/**
 * The official scanner's verdict on a folder, from a process of its own: ESLint loads its
 * configuration in ways that the test runner's module loader does not know.
 */
async function analyze(
	folder: string,
	kind: keyof typeof PATTERNS,
	isCounting = false,
): Promise<Analysis> {
	const script = `
		import * as scanner from '@n8n/scan-community-package/scanner/scanner.mjs';
		import { createRequire } from 'node:module';
		const { analyzePackage, buildScanConfig, SOURCE_FILE_PATTERNS } = scanner;
		const require = createRequire(import.meta.resolve('@n8n/scan-community-package/scanner/scanner.mjs'));
		const { ESLint } = require('eslint');
		const cwd = ${JSON.stringify(folder)};
		const patterns = ${PATTERNS[kind]};
		const { passed, details } = await analyzePackage(cwd, patterns);
		const eslint = new ESLint({
			cwd,
			allowInlineConfig: false,
			overrideConfigFile: true,
			overrideConfig: await buildScanConfig(),
		});
		const results = ${isCounting} ? await eslint.lintFiles(patterns) : [];
		const sum = (count) => results.reduce((total, result) => total + result[count], 0);
		const counts = { files: results.length, errors: sum('errorCount'), warnings: sum('warningCount') };
		console.log('\\n' + JSON.stringify({ passed, details, ...counts }));
	`;
	const { stdout } = await execa('node', ['--input-type=module', '--eval', script], {
		cwd: PROJECT_FOLDER,
		// With the test runner's own value the rules take every file for one of their examples.
		env: { NODE_ENV: 'production' },
	});
	return JSON.parse(stdout.trim().split('\n').at(-1)!) as Analysis;
}

let packed: Packed;
let copy: string;

beforeAll(async () => {
	packed = await packAndInstall();
	copy = await mkdtemp(join(tmpdir(), 'sinch-scan-'));
	for (const name of SCANNED) {
		await cp(join(PROJECT_FOLDER, name), join(copy, name), { recursive: true });
	}
}, LIMIT_MS);

afterAll(async () => {
	await packed?.end();
	if (copy) await rm(copy, { recursive: true });
});

const clean = { passed: true, errors: 0, warnings: 0 };

it(
	"n8n's official scanner finds nothing in the source",
	async () => {
		const { files, ...verdict } = await analyze(copy, 'source', true);
		expect(verdict).toEqual(clean);
		expect(files).toBeGreaterThan(10);
	},
	LIMIT_MS,
);

it(
	"n8n's official scanner finds nothing in the packed package",
	async () => {
		const { files, ...verdict } = await analyze(packed.installed, 'package', true);
		expect(verdict).toEqual(clean);
		expect(files).toBeGreaterThan(10);
	},
	LIMIT_MS,
);

it(
	"n8n's official scanner would find what is wrong in a source file",
	async () => {
		const file = join(copy, 'nodes/SinchCapability/SinchCapability.node.ts');
		await appendFile(file, '\nconsole.log(process.env.HOME);\n');
		const { passed, details } = await analyze(copy, 'source');
		expect(passed).toBe(false);
		expect(details).toContain('no-console');
		expect(details).toContain('no-restricted-globals');
	},
	LIMIT_MS,
);

it(
	"n8n's official scanner would find what is wrong in a packed file and in the packed package.json",
	async () => {
		const file = join(packed.installed, 'package.json');
		const manifest = JSON.parse(await readFile(file, 'utf8')) as object;
		await writeFile(file, JSON.stringify({ ...manifest, dependencies: { axios: '1.0.0' } }));
		await appendFile(
			join(packed.installed, 'dist/nodes/SinchCapability/SinchCapability.node.js'),
			"\nrequire('node:fs');\n",
		);
		const { passed, details } = await analyze(packed.installed, 'package');
		expect(passed).toBe(false);
		expect(details).toContain('no-restricted-imports');
		expect(details).toContain('package.json');
	},
	LIMIT_MS,
);
