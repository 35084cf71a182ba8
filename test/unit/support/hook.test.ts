import { hookContext, WEBHOOK_ID } from '../../support/engine';
import { sampleTrigger } from './samples';

const trigger = sampleTrigger(async () => ({}));

describe('hookContext', () => {
	it('stores what create keeps, and checkExists sees it', async () => {
		const staticData = {};
		const hook = hookContext(trigger, { staticData });
		expect(await hook.checkExists()).toBe(false);
		expect(await hook.create()).toBe(true);
		expect(staticData).toEqual({
			url: `https://n8n.example.com/webhook/${WEBHOOK_ID}/sample`,
			mode: 'activate',
		});
		expect(await hookContext(trigger, { staticData }).checkExists()).toBe(true);
		await hook.delete();
		expect(staticData).toEqual({ mode: 'activate' });
	});

	it('creates only what does not exist', async () => {
		const staticData = { url: hookContext(trigger).webhookUrl };
		await hookContext(trigger, { staticData }).activate();
		expect(staticData).not.toHaveProperty('mode');
	});

	it('takes its URL from the test', async () => {
		const webhookUrl = 'http://localhost:5678/webhook/abc/sample';
		const hook = hookContext(trigger, { webhookUrl });
		const seen = await hook.run((context) => context.getNodeWebhookUrl('default'));
		expect([seen, hook.webhookUrl]).toEqual([webhookUrl, webhookUrl]);
	});

	it('listens for a test under another URL, in manual mode', async () => {
		const hook = hookContext(trigger, { isTest: true });
		expect(hook.webhookUrl).toBe(`https://n8n.example.com/webhook-test/${WEBHOOK_ID}/sample`);
		expect(await hook.run((context) => [context.getMode(), context.getActivationMode()])).toEqual([
			'manual',
			'manual',
		]);
	});

	it('stores nothing when a method fails', async () => {
		const staticData = {};
		const failing = hookContext(trigger, { staticData }).run((context) => {
			context.getWorkflowStaticData('node').half = true;
			throw new Error('refused');
		});
		await expect(failing).rejects.toThrow('refused');
		expect(staticData).toEqual({});
	});

	it('does not take a URL that n8n would not give', () => {
		expect(() => hookContext(trigger, { webhookUrl: 'https://x.com/webhook/a/other' })).toThrow(
			'sample',
		);
		const webhookUrl = 'https://x.com/webhook/a/sample';
		expect(() => hookContext(trigger, { webhookUrl, isTest: true })).toThrow('isTest');
	});
});
