import type { INodeParameters } from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { SinchCapability } from '../../../nodes/SinchCapability/SinchCapability.node';
import { nodeOf } from '../../support/engine/workflow';

const node = new SinchCapability();
const nodeTypes = {
	getByName: () => node,
	getByNameAndVersion: () => node,
	getKnownTypes: () => ({}),
};

/** What the canvas shows below the name of the node. */
function subtitleOf(parameters: INodeParameters): unknown {
	const action = nodeOf(node, parameters);
	const workflow = new Workflow({ nodes: [action], connections: {}, active: false, nodeTypes });
	return workflow.expression.getSimpleParameterValue(
		action,
		node.description.subtitle ?? '',
		'internal',
		{},
	);
}

it.each<[string, INodeParameters, string]>([
	['the default channels', {}, 'RCS, WhatsApp, SMS'],
	['the chosen channels', { channels: ['VIBERBM', 'SMS'] }, 'Viber, SMS'],
	['channels of an expression', { channels: '={{ "SMS, RCS" }}' }, 'SMS, RCS'],
	[
		'the channels of the rows',
		{
			recipientType: 'channelIdentities',
			channelIdentities: { identity: [{ channel: 'LINE' }, { channel: 'NEW' }] },
		},
		'LINE, NEW',
	],
	['the word contact', { operation: 'queryAndWait', recipientType: 'contact' }, 'contact'],
	['the operation', { resource: 'webhook', operation: 'getAll' }, 'get many: webhook'],
])('the subtitle shows %s', (_, parameters, expected) => {
	expect(subtitleOf({ resource: 'capability', operation: 'query', ...parameters })).toBe(expected);
});
