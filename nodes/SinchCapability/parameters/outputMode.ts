import { type INodeProperties, NodeConnectionTypes } from 'n8n-workflow';

/** Whether the node has a single output, for an expression of its description. */
export const IS_SINGLE_OUTPUT = '$parameter["outputMode"] === "single"';

export const ONE_OUTPUT = JSON.stringify([NodeConnectionTypes.Main]);

export const namedOutputs = (names: readonly string[]): string =>
	JSON.stringify(names.map((displayName) => ({ type: NodeConnectionTypes.Main, displayName })));

/** For nodes with the field Simplify. */
export const TOLD_APART_IF_SIMPLE = 'tells them apart if Simplify is on';

/**
 * @param apart how the items of a single output are told apart
 * @param further what the description adds about outputs that are not for outcomes
 */
export const outputModeField = (
	outcomes: readonly string[],
	apart: string,
	further = '',
): INodeProperties => ({
	displayName: 'Outputs',
	name: 'outputMode',
	type: 'options',
	options: [
		{
			name: 'One per Outcome',
			value: 'perOutcome',
			description: `Each outcome has its own branch: ${outcomes.join(', ')}`,
		},
		{
			name: 'Single',
			value: 'single',
			description: `All items are sent to one branch; the field 'outcome' ${apart}`,
		},
	],
	default: 'perOutcome',
	description: `How items are distributed to outputs${further}`,
});

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
