import type { Page } from 'playwright-core';

/** The parts of the browser's API that the counting script uses. */
interface Browser {
	addEventListener(type: string, listen: (event: PageEvent) => void, capture: boolean): void;
	countEffort(kind: string, what: string): void;
}

interface PageEvent {
	isTrusted: boolean;
	key?: string;
	target: { closest(selector: string): { getAttribute(name: string): string } | null };
}

/** The user's input, as the browser received it. */
export class Effort {
	clicks = 0;
	/** Keys pressed outside of texts, such as `Escape`. */
	readonly keys: string[] = [];
	/** The form fields that received typed text, each once. */
	readonly typed = new Set<string>();
	/** Words typed to find an entry of a list. */
	readonly searched = new Set<string>();

	/**
	 * Starts counting, on this page and all later ones: every mouse press and every
	 * key without a character that reaches the browser, whatever its purpose.
	 */
	static async of(page: Page): Promise<Effort> {
		const effort = new Effort();
		await page.exposeFunction('countEffort', (kind: string, what: string) => {
			if (kind === 'click') effort.clicks++;
			else if (kind === 'key') effort.keys.push(what);
			else (/search/.test(what) ? effort.searched : effort.typed).add(what);
		});
		const listen = () => {
			const browser = globalThis as unknown as Browser;
			const field =
				'[data-test-id^="parameter-input-"]:not([data-test-id="parameter-input-field"])';
			const nameOf = ({ target }: PageEvent) =>
				(target.closest(field) ?? target.closest('[data-test-id]'))?.getAttribute('data-test-id') ??
				'another field';
			const count = (kind: string) => (event: PageEvent) => {
				if (event.isTrusted) browser.countEffort(kind, nameOf(event));
			};
			browser.addEventListener('pointerdown', count('click'), true);
			browser.addEventListener('input', count('typed'), true);
			const countKey = ({ isTrusted, key = '' }: PageEvent) => {
				if (isTrusted && key.length > 1) browser.countEffort('key', key);
			};
			browser.addEventListener('keydown', countKey, true);
		};
		await page.addInitScript(listen);
		await page.evaluate(listen);
		return effort;
	}

	reset(): void {
		this.clicks = 0;
		this.keys.length = 0;
		this.typed.clear();
		this.searched.clear();
	}
}
