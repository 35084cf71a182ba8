import type { Editor } from './support/editor.mts';
import { pictures } from './support/pictures.mts';
import {
	startBrowserHarness,
	START_LIMIT_MS,
	type BrowserHarness,
} from './support/browserHarness.mts';

let harness: BrowserHarness;
let editor: Editor;

beforeAll(async () => {
	harness = await startBrowserHarness();
	({ editor } = harness);
}, START_LIMIT_MS);

afterAll(async () => await harness?.close());

test('the fields of Check reachability and wait can be seen and dragged before anything has run', async () => {
	await editor.newWorkflow();
	await editor.addAction('Check reachability and wait');
	await editor.closeNode();
	await editor.addAfter('Check reachability and wait');
	await editor.pick('Edit Fields (Set)');
	const input = editor.part('ndv-input-panel').or(editor.part('input-panel')).first();
	for (const field of ['outcome', 'best_channel', 'best_identity', 'channels', 'request_id']) {
		await input.getByText(field, { exact: true }).first().waitFor();
	}
	await pictures(harness.page, '41-fields-before-a-run');
});
