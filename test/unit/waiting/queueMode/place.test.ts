import type { IExecuteFunctions, WorkflowExecuteMode } from 'n8n-workflow';

import {
	noteReceived,
	receivesCallbacks,
	whereAnswersArrive,
} from '../../../../nodes/SinchCapability/waiting/queueMode/place';
import { strictContext } from '../../../support/engine/strictContext';

it('a process counts as receiving callbacks for one hour after the latest one', () => {
	for (const receivedAt of [1_000, 10_000_000]) {
		noteReceived(receivedAt);
		expect(receivesCallbacks(receivedAt + 3_600_000)).toBe(true);
		expect(receivesCallbacks(receivedAt + 3_600_001)).toBe(false);
	}
});

it.each<[string | undefined, WorkflowExecuteMode, 'never' | 'recently', string]>([
	['worker', 'trigger', 'never', 'elsewhere'],
	['worker', 'manual', 'recently', 'elsewhere'],
	// In queue mode, n8n's main process would not run an execution of these modes.
	['main', 'trigger', 'never', 'here'],
	['main', 'webhook', 'never', 'here'],
	['main', 'error', 'never', 'here'],
	['main', 'retry', 'never', 'here'],
	['main', 'manual', 'never', 'unknown'],
	['main', 'manual', 'recently', 'here'],
	['webhook', 'trigger', 'recently', 'unknown'],
	[undefined, 'trigger', 'recently', 'unknown'],
])(
	'in a process of type %s and mode %s, with callbacks received %s, the answers arrive %s',
	(instanceType, mode, received, place) => {
		noteReceived(received === 'never' ? -Infinity : performance.now());
		const context = strictContext<IExecuteFunctions>({
			getMode: () => mode,
			...{ instanceSettings: instanceType && { instanceType } },
		});
		expect(whereAnswersArrive(context)).toBe(place);
	},
);
