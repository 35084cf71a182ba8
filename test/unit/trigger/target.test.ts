import { isSameNode } from '../../../nodes/SinchCapability/shared/triggerWebhook';

describe('a webhook target', () => {
	it.each([
		['another address of n8n', 'https://other.example.com/n8n/webhook/1/capability', true],
		[
			'another choice of Confirm to Sinch',
			'https://n8n.example.com/webhook/1/capability-finished',
			true,
		],
		['another node', 'https://n8n.example.com/webhook/2/capability', false],
	])('with %s is the same node: %s %s', (_, other, same) => {
		expect(isSameNode('https://n8n.example.com/webhook/1/capability', other)).toBe(same);
	});
});
