/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import type { INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';

import { parseNotification } from '../../nodes/SinchCapability/actions/capability/parseNotification.operation';
import { query } from '../../nodes/SinchCapability/actions/capability/query.operation';
import { queryAndWait } from '../../nodes/SinchCapability/actions/capability/queryAndWait.operation';
import { recipientFields } from '../../nodes/SinchCapability/parameters/recipient';
import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';

const page = readFileSync('docs/fields.md', 'utf8');

const HEADER = '| Setting | Default | What it is for |';

/** What is in bold or italics. */
const emphasised = (text: string): string[] =>
	[...text.matchAll(/(\*\*?)([^*\n]+)\1/g)].map(([, , words]) => words!);

/** The settings in the table below a heading, with their defaults. */
function documentedIn(text: string, heading: string): Record<string, string> {
	const [, section = ''] = text.split(`# ${heading}\n`);
	const [, table = ''] = section.split(/\n#/)[0]!.split(HEADER);
	const rows = table.split('\n\n')[0]!.split('\n').slice(2);
	return Object.fromEntries(
		rows.flatMap((row) => {
			const [, labels = '', value = ''] = row.split('|').map((cell) => cell.trim());
			return emphasised(labels).map((label) => [label, value]);
		}),
	);
}

type Field = INodeProperties;

/** The fields in which something can be entered, with those of the options. */
const settingsOf = (fields: Field[]): Field[] =>
	fields
		.filter((field) => !recipientFields.includes(field))
		.filter(({ type }) => type !== 'notice' && type !== 'hidden')
		.flatMap((field) => (field.type === 'collection' ? (field.options as Field[]) : [field]));

/** The default of a field, as the page writes it. */
function defaultOf({ type, default: value, options }: Field): string {
	if (type === 'boolean') {
		return value === true ? 'on' : 'off';
	}
	if (type === 'options') {
		const choices = options as INodePropertyOptions[];
		return `*${choices.find((choice) => choice.value === value)?.name}*`;
	}
	if (type === 'number') {
		return String(value);
	}
	return typeof value === 'string' && value !== '' ? `\`${value}\`` : '–';
}

const ofQuery = settingsOf(query.fields);
const ofWait = settingsOf(queryAndWait.fields);

it.each([
	['Settings of both checks', ofQuery.filter((field) => ofWait.includes(field))],
	['Only in Check reachability', ofQuery.filter((field) => !ofWait.includes(field))],
	['Only in Check reachability and wait', ofWait.filter((field) => !ofQuery.includes(field))],
	['Settings of the trigger', settingsOf(new SinchCapabilityTrigger().description.properties)],
	['Parse notification', settingsOf(parseNotification.fields)],
])('docs/fields.md lists all settings with their defaults: %s', (heading, fields) => {
	expect(documentedIn(page, heading)).toEqual(
		Object.fromEntries(fields.map((field) => [field.displayName, defaultOf(field)])),
	);
});

/** The labels of all fields, with those inside others. */
const labelsOf = (fields: Array<Partial<Field> & { values?: Field[] }>): string[] =>
	fields.flatMap(({ displayName, type, options, values }) =>
		type === 'notice' || type === 'hidden' || displayName === undefined
			? []
			: [displayName, ...labelsOf((values ?? options ?? []) as Field[])],
	);

it.each<[string, INodeType]>([
	['action node', new SinchCapability()],
	['trigger', new SinchCapabilityTrigger()],
])('docs/fields.md names every field of the %s', (_, node) => {
	const named = new Set(emphasised(page));
	const labels = labelsOf(node.description.properties);
	expect(labels.filter((label) => !named.has(label))).toEqual([]);
	expect(labels.length).toBeGreaterThan(9);
});

it('a setting that is missing, or has another default, is recognized', () => {
	const table = `## One\n\n${HEADER}\n|---|---|---|\n| *A*, *B* | off | x |\n| *C* | 3 | y |\n\n## Two\n`;
	expect(documentedIn(table, 'One')).toEqual({ A: 'off', B: 'off', C: '3' });
	expect(documentedIn(table, 'Two')).toEqual({});
});
