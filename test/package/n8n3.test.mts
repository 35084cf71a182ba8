import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXAMPLES, readExample } from '../../sandbox/demo/setup.mts';
import type { WorkflowFile, WorkflowNode } from '../../sandbox/n8n/types.mts';

const root = new URL('../../', import.meta.url);

interface Removed {
	what: string;
	/** How a page, a note or an expression names it. */
	words?: RegExp;
	/** Whether a node of a workflow is or uses it. */
	isUsedBy?: (node: WorkflowNode, outputs: number) => boolean;
	/** What must be recognized. */
	text?: string;
	node?: Partial<WorkflowNode>;
}

const ofType =
	(type: string) =>
	(node: WorkflowNode): boolean =>
		node.type === type;

const removedNode = (name: string, type: string, words = new RegExp(`\\b${name}\\b`)): Removed => ({
	what: `the node ${name}`,
	words,
	isUsedBy: ofType(type),
	text: `Add the *${name}* node`,
	node: { type },
});

const AGENT = '@n8n/n8n-nodes-langchain.agent';
const EXECUTE_WORKFLOW = 'n8n-nodes-base.executeWorkflow';

/** From n8n's page "n8n 3.0 breaking changes": what a workflow or a page could use. */
const REMOVED: Removed[] = [
	removedNode('Function', 'n8n-nodes-base.function', /\bFunction\W+node\b|\bnode\W+Function\b/),
	removedNode('Function Item', 'n8n-nodes-base.functionItem'),
	removedNode('Item Lists', 'n8n-nodes-base.itemLists'),
	removedNode('LangChain Code', '@n8n/n8n-nodes-langchain.code'),
	removedNode('AI Transform', 'n8n-nodes-base.aiTransform'),
	{
		what: 'version 1 of AI Agent',
		words: /\b(Conversational|OpenAI Functions|Plan and Execute|ReAct|SQL) Agent\b/,
		isUsedBy: (node) => ofType(AGENT)(node) && node.typeVersion < 2,
		text: 'Choose *Conversational Agent*',
		node: { type: AGENT, typeVersion: 1.9 },
	},
	{
		what: 'Run once for each item of Execute Workflow',
		// The mode of the Code node, which stays, has capital letters.
		words: /Run once for each item/,
		isUsedBy: (node) => ofType(EXECUTE_WORKFLOW)(node) && node.parameters.mode === 'each',
		text: 'Choose *Run once for each item*',
		node: { type: EXECUTE_WORKFLOW, parameters: { mode: 'each' } },
	},
	{
		what: 'an empty item on one of several outputs by Always Output Data',
		isUsedBy: (node, outputs) => node.alwaysOutputData === true && outputs > 1,
		node: { type: 'n8n-nodes-base.switch', alwaysOutputData: true },
	},
	{ what: '$getPairedItem', words: /\$getPairedItem/, text: '{{ $getPairedItem(0) }}' },
	{ what: 'the import from a URL', words: /Import from URL/i, text: '**⋯** > **Import from URL**' },
	{
		what: 'manual executions on the main process of queue mode',
		words: /OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS/,
		text: '`OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS=false`',
	},
	{
		what: 'binary data in memory',
		words: /N8N_DEFAULT_BINARY_DATA_MODE\W+default\b/,
		text: '`N8N_DEFAULT_BINARY_DATA_MODE=default`',
	},
	{ what: 'the folder binaryData', words: /\.n8n\/binaryData/, text: '`~/.n8n/binaryData`' },
	{
		what: 'n8n from npm',
		words: /\b(npx|npm (i|install|add)( -g| --global)?) n8n(?![-\w])/,
		text: '`npm install -g n8n`',
	},
];

const inText = (text: string) =>
	REMOVED.filter(({ words }) => words?.test(text)).map(({ what }) => what);

const inWorkflow = (workflow: WorkflowFile) => [
	...inText(JSON.stringify(workflow)),
	...workflow.nodes.flatMap((node) => {
		const outputs = workflow.connections[node.name]?.main?.length ?? 1;
		const used = REMOVED.filter(({ isUsedBy }) => isUsedBy?.(node, outputs));
		return used.map(({ what }) => `${node.name}: ${what}`);
	}),
];

const markdownIn = async (folder: string) =>
	(await readdir(fileURLToPath(new URL(folder, root))))
		.filter((file) => file.endsWith('.md'))
		.map((file) => `${folder}${file}`);

const readPage = async (page: string) => await readFile(new URL(page, root), 'utf8');

it.each(EXAMPLES)('The example %s uses nothing that n8n 3 has removed', async (name) => {
	expect(inWorkflow(await readExample(name))).toEqual([]);
});

it.each([...(await markdownIn('./')), ...(await markdownIn('docs/'))])(
	'%s tells the reader to use nothing that n8n 3 has removed',
	async (page) => {
		expect(inText(await readPage(page))).toEqual([]);
	},
);

it.each(REMOVED)('In an example and on a page, $what is recognized', async (removed) => {
	const { what, text, node } = removed;
	const workflow = await readExample('check-contacts');
	const [first] = workflow.nodes;
	if (text) {
		expect(inText(`${await readPage('README.md')}\n${text}\n`)).toEqual([what]);
		const note = { ...first, parameters: { content: text } };
		expect(inWorkflow({ ...workflow, nodes: [...workflow.nodes, note] })).toEqual([what]);
	}
	if (node) {
		const added = { ...first, name: 'Added', parameters: {}, ...node };
		const connections = { ...workflow.connections, Added: { main: [[], []] } };
		expect(inWorkflow({ ...workflow, connections, nodes: [...workflow.nodes, added] })).toEqual([
			`Added: ${what}`,
		]);
	}
});

it('What only resembles something that n8n 3 has removed is not taken for removed', async () => {
	const workflow = await readExample('check-contacts');
	const [first] = workflow.nodes;
	const nodes = [
		{ type: 'n8n-nodes-base.code', parameters: { mode: 'runOnceForEachItem' } },
		{ type: AGENT, typeVersion: 3 },
		{ type: EXECUTE_WORKFLOW, parameters: { mode: 'once' } },
		{ type: 'n8n-nodes-base.dataTable', alwaysOutputData: true },
	].map((node, index) => ({ ...first, name: `Added ${index}`, parameters: {}, ...node }));
	expect(inWorkflow({ ...workflow, nodes: [...workflow.nodes, ...nodes] })).toEqual([]);
	expect(inText('*Run Once for Each Item*, `npm install n8n-nodes-sinch-capability`')).toEqual([]);
});
