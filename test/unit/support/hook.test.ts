import { hookContext } from '../../support/engine';
import { sampleTrigger } from './samples';

const trigger = sampleTrigger(async () => ({}));

it('hookContext stores no static data when a method fails', async () => {
	const staticData = {};
	const failing = hookContext(trigger, { staticData }).run((context) => {
		context.getWorkflowStaticData('node').half = true;
		throw new Error('refused');
	});
	await expect(failing).rejects.toThrow('refused');
	expect(staticData).toEqual({});
});

it('hookContext refuses a webhook URL that n8n would not give to the node', () => {
	expect(() => hookContext(trigger, { webhookUrl: 'https://x.com/webhook/a/other' })).toThrow(
		'sample',
	);
	const webhookUrl = 'https://x.com/webhook/a/sample';
	expect(() => hookContext(trigger, { webhookUrl, isTest: true })).toThrow('isTest');
});
