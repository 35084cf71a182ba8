import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { PROJECT_FOLDER, RUN_FOLDER } from '../../../sandbox/n8n/package.mts';

/** Of every step, for people to look at; ignored by git. */
const ALL = join(RUN_FOLDER, 'screenshots');
/** The few that the README shows; written only with `UPDATE_SCREENSHOTS=1`. */
const SHOWN = join(PROJECT_FOLDER, 'docs', 'images');

export type Theme = 'light' | 'dark';

export const ICON_FILES: Record<Theme, string> = {
	dark: 'sinchCapability.dark.svg',
	light: 'sinchCapability.svg',
};

/** Part of the page in CSS pixels. */
export interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** n8n's messages in the corner come and go; they would make each picture another one. */
const WITHOUT_MESSAGES = '.el-notification, [data-test-id="toast"] { display: none !important }';

/**
 * Shows n8n in a theme, as the settings of the computer would, and waits until this package's icon
 * has followed where one is to be seen.
 */
export async function showIn(page: Page, theme: Theme): Promise<void> {
	const icons = page.locator('img[src*="/sinchCapability."]:visible');
	const hasIcon = (await icons.count()) > 0;
	await page.emulateMedia({ colorScheme: theme });
	if (!hasIcon) return;
	const icon = page.locator(`img[src$="/${ICON_FILES[theme]}"]:visible`).first();
	await icon.evaluate(async (image) => {
		await (image as unknown as { decode(): Promise<void> }).decode();
	});
}

/** Takes a picture of the whole page. */
export async function picture(page: Page, name: string): Promise<void> {
	await mkdir(ALL, { recursive: true });
	await page.screenshot({ path: join(ALL, `${name}.png`), animations: 'disabled' });
}

/** Takes a picture in both themes, and leaves the page in the light one. */
export async function pictures(page: Page, name: string): Promise<void> {
	await picture(page, name);
	await showIn(page, 'dark');
	await picture(page, `${name}-dark`);
	await showIn(page, 'light');
}

/** Takes a picture for the README, when told to. */
export async function illustrate(page: Page, name: string, clip: Clip): Promise<void> {
	if (!process.env.UPDATE_SCREENSHOTS) return;
	await mkdir(SHOWN, { recursive: true });
	await page.screenshot({
		path: join(SHOWN, `${name}.png`),
		animations: 'disabled',
		caret: 'hide',
		clip,
		style: WITHOUT_MESSAGES,
	});
}
