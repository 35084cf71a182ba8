/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Code about times of Sinch: signatures, retired secrets, tokens, `Retry-After`, request ids. */
const IN_NODES = [
	'actions/capability/parseNotification.operation.ts',
	'actions/capability/readQuery.ts',
	'transport/client.ts',
	'transport/errors.ts',
	'trigger/handler.ts',
	'trigger/lifecycle.ts',
	'trigger/registration.ts',
	'trigger/repair.ts',
	'waiting/queryBatch.ts',
];

/** The same of the simulator, and dates for people and for n8n's database. */
const IN_SANDBOX = [
	'simulator/callbacks/signing.mts',
	'simulator/main.mts',
	'simulator/tokenIssuer.mts',
];

it.each([
	['nodes/SinchCapability', IN_NODES],
	['credentials', []],
	['sandbox', IN_SANDBOX],
])(
	'in %s, only what needs a date reads the wall clock, which can be set back',
	(folder, expected) => {
		const path = resolve(__dirname, '../../..', folder);
		const files = readdirSync(path, { recursive: true, encoding: 'utf8' });
		const readers = files.filter(
			(file) =>
				/\.m?[jt]s$/.test(file) &&
				// What runs have written.
				!file.startsWith('.run') &&
				/Date\.now|new Date\(\)/.test(readFileSync(resolve(path, file), 'utf8')),
		);
		expect(readers.sort()).toEqual(expected);
	},
);
