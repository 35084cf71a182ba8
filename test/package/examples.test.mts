import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EXAMPLES, readExample } from '../../sandbox/demo/setup.mts';
import type { WorkflowFile, WorkflowNode } from '../../sandbox/n8n/types.mts';

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

const STICKY = 'n8n-nodes-base.stickyNote';
const AGENT = '@n8n/n8n-nodes-langchain.agent';
const SUB_NODES = /langchain\.(lm|memory)|Tool$/;

/** Pixels of n8n's canvas: a node, what each output above two adds to it, and its name below. */
const NODE = 96;
const AGENT_WIDTH = 256;
const SUB_NODE = 80;
const OUTPUT = 32;
const LABEL = { height: 44, beside: 36 };

interface Note {
	content: string;
	width: number;
	height: number;
	color: number;
}

const YELLOW = 1;

/** Text size of a sticky note, as measured in Chromium: pixels per letter, and heights. */
const TEXT = { letter: 6.6, line: 19, title: 38, heading: 30, blank: 8 };

/** Pixels of an overview below its text. */
const MAX_EMPTY = 50;

/** Beside the text of a note, and below it, with some for wider letters. */
const MARGIN = { beside: 32, below: 30 };

function outputs({ connections }: WorkflowFile, { name }: WorkflowNode): number {
	return connections[name]?.main?.length ?? 1;
}

function boxOf(workflow: WorkflowFile, node: WorkflowNode): Box {
	const [left, top] = node.position;
	const at = { name: node.name, left, top };
	if (node.type === STICKY) {
		const { width, height } = node.parameters as { width: number; height: number };
		return { ...at, right: left + width, bottom: top + height };
	}
	const isSubNode = SUB_NODES.test(node.type);
	const width = node.type === AGENT ? AGENT_WIDTH : isSubNode ? SUB_NODE : NODE;
	const more = Math.max(0, outputs(workflow, node) - 2) * OUTPUT;
	return {
		name: node.name,
		left: left - LABEL.beside,
		top,
		right: left + width + LABEL.beside,
		bottom: top + (isSubNode ? SUB_NODE : NODE + more) + LABEL.height,
	};
}

const overlap = (one: Box, other: Box) =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;

/** Pixels that the text of a note needs, roughly. */
function textHeight(content: string, width: number): number {
	const letters = (width - MARGIN.beside) / TEXT.letter;
	const lines = content.split('\n').map((line) => {
		if (line.startsWith('#')) return line.startsWith('## ') ? TEXT.title : TEXT.heading;
		if (line === '') return TEXT.blank;
		return Math.ceil(line.replace(/[*`]/g, '').length / letters) * TEXT.line;
	});
	return lines.reduce((sum, height) => sum + height, MARGIN.below);
}

const notesOf = ({ nodes }: WorkflowFile) => nodes.filter(({ type }) => type === STICKY);

const wordsIn = (text: string) => text.split(/\s+/).filter(Boolean).length;

it('the list of examples in the sandbox names every file of examples/', async () => {
	const files = await readdir(fileURLToPath(new URL('../../examples/', import.meta.url)));
	expect(files.sort()).toEqual(EXAMPLES.map((name) => `${name}.json`));
});

describe.each(EXAMPLES)('the example %s', (name) => {
	let workflow: WorkflowFile;
	beforeAll(async () => (workflow = await readExample(name)));

	it('no node or note of an example lies on another', () => {
		const boxes = workflow.nodes.map((node) => boxOf(workflow, node));
		const pairs = boxes.flatMap((one, index) =>
			boxes
				.slice(index + 1)
				.filter((other) => overlap(one, other))
				.map((other) => `${one.name} / ${other.name}`),
		);
		expect(pairs).toEqual([]);
	});

	it('the notes of an example have room for their text', () => {
		const tooSmall = notesOf(workflow).filter(({ parameters }) => {
			const { content, width, height } = parameters as unknown as Note;
			return textHeight(content, width) > height;
		});
		expect(tooSmall.map(({ name: note }) => note)).toEqual([]);
	});

	it('the overview of an example is not much higher than its text', () => {
		const empty = notesOf(workflow).flatMap(({ parameters }) => {
			const { content, width, height, color } = parameters as unknown as Note;
			return color === YELLOW ? height - textHeight(content, width) : [];
		});
		expect(Math.max(...empty)).toBeLessThanOrEqual(MAX_EMPTY);
	});

	it("an example has the notes that n8n's template library asks for: a yellow overview with setup, and short ones", () => {
		const notes = notesOf(workflow).map(({ parameters }) => parameters as unknown as Note);
		const overviews = notes.filter(({ color }) => color === YELLOW);
		expect(overviews).toHaveLength(1);
		const [{ content }] = overviews;
		expect(content).toMatch(new RegExp(`^## ${workflow.name}\n`));
		expect(content).toMatch(/\n### How it works\n[^]*\n### Setup\n/);
		expect(wordsIn(content)).toBeGreaterThanOrEqual(100);
		expect(wordsIn(content)).toBeLessThanOrEqual(300);
		const others = notes.filter(({ color }) => color !== YELLOW);
		expect(others.length).toBeGreaterThan(0);
		expect(others.filter((note) => wordsIn(note.content) >= 50)).toEqual([]);
	});

	it("an example has one trigger, so that n8n's button cannot start the wrong one", () => {
		const triggers = workflow.nodes.filter(({ type }) => /trigger$|\.webhook$/i.test(type));
		expect(triggers).toHaveLength(1);
	});

	it('an example has each name once, and connects only nodes that it has', () => {
		const names = new Set(workflow.nodes.map((node) => node.name));
		expect(names.size).toBe(workflow.nodes.length);
		expect(new Set(workflow.nodes.map(({ id }) => id)).size).toBe(workflow.nodes.length);
		for (const target of Object.values(workflow.connections).flatMap((types) =>
			Object.values(types).flat(2),
		)) {
			expect(names).toContain(target!.node);
		}
		expect(Object.keys(workflow.connections).filter((from) => !names.has(from))).toEqual([]);
	});

	it('an example carries no credential, address, version or data of where it was made', () => {
		// The parameter of Webhook: Delete, when an expression gives it, is not a node's own address.
		const picked = '"webhookId":{"__rl":true,"mode":"id","value":"={{';
		const text = JSON.stringify(workflow).replaceAll(picked, '');
		expect(text).not.toMatch(/"(credentials|webhookId|instanceId|versionId|meta)"/);
		expect(workflow).toMatchObject({ active: false, pinData: {} });
	});
});

it("the checks of an example's layout can fail", () => {
	const node = (label: string, x: number): WorkflowNode => ({
		id: label,
		name: label,
		type: 'n8n-nodes-base.noOp',
		typeVersion: 1,
		position: [x, 0],
		parameters: {},
	});
	const workflow = { name: '', nodes: [], connections: {} };
	const [a, b, c] = [node('a', 0), node('b', 150), node('c', 240)].map((one) =>
		boxOf(workflow, one),
	);
	expect([overlap(a!, b!), overlap(a!, c!)]).toEqual([true, false]);
	expect(textHeight('word '.repeat(100), 200)).toBeGreaterThan(200);
});
