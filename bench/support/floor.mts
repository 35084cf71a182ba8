import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../../sandbox/n8n/npm.mts';

export const FLOOR_TYPE = 'n8n-nodes-bench-floor.benchFloor';

/** The smallest possible community trigger: no checks, and the parsed body as its item. */
const NODE = `exports.BenchFloor = class BenchFloor {
	description = {
		displayName: 'Bench Floor',
		name: 'benchFloor',
		group: ['trigger'],
		version: 1,
		description: 'Verifies nothing',
		defaults: { name: 'Bench Floor' },
		inputs: [],
		outputs: ['main'],
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				responseData: '',
				path: 'floor',
			},
		],
		properties: [],
	};

	async webhook() {
		return { workflowData: [[{ json: this.getBodyData() }]] };
	}
};
`;

const MANIFEST = {
	name: 'n8n-nodes-bench-floor',
	version: '1.0.0',
	keywords: ['n8n-community-node-package'],
	files: ['BenchFloor.node.js'],
	n8n: { n8nNodesApiVersion: 1, nodes: ['BenchFloor.node.js'] },
};

/**
 * Creates its package in a folder and installs it in n8n, next to the packages already there.
 */
export async function installFloor(folder: string, userFolder: string): Promise<void> {
	const source = join(folder, 'floor');
	await mkdir(source);
	await writeFile(join(source, 'package.json'), JSON.stringify(MANIFEST));
	await writeFile(join(source, 'BenchFloor.node.js'), NODE);
	const failure = 'The smallest trigger could not be packed or installed';
	const options = { limit: 60, failure };
	const packed = await npm(['pack', '--json', '--pack-destination', folder], {
		...options,
		cwd: source,
	});
	const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
	await npm(
		['install', join(folder, filename), '--ignore-scripts', '--omit=dev', '--legacy-peer-deps'],
		{ ...options, cwd: join(userFolder, '.n8n', 'nodes') },
	);
}
