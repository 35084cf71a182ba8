/** Changes without observable effect: the file, the line of code, the change in it, and the reason. */
export const EQUIVALENTS = [
	{
		file: 'nodes/SinchCapability/actions/capability/knownProcesses.ts',
		code: 'verified.set(target, true, now);',
		from: 'true',
		to: 'false',
		reason: 'Only the key is used; nobody reads the value.',
	},
	{
		file: 'nodes/SinchCapability/actions/capability/knownProcesses.ts',
		code: 'present.set(process, true, now);',
		from: 'true',
		to: 'false',
		reason: 'Only the key is used; nobody reads the value.',
	},
];
