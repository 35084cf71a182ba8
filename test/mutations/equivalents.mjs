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
];
