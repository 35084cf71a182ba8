/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals */
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const nodes = resolve(__dirname, '../../../nodes/SinchCapability');

/** Code about times of Sinch: signatures, retired secrets, tokens, `Retry-After`, request ids. */
const ABOUT_SINCH = [
	'actions/capability/parseNotification.operation.ts',
	'actions/capability/queryBatch.ts',
	'actions/capability/readQuery.ts',
	'transport/client.ts',
	'transport/errors.ts',
	'trigger/handler.ts',
	'trigger/ownWebhook.ts',
	'trigger/repair.ts',
];

it('only code about times of Sinch reads the wall clock, which can be set back', () => {
	const files = readdirSync(nodes, { recursive: true, encoding: 'utf8' });
	const readers = files.filter(
		(file) =>
			file.endsWith('.ts') && readFileSync(resolve(nodes, file), 'utf8').includes('Date.now'),
	);
	expect(readers.sort()).toEqual(ABOUT_SINCH);
});
