/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import type { INodePropertyOptions } from 'n8n-workflow';

import { query } from '../../nodes/SinchCapability/actions/capability/query.operation';
import { queryAndWait } from '../../nodes/SinchCapability/actions/capability/queryAndWait.operation';

/** Where people meet the names of the operations: code that shows texts, examples and documentation. */
const FOLDERS = ['nodes', 'credentials', 'sandbox', 'examples', 'docs', '.github'];

const SUFFIXES = /\.(ts|mts|mjs|json|md|yml)$/;

const files = [
	...FOLDERS.flatMap((folder) =>
		readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
	),
	...readdirSync('.'),
].filter((file) => SUFFIXES.test(file) && !/lock\.json$/.test(file));

/** Names that the operations have had; *Capability Query* is Sinch's name for its API. */
const isOtherName = (text: string): boolean =>
	/query and wait/i.test(text) || /(?<!Capability )\bQuery\b/.test(text);

it('the operations that send queries have one name each, in the field and in the nodes panel', () => {
	const namesOf = ({ name, action }: INodePropertyOptions) => [name, action];
	expect([query, queryAndWait].map(namesOf)).toEqual([
		['Check Reachability', 'Check reachability'],
		['Check Reachability and Wait', 'Check reachability and wait'],
	]);
});

it('no text has another name for the operations that send queries', () => {
	const found = files.flatMap((file) =>
		readFileSync(file, 'utf8')
			.split('\n')
			.filter(isOtherName)
			.map((line) => `${file}: ${line.trim()}`),
	);
	expect(found).toEqual([]);
});

it('other names of the operations that send queries are recognized', () => {
	const texts = [
		'use Query and Wait',
		'the operation *Query*',
		"'Query' or",
		'Capability Query',
		'a query',
	];
	expect(texts.map(isOtherName)).toEqual([true, true, true, false, false]);
});
