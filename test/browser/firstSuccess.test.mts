import { jest } from '@jest/globals';
import type { Editor } from './support/editor.mts';
import { Effort } from './support/effort.mts';
import { illustrate, pictures, SCREENS } from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	STEP_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

const ASK = 'Check reachability';
const ASK_AND_WAIT = 'Check reachability and wait';
const START = 'When clicking ‘Execute workflow’';

let harness: BrowserHarness;
let editor: Editor;
let effort: Effort;

jest.setTimeout(STEP_LIMIT_MS);

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
	await editor.pick('Sinch Capability', ASK);
	await editor.type('phoneNumber', '+46 70 174 06 05');
	await editor.executeNode();
	const warning = /no published workflow in this n8n receives the answers of app .*will be lost/;
	await editor.part('output-panel').getByText(warning).waitFor();
	await pictures(harness.page, '51-nobody-listens');
});

test('from the stored credential to a routed answer, as the README says', async () => {
	const { page } = harness;
	await editor.newWorkflow();
	effort.reset();
	const began = Date.now();
	await editor.addFirst();
	await editor.pick('Sinch Capability', 'On capability answer');
	await editor.part('ndv').waitFor();
	await editor.leaveNode();
	await editor.publish();
	await editor.leaveActivationModal();
	// By its address, which saves the clicks on Create workflow.
	await editor.newWorkflow();
	await editor.addFirst();
	await editor.pick('Manual Trigger');
	await editor.addAfter(START);
	await editor.pick('Sinch Capability', ASK_AND_WAIT);
	await editor.type('phoneNumber', '+46 70 174 06 05');
	await editor.executeNode();
	const output = editor.part('output-panel');
	await output.getByText('Full', { exact: true }).first().waitFor();
	await output.getByText('46701740605').first().waitFor();
	const seconds = ((Date.now() - began) / 1000).toFixed(1);
	const { clicks, keys, typed, searched } = effort;
	await pictures(page, '52-first-answer');
	await illustrate(page, 'first-answer', editor.part('ndv'), SCREENS.small);
	process.stderr.write(
		`First success: ${clicks} clicks, ${keys.join(', ')}, typed into ${[...typed].join(', ')}, searched in ${[...searched].join(', ')}, ${seconds} s by script\n`,
	);
	expect([...typed]).toEqual(['parameter-input-phoneNumber']);
	expect(clicks).toBeLessThanOrEqual(11);
	expect(keys).toEqual(['Escape', 'Escape']);
});
