import { complete, readExample, type ExampleName } from '../../sandbox/demo/setup.mts';
import type { Credential, Workflow } from '../../sandbox/n8n/types.mts';
import type { Editor } from './support/editor.mts';
import { illustrate, pictures } from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

const STICKY = 'n8n-nodes-base.stickyNote';

/** Hard-coded: the demo contacts of *Best channel for each contact* on RCS and WhatsApp. */
const BRANCHES = {
	'Send the best message': '1 item',
	'Send a simpler message': '2 items',
	'Send a plain SMS': '1 item',
	'Try an SMS': '1 item',
	'Look at the reason': '3 items',
};

let harness: BrowserHarness;
let editor: Editor;
let credential: Credential;
let route: Workflow;

beforeAll(async () => {
	harness = await startBrowserHarness();
	({ editor } = harness);
	[credential] = await harness.credentials();
	route = await add('route-by-capability');
	await harness.api.activate(route.id);
}, START_LIMIT_MS);

afterAll(async () => await harness?.close());

/** Adds an example as its user would, with the credential chosen. */
async function add(name: ExampleName, withNotes = false): Promise<Workflow> {
	const example = complete(await readExample(name), credential);
	const nodes = example.nodes.filter(({ type }) => withNotes || type !== STICKY);
	return await harness.api.createWorkflow({ ...example, nodes });
}

test('the button of Best channel starts the list, and each contact takes its branch', async () => {
	const { page } = harness;
	const best = await add('best-channel');
	await editor.openWorkflow(best.id);
	const button = editor.part('execute-workflow-button');
	expect(await button.innerText()).not.toContain('from');
	await button.click();
	for (const [node, count] of Object.entries(BRANCHES)) {
		await editor.connection('Find the best channel', node).getByText(count).waitFor();
	}
	await editor.hasEnded('Look at the reason', 'success');
	await editor.part('zoom-to-fit').click();
	await pictures(page, '61-best-channel');
	await illustrate(page, 'best-channel', { x: 305, y: 105, width: 800, height: 640 });

	await editor.openNode('Find the best channel');
	await editor.part('output-panel').getByText('best_identity').first().waitFor();
	await pictures(page, '62-best-channel-node');
});

test('the notes of an example can be read on its canvas', async () => {
	const { id } = await add('best-channel', true);
	await editor.openWorkflow(id);
	await harness.page.getByText('How it works').first().waitFor();
	await pictures(harness.page, '63-best-channel-notes');
});

test('the answers of Check contacts are found under Executions of Route by capability', async () => {
	const { page, api } = harness;
	const check = await add('check-contacts');
	await editor.openWorkflow(check.id);
	await editor.part('execute-workflow-button').click();
	const hint =
		'The answers start every published workflow with a Sinch Capability Trigger for this app';
	await editor.hasEnded('Check reachability', 'success');
	await editor.openNode('Check reachability');
	await editor.part('output-panel').getByText(hint).waitFor();
	await pictures(page, '64-answers-arrive');
	// How many answers share an execution depends on how busy n8n is.
	await api.waitForExecutions(route.id, 1);
	await page.goto(`${harness.url}/workflow/${route.id}/executions`);
	await page.locator('[data-test-execution-status="success"]').first().waitFor();
	// Closes n8n's checklist for newly published workflows, if it is open.
	await page.keyboard.press('Escape');
	await pictures(page, '65-executions');
	await illustrate(page, 'executions', { x: 0, y: 0, width: 1280, height: 800 });
});

test('the panel of the trigger says how to try it and where the answers are', async () => {
	const { page } = harness;
	await editor.newWorkflow();
	await editor.addTrigger();
	await page.getByText('Receive an answer from Sinch').waitFor();
	await pictures(page, '66-trigger-panel');
});

test('Parse Notification shows its form and its seven labelled outputs', async () => {
	const { page } = harness;
	const { id } = await add('parse-notifications');
	await editor.openWorkflow(id);
	expect((await editor.branches('Read the answer')).map(({ label }) => label)).toEqual([
		'Full',
		'Partial',
		'None',
		'Unknown',
		'Failed',
		'Ignored',
		'Refused',
	]);
	await pictures(page, '67-parse-notification-branches');
	await editor.openNode('Read the answer');
	await editor.parameter('secretFrom').waitFor();
	await pictures(page, '68-parse-notification');
	await editor.closeNode();
});

test('the form of Check reachability and wait says which channels come first', async () => {
	await editor.newWorkflow();
	await editor.addAction('Check reachability and wait');
	await editor.type('phoneNumber', '+46 70 174 06 05');
	expect(await editor.parameter('channels').innerText()).toMatch(/RCS[^]*WhatsApp[^]*SMS/);
});
