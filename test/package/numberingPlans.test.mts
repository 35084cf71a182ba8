import { readFile } from 'node:fs/promises';
import { file, numberingPlans } from '../../sandbox/numberingPlans.mts';

it('The numbering plans are those of the installed libphonenumber-js', async () => {
	expect((await readFile(file, 'utf8')) === (await numberingPlans())).toBe(true);
});
