import { findChromium } from './support/chromium.mts';

it('Chromium is taken from the environment variable CHROMIUM', () => {
	expect(findChromium({ CHROMIUM: process.execPath })).toBe(process.execPath);
});

it('a missing Chromium is reported with the name of its Debian package', () => {
	const missing = () => findChromium({ CHROMIUM: '/nowhere/chromium' });
	expect(missing).toThrow('There is no Chromium at /nowhere/chromium.');
	expect(missing).toThrow('Install the Debian package "chromium" (apt-get install chromium)');
});
