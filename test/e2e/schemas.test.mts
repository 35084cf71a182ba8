import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ACTION_TYPE, TRIGGER_TYPE } from '../../sandbox/demo/setup.mts';
import { Harness, START_LIMIT_MS } from './support/harness.mts';

const folder = new URL('../../nodes/SinchCapability/__schema__/', import.meta.url);

let harness: Awaited<ReturnType<typeof Harness.anywhere>>;

beforeAll(async () => (harness = await Harness.anywhere()), START_LIMIT_MS);

afterAll(async () => await harness?.stop(), 60_000);

/** Asks n8n as its editor does. */
const served = async (type: string, path: string) =>
	await fetch(`${harness.n8n.url}/schemas/${type}/${path}.json`, {
		headers: { connection: 'close' },
	});

it('n8n serves each output schema at the address that its editor asks for', async () => {
	const files = (await readdir(fileURLToPath(folder), { recursive: true }))
		.map((file) => file.replace(/\\/g, '/'))
		.filter((file) => file.endsWith('.json'));
	expect(files.length).toBeGreaterThan(10);
	for (const file of files) {
		const path = file.replace(/^v/, '').replace(/\.json$/, '');
		const type = path.includes('/') ? ACTION_TYPE : TRIGGER_TYPE;
		const response = await served(type, path);
		expect([file, response.status]).toEqual([file, 200]);
		expect(await response.json()).toEqual(
			JSON.parse(await readFile(new URL(file, folder), 'utf8')),
		);
	}
	expect((await served(ACTION_TYPE, '1.0.0/capability/unknown')).status).toBe(404);
});
