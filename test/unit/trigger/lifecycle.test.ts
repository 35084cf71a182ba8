import { NodeOperationError } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { explainErrors } from '../../../nodes/SinchCapability/trigger/lifecycle';
import { hookContext } from '../../support/engine';

const failing = async (make: () => Error, consequence?: string) =>
	await hookContext(new SinchCapabilityTrigger()).run(async (context) => {
		const method = explainErrors(
			async () => {
				throw make();
			},
			() => consequence,
		);
		return await method.call(context).catch((error: Error) => error.message);
	});

it('an error of the activation says everything in its message, as sentences', async () => {
	const node = { name: 'Trigger' } as never;
	const make = () =>
		new NodeOperationError(node, 'Sinch is busy', { description: 'Try again later!' });
	expect(await failing(make, 'The webhook stays.')).toBe(
		'Sinch is busy. Try again later! The webhook stays.',
	);
	expect(await failing(make)).toBe('Sinch is busy. Try again later!');
});

it('an error of the activation that names a network code keeps its words', async () => {
	expect(await failing(() => new Error('connect ECONNREFUSED 127.0.0.1:9'))).toBe(
		'connect ECONNREFUSED 127.0.0.1:9.',
	);
});
