import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';
import { PROJECT_FOLDER, RUN_FOLDER } from '../../../sandbox/n8n/package.mts';

const IS_N8N_1 = process.env.N8N_VERSION?.startsWith('1.') === true;

/** Pictures of every step, for people to look at; ignored by git. */
const ALL = join(RUN_FOLDER, IS_N8N_1 ? 'screenshots-n8n1' : 'screenshots');
/** The pictures in README and docs, of n8n 2; written only with `UPDATE_SCREENSHOTS=1`. */
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

/**
 * Hides n8n's notifications, which would make every picture differ, the canvas's dots, which would make
 * it large, and the button below the canvas.
 */
const PLAIN =
	'.el-notification, [data-test-id="toast"], .vue-flow__background, [data-test-id="execute-workflow-button"] { display: none !important }';

/**
 * Switches n8n to a theme, as the computer's settings would, and waits until this package's icon, if
 * visible, has switched too.
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

/** Common sizes of a screen, by their width. */
const SIZES = [
	{ width: 1440, height: 900 },
	{ width: 1024, height: 768 },
];

/** Takes pictures on a large and on a small screen. */
export async function picturesOfSizes(page: Page, name: string): Promise<void> {
	const before = page.viewportSize()!;
	for (const size of SIZES) {
		await page.setViewportSize(size);
		await pictures(page, `${name}-${size.width}`);
	}
	await page.setViewportSize(before);
}

/** The area of the page that an element covers. */
async function roomOf(page: Page, place: Locator): Promise<Clip> {
	const { x, y, width, height } = (await place.boundingBox())!;
	const screen = page.viewportSize()!;
	const left = Math.max(0, x);
	const top = Math.max(0, y);
	return {
		x: left,
		y: top,
		width: Math.min(x + width, screen.width) - left,
		height: Math.min(y + height, screen.height) - top,
	};
}

/** Screen sizes for pictures, in CSS pixels: one that shows long forms completely, and one for small files. */
export const SCREENS = {
	high: { width: 1280, height: 1200 },
	small: { width: 1120, height: 660 },
};

/**
 * Takes a picture for README and docs in both themes, if requested.
 *
 * @param screen the screen size for this picture, if it differs from the tour's
 */
export async function illustrate(
	page: Page,
	name: string,
	place: Clip | Locator,
	screen?: { width: number; height: number },
): Promise<void> {
	if (!process.env.UPDATE_SCREENSHOTS || IS_N8N_1) return;
	const isElement = 'boundingBox' in place;
	await mkdir(SHOWN, { recursive: true });
	const before = page.viewportSize()!;
	await page.setViewportSize(screen ?? before);
	for (const theme of ['light', 'dark'] as const) {
		await showIn(page, theme);
		const file = `${name}${theme === 'dark' ? '-dark' : ''}.png`;
		const taken = await page.screenshot({
			animations: 'disabled',
			caret: 'hide',
			clip: isElement ? await roomOf(page, place) : place,
			style: PLAIN,
		});
		// A screen needs few colors; with a palette the file has less than half the size.
		await sharp(taken).png({ palette: true, effort: 10 }).toFile(join(SHOWN, file));
	}
	await showIn(page, 'light');
	await page.setViewportSize(before);
}
