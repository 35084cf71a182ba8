import type { Editor } from './support/editor.mts';
import { illustrate, picture, pictures } from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

const NOT_SET_UP = ' (not set up in this app)';

let harness: BrowserHarness;
let editor: Editor;

beforeAll(async () => {
	harness = await startBrowserHarness();
	({ editor } = harness);
	await editor.newWorkflow();
	await editor.addAction('Check reachability');
}, START_LIMIT_MS);

afterAll(async () => await harness?.close());

test('the App picker lists the apps with their channels and mode, and can be searched', async () => {
	const { page } = harness;
	await editor.choose('recipientType', 'Channel Identities');
	await editor.addOption('App');
	await editor.openPicker('appId');
	const [conversation, dispatch] = await editor.pickerEntries(2);
	for (const text of ['Demo Conversation App', 'CONVERSATION', 'RCS, WhatsApp, SMS, MMS, Viber']) {
		expect(conversation).toContain(text);
	}
	for (const text of ['Demo Dispatch App', 'DISPATCH', 'RCS, WhatsApp, SMS']) {
		expect(dispatch).toContain(text);
	}
	await pictures(page, '41-app-picker');
	await editor.part('rlc-search').locator('visible=true').fill('dispatch');
	expect(await editor.pickerEntries(1)).toEqual([dispatch]);
	await picture(page, '42-app-picker-searched');
	// The list of channels depends on the app: n8n fetches it again.
	const channels = page.waitForResponse(/dynamic-node-parameters\/options/);
	await editor.pickerEntry('Demo Dispatch App').click();
	await channels;
});

test('the channel dropdown marks channels that the chosen app lacks', async () => {
	const { page } = harness;
	await editor.openOptions('channel', NOT_SET_UP);
	const names = await editor.options().allInnerTexts();
	for (const name of ['RCS', 'SMS', 'WhatsApp']) expect(names).toContain(name);
	for (const name of ['MMS', 'Telegram']) expect(names).toContain(`${name}${NOT_SET_UP}`);
	await pictures(page, '43-channels');
	await editor
		.options()
		.filter({ hasText: /^WhatsApp$/ })
		.click();
});

test('the Contact picker says why it is empty, and how to go on', async () => {
	const { page } = harness;
	await editor.choose('recipientType', 'Contact');
	const input = editor.part('rlc-input', editor.part('resource-locator-contactId'));
	await input.click();
	await page.getByText('is in DISPATCH mode and stores no contacts').first().waitFor();
	await pictures(page, '44-contact-picker-dispatch');
	await editor.clickBeside();
	await editor.part('rlc-error-container').waitFor({ state: 'hidden' });
});

test('the Contact picker lists contacts, can be searched, and its choice is asked about', async () => {
	const { page, demo } = harness;
	await editor.openPicker('appId');
	await editor.pickerEntry('Demo Conversation App').click();
	await editor.openPicker('contactId');
	await pictures(page, '45-contact-picker');
	await editor.part('rlc-search').locator('visible=true').fill('astrid');
	const [astrid] = await editor.pickerEntries(1);
	expect(astrid).toBe('Astrid Lindqvist — 46701740605');
	await picture(page, '46-contact-picker-searched');
	await editor.pickerEntry('Astrid').click();
	await editor.executeNode();
	const { contactId } = demo.contacts.find(({ name }) => name === 'Astrid Lindqvist')!;
	await editor.part('output-panel').getByText(contactId).first().waitFor();
	await editor.openPicker('contactId');
	await editor.part('rlc-search').locator('visible=true').fill('astrid');
	await editor.pickerEntries(1);
	await illustrate(page, 'contact-picker', { x: 430, y: 66, width: 440, height: 580 });
	await editor.clickBeside();
	await pictures(page, '47-contact-asked');
});
