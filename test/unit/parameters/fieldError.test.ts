import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldError } from '../../../nodes/SinchCapability/parameters/fieldError';
import { strictContext } from '../../support/engine';

const context = strictContext<IExecuteFunctions>({
	getNode: () => ({
		id: '1',
		name: 'N',
		type: 't',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	}),
});

describe('the error of a field', () => {
	it.each([
		['  +1 202 CALL ME \n', ': +1 202 CALL ME'],
		['', ''],
		['x'.repeat(80), `: ${'x'.repeat(80)}`],
		['x'.repeat(81), `: ${'x'.repeat(80)}…`],
	])('the error of a field names the item, counted from 1, and the value %j', (value, quoted) => {
		const error = fieldError(
			context,
			2,
			'Phone Number',
			'is not a phone number',
			'Check it.',
			value,
		);
		expect(error.message).toBe(`'Phone Number' of item 3 is not a phone number${quoted}`);
		expect(error.description).toBe('Check it.');
	});
});
