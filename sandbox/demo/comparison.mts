import type { WorkflowFile } from '../n8n/types.mts';
import { nodesBehind, type Answer } from './answers.mts';
import type { Demo } from '../simulator/wire.ts';

/** One row of the simulator's table with what happened to it in n8n. */
export interface Row {
	contact: string;
	channel: string;
	status: string;
	reason: string;
	/** The output that it left on, according to n8n's data; empty if it never arrived. */
	branch: string;
	/** The difference from the table, as a sentence; undefined if there is none. */
	difference: string | undefined;
}

export interface Comparison {
	rows: Row[];
	/** All differences, including answers that belong to no row. Empty if all is correct. */
	differences: string[];
}

function judge(workflow: WorkflowFile, outcome: string, answers: Answer[]): string | undefined {
	if (answers.length === 0) return 'never arrived';
	if (answers.length > 1) return `arrived ${answers.length} times`;
	const [{ status, outputs, nodes }] = answers;
	if (outputs.join() !== outcome) {
		return `left on ${outputs.join(' and ') || 'no output'} instead of ${outcome}`;
	}
	const expected = nodesBehind(workflow, outcome);
	if (nodes.join() !== expected.join()) {
		return `ran ${nodes.join(', ') || 'no node'} instead of ${expected.join(', ')}`;
	}
	return status === 'success' ? undefined : `its execution ended as ${status}`;
}

/**
 * Compares n8n's answers with the simulator's table: each row exactly once, on its own branch, and
 * nothing else.
 * @param requestIds of the queries that were sent
 */
export function compare(
	workflow: WorkflowFile,
	demo: Demo,
	answers: Answer[],
	requestIds: string[],
): Comparison {
	const unclaimed = new Set(answers);
	const rows = demo.contacts.flatMap(({ contactId, name, channels }) =>
		channels.map((expected): Row => {
			const own = answers.filter(
				(answer) =>
					answer.contactId === contactId &&
					answer.channel === expected.channel &&
					answer.identity === expected.identity &&
					requestIds.includes(answer.requestId),
			);
			for (const answer of own) unclaimed.delete(answer);
			return {
				contact: name,
				channel: expected.channel,
				status: own[0]?.capabilityStatus ?? '',
				reason: own[0]?.reasonCode ?? '',
				branch: own[0]?.outputs.join(' + ') ?? '',
				difference: judge(workflow, expected.outcome, own),
			};
		}),
	);
	const wrong = rows.filter(({ difference }) => difference);
	const surplus = [...unclaimed].map(
		({ executionId, channel, identity }) =>
			`Execution ${executionId} belongs to no query: ${channel} ${identity}`,
	);
	const differences = wrong.map((row) => `${row.contact}, ${row.channel}: ${row.difference}`);
	return { rows, differences: [...differences, ...surplus] };
}
