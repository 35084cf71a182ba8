import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXAMPLES, readExample } from '../../sandbox/demo/setup.mts';
import type { WorkflowFile, WorkflowNode } from '../../sandbox/n8n/types.mts';

const root = new URL('../../', import.meta.url);

/** Nodes, and settings of nodes, that n8n 3 has removed. */
const removedNode = ({ type, typeVersion, parameters }: WorkflowNode): boolean =>
	/^n8n-nodes-base\.(function|functionItem|itemLists)$/.test(type) ||
	(type === '@n8n/n8n-nodes-langchain.agent' && typeVersion < 2) ||
	(type === 'n8n-nodes-base.executeWorkflow' && parameters.mode === 'each');

/** What n8n 3 has removed, by the words that a workflow or a page would use for it. */
const REMOVED = [
	/\$getPairedItem/,
	/\bFunction Item\b|\bItem Lists\b/,
	/Import from URL/i,
	/Run once for each item/i,
	/N8N_DEFAULT_BINARY_DATA_MODE=default/,
	/\.n8n\/binaryData/,
];

const removedIn = (text: string) => REMOVED.filter((words) => words.test(text)).map(String);

it.each(EXAMPLES)('The example %s uses nothing that n8n 3 has removed', async (name) => {
	const workflow = await readExample(name);
	expect(workflow.nodes.filter(removedNode).map((node) => node.name)).toEqual([]);
	expect(removedIn(JSON.stringify(workflow))).toEqual([]);
});

const docs = (await readdir(fileURLToPath(new URL('docs/', root)))).map((file) => `docs/${file}`);

it.each(['README.md', ...docs.filter((file) => file.endsWith('.md'))])(
	'%s tells the reader to use nothing that n8n 3 has removed',
	async (page) => {
		expect(removedIn(await readFile(new URL(page, root), 'utf8'))).toEqual([]);
	},
);

it('The check for what n8n 3 has removed recognizes each of these', () => {
	const node = (type: string, typeVersion = 1, parameters = {}) =>
		removedNode({ type, typeVersion, parameters } as WorkflowFile['nodes'][number]);
	expect([
		node('n8n-nodes-base.function'),
		node('n8n-nodes-base.functionItem'),
		node('n8n-nodes-base.itemLists', 3.1),
		node('@n8n/n8n-nodes-langchain.agent', 1.9),
		node('n8n-nodes-base.executeWorkflow', 1.2, { mode: 'each' }),
	]).toEqual([true, true, true, true, true]);
	expect([
		node('n8n-nodes-base.code', 2),
		node('@n8n/n8n-nodes-langchain.agent', 3),
		node('n8n-nodes-base.executeWorkflow', 1.2, { mode: 'once' }),
	]).toEqual([false, false, false]);
	const texts = [
		'{{ $getPairedItem(0) }}',
		'the node Item Lists',
		'choose Import from URL',
		'Run once for each item',
		'N8N_DEFAULT_BINARY_DATA_MODE=default',
		'~/.n8n/binaryData',
	];
	expect(texts.map((text) => removedIn(text).length)).toEqual([1, 1, 1, 1, 1, 1]);
});
