import type { IExecuteFunctions } from 'n8n-workflow';

import { fieldError } from '../../../nodes/SinchCapability/parameters/fieldError';
import { strictContext } from '../../support/engine';

const withItems = (count: number) =>
	strictContext<IExecuteFunctions>({
		getInputData: () => Array.from({ length: count }, () => ({ json: {} })),
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
	])('the error of a field names the field and the value %j', (value, quoted) => {
		const error = fieldError(
			withItems(3),
			2,
			'Phone Number',
			'is not a phone number',
			'Check it.',
			value,
		);
		expect(error.message).toBe(`'Phone Number' is not a phone number${quoted}`);
		expect(error.description).toBe('Check it. Row 3 of 3.');
	});

	it('the error of a field names no row when the item is the only one', () => {
		const error = fieldError(withItems(1), 0, 'Limit', 'is empty', 'Enter one.');
		expect([error.message, error.description]).toEqual(["'Limit' is empty", 'Enter one.']);
	});
});
