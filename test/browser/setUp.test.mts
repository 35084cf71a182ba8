import { ACTION_TYPE, CREDENTIAL_TYPE } from '../../sandbox/demo/setup.mts';
import type { Editor } from './support/editor.mts';
import { iconsIn } from './support/icons.mts';
import {
	ICON_FILES,
	illustrate,
	picture,
	pictures,
	SCREENS,
	showIn,
	type Theme,
} from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

const WRONG_KEY =
	'Sinch does not know this access key. Check the Access Key ID and the Access Key Secret.';

let harness: BrowserHarness;
let editor: Editor;

beforeAll(async () => {
	harness = await startBrowserHarness(false);
	({ editor } = harness);
}, START_LIMIT_MS);

afterAll(async () => await harness?.close());

test('a newcomer logs in', async () => {
	await editor.logIn(harness.login);
	await picture(harness.page, '01-logged-in');
	expect(harness.page.url()).not.toContain('/signin');
});

test('the nodes panel finds both nodes by Sinch, each theme with its icon', async () => {
	const { page } = harness;
	await editor.newWorkflow();
	await editor.addFirst();
	await editor.search('Sinch');
	const entry = editor.entry('Sinch Capability');
	await entry.waitFor();
	// n8n 1 shows no descriptions in this list.
	const description = page.getByText('(RCS, WhatsApp, SMS …) a contact can be reached');
	if (harness.publishes) await description.first().waitFor();
	await pictures(page, '02-nodes-panel');
	for (const [theme, file] of Object.entries(ICON_FILES) as Array<[Theme, string]>) {
		await showIn(page, theme);
		const icons = await iconsIn(entry);
		expect(icons.every((icon) => icon.file === file && icon.loaded)).toBe(true);
	}

	await entry.click();
	const panel = editor.part('node-creator');
	await panel.getByText('Triggers (1)').waitFor();
	await panel.getByText(/^Actions \(\d+\)$/).click();
	for (const action of ['On capability answer', 'Check reachability']) {
		await editor.entry(action).waitFor();
	}
	const icons = await iconsIn(panel);
	expect(icons.length).toBeGreaterThan(2);
	expect(icons.every(({ loaded }) => loaded)).toBe(true);
	await pictures(page, '03-actions');
});

test('the credential is filled in its form, and its test succeeds', async () => {
	const { page, demo, simulatorUrl } = harness;
	await page.goto(`${harness.url}/home/credentials`);
	await editor.part('add-resource-credential').click();
	await editor.part('new-credential-type-select').locator('input').fill('Sinch');
	await editor.options().filter({ hasText: 'Sinch Conversation API' }).click();
	await editor.part('new-credential-type-button').click();
	await editor.parameter('projectId').waitFor();
	await pictures(page, '04-credential-empty');
	const dialog = editor.part('editCredential-modal');
	expect(await iconsIn(dialog)).toContainEqual({ file: ICON_FILES.light, loaded: true });

	const { projectId, keyId, keySecret } = demo.project;
	const typed = { projectId, keyId, keySecret, appId: demo.apps[0].appId };
	for (const [name, value] of Object.entries(typed)) await editor.type(name, value);
	await editor.openOptions('region', 'Custom');
	await picture(page, '05-credential-regions');
	await editor.options().filter({ hasText: 'Custom' }).click();
	await editor.type('apiUrl', simulatorUrl);
	await editor.type('authUrl', simulatorUrl);
	await pictures(page, '06-credential-addresses');
	await editor.part('credential-save-button').click();
	await page.getByText('Connection tested successfully').waitFor();
	await pictures(page, '07-credential-tested');
	const secret = editor.parameter('keySecret').locator('input');
	expect(await secret.getAttribute('type')).toBe('password');
	await illustrate(page, 'credential', dialog, SCREENS.high);
});

test('the error for a wrong key says what to do', async () => {
	const { page, demo } = harness;
	await editor.type('keySecret', 'not-the-secret');
	await editor.part('credential-save-button').click();
	await page.getByText('More details').click();
	await page.getByText(WRONG_KEY).waitFor();
	await pictures(page, '08-credential-wrong-key');

	await editor.type('keySecret', demo.project.keySecret);
	await editor.part('credential-save-button').click();
	await page.getByText('Connection tested successfully').waitFor();
});

test('a wrong secret is found out although n8n has stored a token, and the right one passes again', async () => {
	const { page, api, demo } = harness;
	const [credential] = await harness.credentials();
	const start = { name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 };
	const { id } = await api.createWorkflow({
		name: 'Get a token',
		nodes: [
			{ ...start, id: 'start', position: [0, 0], parameters: {} },
			{
				id: 'ask',
				name: 'Ask',
				type: ACTION_TYPE,
				typeVersion: 1,
				position: [240, 0],
				parameters: { recipientType: 'phoneNumber', phoneNumber: '46701740605' },
				credentials: { [CREDENTIAL_TYPE]: credential },
			},
		],
		connections: { Start: { main: [[{ node: 'Ask', type: 'main', index: 0 }]] } },
	});
	await editor.openWorkflow(id);
	await editor.part('execute-workflow-button').click();
	await editor.hasEnded('Ask', 'success');

	await page.goto(`${harness.url}/home/credentials/${credential.id}`);
	const secret = editor.parameter('keySecret').locator('input');
	await secret.waitFor();
	await secret.fill('not-the-secret');
	await editor.part('credential-save-button').click();
	await page.getByText('More details').click();
	await page.getByText(WRONG_KEY).waitFor();
	await pictures(page, '09-wrong-secret-after-a-run');

	await secret.fill(demo.project.keySecret);
	await editor.part('credential-save-button').click();
	await page.getByText('Connection tested successfully').waitFor();
});
