/** Changes without observable effect: the file, the line of code, the change in it, and the reason. */
export const EQUIVALENTS = [
	{
		file: 'nodes/SinchCapability/waiting/queueMode/collector.ts',
		code: 'present.set(process, true, performance.now());',
		from: 'true',
		to: 'false',
		reason: 'Only the key is used; no one reads the value.',
	},
	{
		file: 'nodes/SinchCapability/sinch/digits.ts',
		code: "text.replace(/\\p{Nd}/gu, (character) => (character <= '9' ? character : digitValue(character)));",
		from: "character <= '9'",
		to: "character < '9'",
		reason: 'The value of the digit 9 is 9.',
	},
	{
		file: 'nodes/SinchCapability/sinch/digits.ts',
		code: 'if (odd === undefined) {',
		from: 'odd === undefined',
		to: 'false',
		reason:
			'No grapheme includes the text "undefined", so the search finds none and undefined is returned all the same.',
	},
	{
		file: 'nodes/SinchCapability/sinch/countries.ts',
		code: "byName.delete('');",
		from: "byName.delete('');",
		to: ';',
		reason:
			'With the names of all countries in Node.js, no key is empty. It protects against one without them.',
	},
	{
		file: 'nodes/SinchCapability/shared/promises.ts',
		code: "signal.addEventListener('abort', () => own.forEach((wake) => wake()), { once: true });",
		from: 'true',
		to: 'false',
		reason: 'A signal is aborted once, and its promises are settled once.',
	},
	{
		file: 'nodes/SinchCapability/waiting/mailbox.ts',
		code: 'if (!requestId) {',
		from: '!requestId',
		to: 'false',
		reason: 'No query has an empty ID, so nothing that is kept under it is ever looked for.',
	},
];
