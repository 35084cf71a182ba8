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

const NEVER = -Infinity;
const RECENTLY = performance.now();

it.each<[string | undefined, WorkflowExecuteMode, number, string]>([
	['worker', 'trigger', NEVER, 'elsewhere'],
	['worker', 'manual', RECENTLY, 'elsewhere'],
	// In queue mode, n8n's main process would not run an execution of these modes.
	['main', 'trigger', NEVER, 'here'],
	['main', 'webhook', NEVER, 'here'],
	['main', 'error', NEVER, 'here'],
	['main', 'retry', NEVER, 'here'],
	['main', 'manual', NEVER, 'unknown'],
	['main', 'manual', RECENTLY, 'here'],
	['webhook', 'trigger', RECENTLY, 'unknown'],
	[undefined, 'trigger', RECENTLY, 'unknown'],
])(
	'in a process of type %s and mode %s, with a callback at %s, the answers arrive %s',
	(instanceType, mode, receivedAt, place) => {
		noteReceived(receivedAt);
		const context = strictContext<IExecuteFunctions>({
			getMode: () => mode,
			...{ instanceSettings: instanceType && { instanceType } },
		});
		expect(whereAnswersArrive(context)).toBe(place);
	},
);
