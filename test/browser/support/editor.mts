import type { Locator, Page } from 'playwright-core';
import type { Login } from '../../../sandbox/n8n/api.mts';

/** What the canvas shows at an output of a node. */
export interface Branch {
	label: string;
	/** n8n's text for the items that left on it, for example `1 item`; empty if none did. */
	items: string;
}

/** n8n's editor, used as a person does: by clicking and typing. n8n 2.41 and 1.123. */
export class Editor {
	constructor(
		readonly page: Page,
		readonly url: string,
		/** Whether n8n publishes workflows, as n8n 2 does; n8n 1 saves and activates them. */
		private readonly publishes = true,
	) {}

	/** n8n marks its elements with this attribute for its own tests. */
	part(id: string, within: Page | Locator = this.page): Locator {
		return within.locator(`[data-test-id="${id}"]`);
	}

	async logIn({ email, password }: Login): Promise<void> {
		await this.page.goto(this.url);
		await this.page.locator('input[name="emailOrLdapLoginId"]').fill(email);
		await this.page.locator('input[name="password"]').fill(password);
		await this.part('form-submit-button').click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}

	/** Opens the list of workflows by its address. */
	async openOverview(): Promise<void> {
		await this.page.goto(`${this.url}/home/workflows`);
		await this.part('add-resource-workflow').waitFor();
	}

	/** Leaves a workflow for the list of workflows, as people do. */
	async returnToOverview(): Promise<void> {
		await this.part('project-home-menu-item').first().click();
		await this.part('add-resource-workflow').waitFor();
	}

	/** Chooses the button of the list of workflows. n8n 1 has a welcome page instead until there is one. */
	async createWorkflow(): Promise<void> {
		await this.part('add-resource-workflow').or(this.part('new-workflow-card')).first().click();
		await this.part('canvas-plus-button').waitFor();
	}

	/** Opens an empty workflow by its address. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.part('canvas-plus-button').waitFor();
	}

	/** Publishes the open workflow (n8n 2), or saves and activates it (n8n 1). */
	async publish(): Promise<void> {
		if (this.publishes) {
			await this.part('workflow-open-publish-modal-button').click();
			await this.part('workflow-publish-button').click();
		} else {
			await this.part('workflow-save-button').click();
			await this.part('workflow-activate-switch').click();
		}
	}

	/** Waits until n8n shows that the open workflow is published, or active. */
	async isPublished(): Promise<void> {
		const word = this.publishes ? 'Published' : 'Active';
		await this.page.getByText(word, { exact: true }).first().waitFor();
	}

	/** Opens an existing workflow. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.part('canvas-node').first().waitFor();
		await this.part('zoom-to-fit').click();
	}

	/** Closes the message that n8n shows after the first publication. */
	async closeActivationModal(): Promise<void> {
		await this.page.getByRole('button', { name: 'Got it' }).click();
		await this.part('activation-modal').waitFor({ state: 'hidden' });
	}

	/** Closes the same message by the keyboard. */
	async leaveActivationModal(): Promise<void> {
		const modal = this.part('activation-modal');
		await modal.waitFor();
		await this.page.keyboard.press('Escape');
		await modal.waitFor({ state: 'hidden' });
	}

	/** Types into the search field of the nodes panel, which is open. */
	async search(text: string): Promise<void> {
		await this.part('node-creator-search-bar').fill(text);
	}

	/** The entry of the nodes panel that has exactly this name. */
	entry(name: string): Locator {
		const exactly = this.page.getByText(name, { exact: true });
		return this.part('item-iterator-item', this.part('node-creator')).filter({ has: exactly });
	}

	/** Chooses a node in the open nodes panel, and its action where n8n asks for one. */
	async pick(name: string, action?: string): Promise<void> {
		await this.search(name);
		await this.entry(name).click();
		if (action) await this.entry(action).click();
	}

	/** Opens the nodes panel of an empty workflow. */
	async addFirst(): Promise<void> {
		await this.part('canvas-plus-button').click();
	}

	/** Opens this package's node in the nodes panel of an empty workflow, by the keyboard. */
	private async enterPackage(): Promise<void> {
		await this.addFirst();
		await this.search('Sinch');
		await this.entry('Sinch Capability').waitFor();
		await this.page.keyboard.press('Enter');
		await this.part('node-creator').getByText('Triggers (1)').waitFor();
	}

	/** Adds the trigger to an empty workflow. It is the first entry, so a second Enter chooses it. */
	async addTrigger(): Promise<void> {
		await this.enterPackage();
		// n8n marks the entry that Enter chooses a moment after it has listed them.
		const marked = this.page.locator('[class*="_active_"]');
		await this.entry('On capability answer').and(marked).waitFor();
		await this.page.keyboard.press('Enter');
		await this.part('ndv').waitFor();
	}

	/** Adds an action to an empty workflow: n8n puts a manual trigger before it. */
	async addAction(action: string): Promise<void> {
		await this.enterPackage();
		await this.part('node-creator')
			.getByText(/^Actions \(\d+\)$/)
			.click();
		await this.entry(action).click();
		await this.part('ndv').waitFor();
	}

	/** Opens the nodes panel at an output of a node. */
	async addAfter(node: string, output = 0): Promise<void> {
		await this.part('canvas-handle-plus', this.handle(node, output)).click();
	}

	handle(node: string, output: number): Locator {
		return this.page.locator(
			`[data-test-id="canvas-node-output-handle"][data-node-name="${node}"][data-handleid="outputs/main/${output}"]`,
		);
	}

	/** A node on the canvas. */
	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	async openNode(name: string): Promise<void> {
		await this.node(name).dblclick();
		await this.part('ndv').waitFor();
	}

	async closeNode(): Promise<void> {
		// The second one is that of n8n 1.
		await this.part('ndv-close-button').or(this.part('back-to-canvas')).first().click();
		await this.part('ndv').waitFor({ state: 'hidden' });
	}

	/** Closes the open node by the keyboard, while no field has the focus. */
	async leaveNode(): Promise<void> {
		await this.page.keyboard.press('Escape');
		await this.part('ndv').waitFor({ state: 'hidden' });
	}

	/** Waits until the canvas shows how a node has ended. */
	async hasEnded(name: string, how: 'success' | 'error'): Promise<void> {
		const ofN8n1 = { success: 'canvas-node-status-success', error: 'node-issues' }[how];
		const node = this.node(name);
		const mark = this.part(`canvas-node-status-mark-${how}`, node);
		await mark.or(this.part(ofN8n1, node)).first().waitFor();
	}

	/** A parameter of the open node or credential. */
	parameter(name: string): Locator {
		return this.part(`parameter-input-${name}`);
	}

	async type(name: string, text: string): Promise<void> {
		await this.parameter(name).locator('input').fill(text);
	}

	/**
	 * Types an expression and waits for n8n's preview for the first item.
	 * @param expression without the braces around it
	 */
	async typeExpression(name: string, expression: string, result: string): Promise<void> {
		await this.parameter(name).hover();
		const switches = this.part(`${name}-parameter-input-options-container`);
		await this.part('radio-button-expression', switches).click();
		const field = this.parameter(name).locator('[contenteditable="true"]');
		await field.fill(`{{ ${expression} }}`);
		await this.part('inline-expression-editor-output').getByText(result).waitFor();
	}

	/** The names in a list of options that is open. */
	options(): Locator {
		return this.page.locator('[role="option"]:visible');
	}

	/** Chooses an option in a dropdown. */
	async choose(name: string, option: string | RegExp): Promise<void> {
		await this.openOptions(name, option);
		await this.options().filter({ hasText: option }).first().click();
	}

	/** Opens a dropdown that has this option. n8n closes a list that it fetches again. */
	async openOptions(name: string, option: string | RegExp): Promise<void> {
		const wanted = this.options().filter({ hasText: option }).first();
		for (let tries = 1; ; tries++) {
			await this.parameter(name).locator('input').first().click();
			try {
				return await wanted.waitFor({ timeout: 3_000 });
			} catch (error) {
				if (tries === 10) throw error;
			}
		}
	}

	/** Removes a selected value from a multi-select field. */
	async removeChoice(name: string, choice: string): Promise<void> {
		const tag = this.parameter(name).locator('.el-tag').filter({ hasText: choice });
		await tag.locator('.el-tag__close').click();
		await tag.waitFor({ state: 'detached' });
	}

	/** Closes the open list as people do, by a click outside it. */
	async clickBeside(): Promise<void> {
		await this.part('output-panel').click({ position: { x: 20, y: 300 } });
	}

	/** Opens the list of a resource locator. */
	async openPicker(name: string): Promise<void> {
		await this.part('rlc-input', this.part(`resource-locator-${name}`)).click();
		await this.part('rlc-item').first().waitFor();
	}

	/** In an open picker. */
	pickerEntry(text: string): Locator {
		return this.page.locator('[data-test-id="rlc-item"]:visible').filter({ hasText: text });
	}

	/** Waits until an open picker shows exactly `count` entries. Returns their texts. */
	async pickerEntries(count: number): Promise<string[]> {
		const entries = this.page.locator('[data-test-id="rlc-item"]:visible');
		await entries.nth(count - 1).waitFor();
		await entries.nth(count).waitFor({ state: 'detached' });
		return await entries.allInnerTexts();
	}

	/** Opens the list of options that can be added: n8n 2 has a button for it, n8n 1 a dropdown. */
	async openAddOption(): Promise<void> {
		const dropdown = this.page.locator('.param-options .add-option input');
		await this.part('collection-parameter-add').or(dropdown).first().click();
	}

	async addOption(option: string): Promise<void> {
		await this.openAddOption();
		await this.options().filter({ hasText: option }).first().click();
	}

	/** Executes the open node and waits until it has ended, successfully or not. */
	async executeNode(): Promise<void> {
		await this.part('node-execute-button').click();
		const ended = ['success', 'danger'].map((how) => this.part(`node-run-status-${how}`));
		await ended[0].or(ended[1]).waitFor();
	}

	/** Pins data as the open node's result in place of an execution. */
	async setMockData(items: object[]): Promise<void> {
		await this.part('ndv-edit-pinned-data').click();
		const field = this.part('output-panel').locator('[contenteditable="true"]');
		await field.fill(JSON.stringify(items));
		await this.page.getByRole('button', { name: 'Save', exact: true }).click();
		await field.waitFor({ state: 'hidden' });
	}

	/** What the canvas shows at the outputs of a node, connected or not. */
	async branches(name: string): Promise<Branch[]> {
		const handles = this.page.locator(
			`[data-test-id="canvas-node-output-handle"][data-node-name="${name}"]`,
		);
		const texts = await handles.allInnerTexts();
		return texts.map((text) => {
			const lines = text.split('\n').map((line) => line.trim());
			return {
				label: lines.find((line) => line && !/^\d+ items?$/.test(line)) ?? '',
				items: lines.find((line) => /^\d+ items?$/.test(line)) ?? '',
			};
		});
	}

	/** The text on the connection between two nodes. */
	connection(from: string, to: string): Locator {
		return this.page.locator(
			`[data-test-id="edge-label"][data-source-node-name="${from}"][data-target-node-name="${to}"]`,
		);
	}
}
