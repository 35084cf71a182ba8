import { findChromium } from './support/chromium.mts';

describe('Chromium', () => {
	it('is taken from the environment variable CHROMIUM', () => {
		expect(findChromium({ CHROMIUM: process.execPath })).toBe(process.execPath);
	});

	it('is said to be missing with the name of its Debian package', () => {
		const missing = () => findChromium({ CHROMIUM: '/nowhere/chromium' });
		expect(missing).toThrow('There is no Chromium at /nowhere/chromium.');
		expect(missing).toThrow('Install the Debian package "chromium" (apt-get install chromium)');
	});
});
