/** Changes without observable effect, as `actions.mjs` prints them, each with the reason. */
export const EQUIVALENTS = [
	[
		'nodes/SinchCapability/actions/capability/collectSession.ts  true → false',
		'What is remembered of a process is its name; nobody reads the value.',
	],
];
