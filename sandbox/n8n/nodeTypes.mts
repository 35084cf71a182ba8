import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { N8nInstallation } from './install.mts';
import type { NodeTypeDescription } from './types.mts';

/** The packages of n8n's built-in nodes. */
const OWN_PACKAGES = ['n8n-nodes-base', '@n8n/n8n-nodes-langchain'];

/** The versions of each node type, by its full name. */
export function versionsOf(types: NodeTypeDescription[]): Map<string, number[]> {
	const known = new Map<string, number[]>();
	for (const { name, version } of types) {
		known.set(name, [...(known.get(name) ?? []), ...[version].flat()]);
	}
	return known;
}

/** The versions of each built-in node type of an n8n, read from its files, without running it. */
export async function ownNodes({ folder }: N8nInstallation): Promise<Map<string, number[]>> {
	const types = OWN_PACKAGES.map(async (name) => {
		const file = join(folder, 'node_modules', name, 'dist', 'types', 'nodes.json');
		const list = JSON.parse(await readFile(file, 'utf8')) as NodeTypeDescription[];
		return list.map((type) => ({ ...type, name: `${name}.${type.name}` }));
	});
	return versionsOf((await Promise.all(types)).flat());
}
