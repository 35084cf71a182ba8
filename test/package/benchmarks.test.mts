import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { withTables } from '../../bench/support/pageTables.mts';
import { readResults } from '../../bench/support/results.mts';

const page = async () =>
	await readFile(fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url)), 'utf8');

it('the tables of the benchmarks are those of the kept results: npm run bench:plots makes them', async () => {
	const text = await page();
	expect(withTables(text, await readResults())).toBe(text);
});

it('a changed result changes the tables of the benchmarks', async () => {
	const results = await readResults();
	const [first, ...others] = results.jobs;
	const changed = { ...results, jobs: [{ ...first, seconds: first.seconds + 1 }, ...others] };
	expect(withTables(await page(), changed)).not.toBe(await page());
});
