import type { Locator } from 'playwright-core';

/** An image of this package in the browser. */
export interface Icon {
	/** For example `sinchCapability.dark.svg`. */
	file: string;
	/** False when the browser could not show it. */
	loaded: boolean;
}

/** The part of the browser's `HTMLImageElement` that is used here. */
interface LoadingImage {
	src: string;
	naturalWidth: number;
	decode(): Promise<void>;
}

/** This package's icons in a part of the page, once all of them are loaded. */
export async function iconsIn(within: Locator): Promise<Icon[]> {
	const images = within.locator('img[src*="sinchCapability"]:visible');
	await images.first().waitFor();
	return await images.evaluateAll(
		async (elements) =>
			await Promise.all(
				(elements as unknown as LoadingImage[]).map(async (image) => {
					await image.decode().catch(() => undefined);
					return { file: image.src.split('/').at(-1)!, loaded: image.naturalWidth > 0 };
				}),
			),
	);
}
