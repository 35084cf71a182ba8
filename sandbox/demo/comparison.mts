import type { WorkflowFile } from '../n8n/types.mts';
import { nodesBehind, type Answer } from './answers.mts';
import type { Demo } from '../simulator/wire.ts';

/** One row of the simulator's table beside what became of it in n8n. */
export interface Row {
	contact: string;
	channel: string;
	status: string;
	reason: string;
	/** The output by which it left, as n8n's data say; empty when it never came. */
	branch: string;
	/** From the question's arrival at Sinch to the start of the branch; undefined: never came. */
	milliseconds: number | undefined;
	/** What differs from the table, as a sentence; undefined if nothing does. */
	difference: string | undefined;
}

export interface Comparison {
	rows: Row[];
	/** All that differs, including answers that belong to no row. Empty: all is as it should be. */
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
 * Holds n8n's answers against the table of the simulator: each row once, on its own branch, and
 * nothing else.
 * @param askedAt when each request id was asked, in milliseconds since 1970.
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
