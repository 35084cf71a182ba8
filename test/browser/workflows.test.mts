import type { Editor } from './support/editor.mts';
import { iconsIn } from './support/icons.mts';
import { picture, pictures } from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

/** The outputs, hard-coded so that the test does not rely on the nodes. */
const TRIGGER_BRANCHES = ['Full', 'Partial', 'None', 'Unknown', 'Failed'];
const WAIT_BRANCHES = [...TRIGGER_BRANCHES, 'No Answer'];

const START = 'When clicking ‘Execute workflow’';
const NOTHING = 'No Operation, do nothing';
const CHECK = 'Check reachability';
const CHECK_AND_WAIT = 'Check reachability and wait';

/** Demo contacts of the simulator; on RCS: Full, Partial, Partial, None, Failed and Unknown. */
const PEOPLE = [
	{ name: 'Astrid', phone: '+46 70 174 06 05' },
	{ name: 'Oliver', phone: '+44 7700 900123' },
	{ name: 'Maya', phone: '+1 202 555 0104' },
	{ name: 'Erik', phone: '+46 70 174 06 06' },
	{ name: 'Daniel', phone: '+1 202 555 0147' },
	{ name: 'Samuel', phone: '+44 7700 900789' },
];

let harness: BrowserHarness;
let editor: Editor;

beforeAll(async () => {
	harness = await startBrowserHarness();
	({ editor } = harness);
}, START_LIMIT_MS);

afterAll(async () => await harness?.close());

async function addNothing(after: string, output: number): Promise<void> {
	await editor.addAfter(after, output);
	await editor.pick(NOTHING);
	await editor.closeNode();
}

test('the trigger is configured by hand and published, its branches labelled', async () => {
	const { page } = harness;
	await editor.newWorkflow();
	await editor.addTrigger();
	await page.getByText('Publish (activate) this workflow to receive answers').waitFor();
	await pictures(page, '11-trigger');
	await editor.openOptions('outputMode', 'Single');
	await picture(page, '12-trigger-outputs');
	await editor.options().filter({ hasText: 'One per Outcome' }).click();
	await editor.openAddOption();
	await editor.options().first().waitFor();
	await picture(page, '13-trigger-options');
	await editor.options().filter({ hasText: 'Channels' }).click();
	await editor.choose('channels', 'RCS');
	await picture(page, '14-trigger-channels');
	await page.keyboard.press('Escape');
	await editor.closeNode();
	const trigger = 'Sinch Capability Trigger';
	expect((await editor.branches(trigger)).map(({ label }) => label)).toEqual(TRIGGER_BRANCHES);
	await addNothing(trigger, 0);
	await editor.part('zoom-to-fit').click();
	expect((await editor.branches(trigger)).map(({ label }) => label)).toEqual(TRIGGER_BRANCHES);

	await editor.publish();
	await page
		.getByText('Sinch now sends the answers to capability queries to this workflow.')
		.waitFor();
	await picture(page, '15-published');
	await editor.closeActivationModal();
	await editor.isPublished();
	// n8n opens it once per new user.
	await page.getByText('Production Checklist').waitFor();
	await page.keyboard.press('Escape');
	await page.getByText('Production Checklist').waitFor({ state: 'hidden' });
	await editor.part('zoom-to-fit').click();
	expect(await iconsIn(editor.node(trigger))).toEqual([
		{ file: 'sinchCapability.svg', loaded: true },
	]);
	await pictures(page, '16-trigger-branches');
});

/** The channels of the latest query, in the order in which Sinch received them. */
async function channelsChecked(): Promise<string[]> {
	const response = await fetch(`${harness.simulatorUrl}/_control/log`);
	const { queries } = (await response.json()) as {
		queries: Array<{
			recipient: { identified_by: { channel_identities: Array<{ channel: string }> } };
		}>;
	};
	return queries.at(-1)!.recipient.identified_by.channel_identities.map(({ channel }) => channel);
}

test('the action is configured by hand and executed', async () => {
	const { page } = harness;
	await editor.newWorkflow();
	await editor.addAction(CHECK);
	await pictures(page, '22-action');
	await editor.removeChoice('channels', 'RCS');
	await editor.choose('channels', /^RCS$/);
	await page.keyboard.press('Escape');
	await editor.type('phoneNumber', '+46 70 174 06 05');
	await editor.executeNode();
	await editor.part('output-panel').getByText('request_id').first().waitFor();
	// The order of selection is the order of preference, so it must reach Sinch.
	expect(await channelsChecked()).toEqual(['WHATSAPP', 'SMS', 'RCS']);
	await editor.choose('recipientType', 'Channel Identities');
	await editor.choose('channel', 'WhatsApp');
	await editor.type('identity', '+46 70 174 06 05');
	await editor.executeNode();
	const output = editor.part('output-panel');
	expect(await output.innerText()).toContain('1 item');
	for (const text of ['request_id', 'WHATSAPP', '46701740605']) {
		await output.getByText(text).first().waitFor();
	}
	await pictures(page, '23-check-executed');
});

test('an error says what to do, and is shown on the node', async () => {
	const { page } = harness;
	await editor.type('identity', '+46 70 CALL ME');
	await editor.executeNode();
	const message = editor.part('node-error-message');
	expect(await message.innerText()).toContain("'Phone Number or ID' is not a phone number");
	const advice = await editor.part('node-error-description').innerText();
	expect(advice).toContain(
		'Enter one phone number with + and the country code, such as +46 70 123 45 67.',
	);
	await pictures(page, '24-error');
	await editor.closeNode();
	await editor.hasEnded(CHECK, 'error');
	await pictures(page, '25-error-on-canvas');
});

test('Check reachability and wait runs, and its items leave on the labelled branches', async () => {
	const { page } = harness;
	await editor.openNode(START);
	await editor.setMockData(PEOPLE);
	await editor.closeNode();
	await editor.openNode(CHECK);
	await editor.choose('operation', 'Check Reachability and Wait');
	await editor.choose('recipientType', 'Channel Identities');
	await editor.choose('channel', 'RCS');
	await editor.typeExpression('identity', '$json.phone', PEOPLE[0].phone);
	await pictures(page, '31-check-and-wait');
	await editor.closeNode();
	await addNothing(CHECK_AND_WAIT, 0);
	await editor.part('execute-workflow-button').click();
	await editor.connection(CHECK_AND_WAIT, NOTHING).getByText('1 item').waitFor();
	await editor.hasEnded(CHECK_AND_WAIT, 'success');
	await editor.part('zoom-to-fit').click();
	await editor.part('zoom-out-button').click();
	await pictures(page, '32-check-and-wait-ran');
	expect(await editor.connection(START, CHECK_AND_WAIT).innerText()).toBe('6 items');
	// n8n shows the number of items on a branch's connection.
	expect(await editor.branches(CHECK_AND_WAIT)).toEqual(
		['', '2 items', '1 item', '1 item', '1 item', ''].map((items, index) => ({
			label: WAIT_BRANCHES[index],
			items,
		})),
	);
});
