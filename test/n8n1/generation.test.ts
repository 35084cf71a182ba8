/* eslint-disable @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-restricted-imports */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExecuteContext } from 'n8n-core';
import { NodeApiError } from 'n8n-workflow';

const versionOf = (name: string) =>
	(
		JSON.parse(readFileSync(join(process.env.N8N1_MODULES!, name, 'package.json'), 'utf8')) as {
			version: string;
		}
	).version;

it('the modules under test are those of n8n 1.123.81', () => {
	expect(versionOf('n8n-core')).toBe('1.122.48');
	expect(versionOf('n8n-workflow')).toBe('1.120.31');
});

it.each(['n8n-core', 'n8n-workflow'])(
	'the modules under test are what tests and nodes import as %s',
	(name) => {
		expect(require.resolve(name).startsWith(join(process.env.N8N1_MODULES!, name))).toBe(true);
		expect([ExecuteContext, NodeApiError]).toEqual([expect.any(Function), expect.any(Function)]);
	},
);
