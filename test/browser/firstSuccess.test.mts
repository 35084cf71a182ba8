import type { Editor } from './support/editor.mts';
import { Effort } from './support/effort.mts';
import { illustrate, pictures, picturesOfSizes, SCREENS } from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

const CHECK = 'Check reachability';
const CHECK_AND_WAIT = 'Check reachability and wait';
const START = 'When clicking ‘Execute workflow’';

let harness: BrowserHarness;
let editor: Editor;
let effort: Effort;

beforeAll(async () => {
	harness = await startBrowserHarness();
	({ editor } = harness);
	effort = await Effort.of(harness.page);
}, START_LIMIT_MS);

afterAll(async () => await harness?.close());

test('Check reachability warns that the answers will be lost while no workflow listens', async () => {
	await editor.newWorkflow();
	await editor.addFirst();
	await editor.pick('Manual Trigger');
	await editor.addAfter(START);
	await editor.pick('Sinch Capability', CHECK);
	await editor.type('phoneNumber', '+46 70 174 06 05');
	await editor.executeNode();
	const warning = /no published workflow in this n8n receives the answers of app .*will be lost/;
	await editor.part('output-panel').getByText(warning).waitFor();
	await pictures(harness.page, '51-no-one-listens');
});

/** The node that has run shows the contact, and above it the hint for whoever sees an empty tab. */
async function seesAnswer(): Promise<void> {
	const output = editor.part('output-panel');
	await output.getByText(/1 contact: Full on RCS\. Its item is on the tab Full Branch\./).waitFor();
	await output.getByText('46701740605').first().waitFor();
}

/** What a person has done since `effort.reset`, for the log. */
function report(what: string, began: number): void {
	const { clicks, keys, typed, searched } = effort;
	const seconds = ((Date.now() - began) / 1000).toFixed(1);
	process.stderr.write(
		`${what}: ${clicks} clicks, keys: ${keys.join(', ')}, typed into: ${[...typed].join(', ')}, searched in: ${[...searched].join(', ')}, ${seconds} s by script\n`,
	);
}

/** Where the browser finds the second workflow of the README again. */
let address: string;

test('from the stored credential to the answer, in two workflows as the README says', async () => {
	const { page } = harness;
	await editor.openOverview();
	effort.reset();
	const began = Date.now();
	await editor.createWorkflow();
	await editor.nameWorkflow('Receive the answers');
	await editor.addFirst();
	await editor.pick('Sinch Capability', 'On capability answer');
	await editor.part('ndv').waitFor();
	await editor.leaveNode();
	await editor.publish();
	await editor.leaveActivationModal();
	await editor.isPublished();

	await editor.returnToOverview();
	await editor.createWorkflow();
	await editor.addFirst();
	await editor.pick('Manual Trigger');
	await editor.addAfter(START);
	await editor.pick('Sinch Capability', CHECK_AND_WAIT);
	await editor.type('phoneNumber', '+46 70 174 06 05');
	await editor.save();
	await editor.executeNode();
	await seesAnswer();
	report('First success', began);
	expect([...effort.typed]).toHaveLength(2);
	expect(effort.typed).toContain('parameter-input-phoneNumber');
	expect(effort.clicks).toBeLessThanOrEqual(16);
	// An open node has an address of its own.
	address = /^.*\/workflow\/[^/?]+/.exec(page.url())![0];
	await illustrate(page, 'first-answer', editor.part('ndv'), SCREENS.small);
	await picturesOfSizes(page, '52-first-answer');
	await editor.closeNode();
});

test('the second workflow still works after it was closed and opened again', async () => {
	const { page } = harness;
	await editor.openOverview();
	await page.goto(address);
	await editor.node(CHECK_AND_WAIT).waitFor();
	await picturesOfSizes(page, '53-reopened');
	effort.reset();
	const began = Date.now();
	const button = editor.part('execute-workflow-button');
	expect(await button.innerText()).not.toContain('from');
	await button.click();
	await editor.hasEnded(CHECK_AND_WAIT, 'success');
	await editor.openNode(CHECK_AND_WAIT);
	await seesAnswer();
	report('Reopened', began);
	expect([...effort.typed, ...effort.keys]).toEqual([]);
	await picturesOfSizes(page, '54-hint');
	await editor.openAddOption();
	await editor.options().first().waitFor();
	await picturesOfSizes(page, '55-check-and-wait-options');
});
