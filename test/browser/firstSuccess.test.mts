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
	await editor.addAction(CHECK);
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

/** What a person does in one part of the first success. */
async function measure(part: string, work: () => Promise<void>) {
	effort.reset();
	const began = Date.now();
	await work();
	const { clicks, keys, typed, searched } = effort;
	const seconds = ((Date.now() - began) / 1000).toFixed(1);
	process.stderr.write(
		`${part}: ${clicks} clicks, keys: ${keys.join(', ')}, typed into: ${[...typed].join(', ')}, searched in: ${[...searched].join(', ')}, ${seconds} s by script\n`,
	);
	return { clicks, keys: [...keys], typed: [...typed] };
}

/** Where the browser finds the second workflow of the README again. */
let address: string;

test('from the stored credential to the answer, in two workflows as the README says', async () => {
	const { page } = harness;
	await editor.openOverview();
	const once = await measure('Once, to receive the answers', async () => {
		await editor.createWorkflow();
		await editor.addTrigger();
		await editor.leaveNode();
		await editor.publish();
		await editor.leaveActivationModal();
		await editor.isPublished();
	});
	const second = await measure('A second workflow', async () => {
		await editor.returnToOverview();
		await editor.createWorkflow();
	});
	const check = await measure('The check, all that is left after npm start', async () => {
		await editor.addAction(CHECK_AND_WAIT);
		await editor.type('phoneNumber', '+46 70 174 06 05');
		await editor.executeNode();
		await seesAnswer();
	});
	expect([once.clicks, second.clicks, check.clicks]).toEqual([4, 2, 4]);
	expect([once.keys, second.keys, check.keys]).toEqual([
		['Enter', 'Enter', 'Escape', 'Escape'],
		[],
		['Enter'],
	]);
	expect([...once.typed, ...second.typed, ...check.typed]).toEqual(['parameter-input-phoneNumber']);
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
	const { keys, typed } = await measure('Reopened', async () => {
		const button = editor.part('execute-workflow-button');
		expect(await button.innerText()).not.toContain('from');
		await button.click();
		await editor.hasEnded(CHECK_AND_WAIT, 'success');
		await editor.openNode(CHECK_AND_WAIT);
		await seesAnswer();
	});
	expect([...typed, ...keys]).toEqual([]);
	await picturesOfSizes(page, '54-hint');
	await editor.openAddOption();
	await editor.options().first().waitFor();
	await picturesOfSizes(page, '55-check-and-wait-options');
});
