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
	/** Milliseconds from the query to the start of the branch; undefined if it never arrived. */
	milliseconds: number | undefined;
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
		return `left by ${outputs.join(' and ') || 'no output'} instead of ${outcome}`;
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
 * @param askedAt when each query was sent, in milliseconds since 1970, by request ID
 */
export function compare(
	workflow: WorkflowFile,
	demo: Demo,
	answers: Answer[],
	askedAt: Map<string, number>,
): Comparison {
	const unclaimed = new Set(answers);
	const rows = demo.contacts.flatMap(({ contactId, name, channels }) =>
		channels.map((expected): Row => {
			const own = answers.filter(
				(answer) =>
					answer.contactId === contactId &&
					answer.channel === expected.channel &&
					answer.identity === expected.identity &&
					askedAt.has(answer.requestId),
			);
			for (const answer of own) unclaimed.delete(answer);
			const asked = askedAt.get(own[0]?.requestId ?? '');
			const branchedAt = own[0]?.branchedAt;
			return {
				contact: name,
				channel: expected.channel,
				status: own[0]?.capabilityStatus ?? '',
				reason: own[0]?.reasonCode ?? '',
				branch: own[0]?.outputs.join(' + ') ?? '',
				milliseconds: asked && branchedAt ? branchedAt - asked : undefined,
				difference: judge(workflow, expected.outcome, own),
			};
		}),
	);
	const wrong = rows.filter(({ difference }) => difference);
	const surplus = [...unclaimed].map(
		({ executionId, channel, identity }) =>
			`Execution ${executionId} is for nothing that was asked: ${channel} ${identity}`,
	);
	const differences = wrong.map((row) => `${row.contact}, ${row.channel}: ${row.difference}`);
	return { rows, differences: [...differences, ...surplus] };
}
