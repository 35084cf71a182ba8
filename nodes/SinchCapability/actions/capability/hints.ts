import type { NodeHint } from 'n8n-workflow';

/** From how many items on the answers take more than half a minute. */
const MANY_ITEMS = 750;

const manyItemsIn = (operation: string) =>
	`={{ $parameter["resource"] === "capability" && $parameter["operation"] === "${operation}" && $input.all().length > ${MANY_ITEMS} }}`;

/** Shown before a long run, because n8n shows no progress within a node. */
export const longRunHints: NodeHint[] = [
	{
		message:
			'Sinch takes these queries within seconds, but delivers its answers at 25 a second by default: 1,000 answers reach the trigger in 40 seconds or more.',
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: manyItemsIn('query'),
	},
	{
		message:
			'Sinch delivers its answers at 25 a second by default: this node waits at least 40 seconds for 1,000 of them.',
		type: 'info',
		location: 'outputPane',
		whenToDisplay: 'beforeExecution',
		displayCondition: manyItemsIn('queryAndWait'),
	},
];
