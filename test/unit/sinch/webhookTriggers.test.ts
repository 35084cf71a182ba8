import { toTrigger } from '../../../nodes/SinchCapability/sinch/webhookTriggers';

it.each([
	['MESSAGE_INBOUND', 'MESSAGE_INBOUND'],
	[' message - inbound ', 'MESSAGE_INBOUND'],
	['Not Listed Yet', 'NOT_LISTED_YET'],
	['', undefined],
	['MESSAGE_', undefined],
	['message, opt in', undefined],
])('the trigger of a webhook %j is %s at Sinch', (typed, trigger) => {
	expect(toTrigger(typed)).toBe(trigger);
});
