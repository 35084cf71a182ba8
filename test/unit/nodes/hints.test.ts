import { Workflow } from 'n8n-workflow';

import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import { nodeOf } from '../../support/engine/workflow';

const node = new SinchCapability();
const nodeTypes = {
	getByName: () => node,
	getByNameAndVersion: () => node,
	getKnownTypes: () => ({}),
};

/** The hints that the editor shows before a run with `count` items. */
function hintsBefore(operation: string, count: number): string[] {
	const action = nodeOf(node, { resource: 'capability', operation });
	const workflow = new Workflow({ nodes: [action], connections: {}, active: false, nodeTypes });
	const items = Array.from({ length: count }, (_, index) => ({ json: { index } }));
	const hints = node.description.hints ?? [];
	return hints
		.filter(({ displayCondition = '', whenToDisplay }) => {
			const shown = workflow.expression.getParameterValue(
				displayCondition,
				null,
				0,
				0,
				action.name,
				items,
				'manual',
				{},
			);
			return whenToDisplay === 'beforeExecution' && shown === true;
		})
		.map(({ message }) => message);
}

it.each(['query', 'queryAndWait'])(
	'the operation %s says before a long run how long the answers take',
	(operation) => {
		expect(hintsBefore(operation, 1000)).toEqual([
			expect.stringContaining('1,000 answers take at least 40 seconds'),
		]);
	},
);

it('an operation that sends no queries says nothing before a long run', () => {
	expect(hintsBefore('parseNotification', 1000)).toEqual([]);
});

it.each(['query', 'queryAndWait'])(
	'the operation %s says nothing before a short run',
	(operation) => {
		expect(hintsBefore(operation, 100)).toEqual([]);
	},
);
