import Table from 'cli-table3';
import type { N8nApi } from '../n8n/api.mts';
import { Problem } from '../n8n/problem.mts';
import type { Workflow } from '../n8n/types.mts';
import type { Demo } from '../simulator/wire.ts';
import { ACTION_TYPE } from './setup.mts';

const LIMIT_MS = 90_000;

/** The outputs of *Check reachability and wait*; listed here so that the check does not rely on the node itself. */
const OUTPUTS = ['Full', 'Partial', 'None', 'Unknown', 'Failed', 'No Answer'];

const UNUSABLE = ['Failed', 'No Answer', 'Unknown', 'None'];

/** The output of a contact: that of its first usable channel, otherwise Failed, No Answer or Unknown
 * before None. */
const outputOf = (channels: ReadonlyArray<{ outcome: string }>): string =>
	channels.find(({ outcome }) => outcome === 'Full' || outcome === 'Partial')?.outcome ??
	UNUSABLE.find((output) => channels.some(({ outcome }) => outcome === output))!;

/** The channels that the example checks. */
const CHANNELS = ['RCS', 'WHATSAPP'];

/**
 * The output on which a demo contact leaves the example. Without a row in its table, the simulator
 * answers *Unknown* on these channels.
 */
export const expectedOutput = ({ channels }: Demo['contacts'][number]): string =>
	outputOf(
		CHANNELS.map((name) => ({
			outcome: channels.find(({ channel }) => channel === name)?.outcome ?? 'Unknown',
		})),
	);

/** One contact, as it left the node *Check reachability and wait*. */
interface BestChannel {
	contact: string;
	/** Its phone number, or another identity on a channel. */
	identity: string;
	channel: string;
	/** The outputs that it left on; exactly one is correct. */
	branch: string;
	expected: string;
}

export interface BestChannels {
	contacts: BestChannel[];
	differences: string[];
}

/** Runs *Best channel for each contact* once and compares each contact with the simulator's table. */
export async function findBestChannels(
	api: N8nApi,
	workflow: Workflow,
	demo: Demo,
): Promise<BestChannels> {
	const start = workflow.nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger')!;
	const action = workflow.nodes.find(({ type }) => type === ACTION_TYPE)!;
	const id = await api.run(workflow.id, start.name);
	const execution = await api.waitForExecution(id!, LIMIT_MS);
	if (execution.status !== 'success') {
		const message = execution.error?.message ?? execution.status;
		throw new Problem(`The workflow “${workflow.name}” failed: ${message}`);
	}
	const outputs = execution.runs[action.name][0].data?.main ?? [];
	const contacts = demo.contacts.map((contact): BestChannel => {
		const { name } = contact;
		const left = outputs.flatMap((items, index) =>
			(items ?? []).filter(({ json }) => json.name === name).map((item) => ({ index, ...item })),
		);
		return {
			contact: name,
			identity: contact.channels[0]?.identity ?? '',
			channel: left.map(({ json }) => String(json.best_channel ?? '')).join(' + '),
			branch: left.map(({ index }) => OUTPUTS[index]).join(' + '),
			expected: expectedOutput(contact),
		};
	});
	const started = await api.listExecutions(workflow.id);
	return {
		contacts,
		differences: [
			...contacts
				.filter(({ branch, expected }) => branch !== expected)
				.map(({ contact, branch, expected }) => `${contact}: ${branch} instead of ${expected}`),
			...(started.length === 1 ? [] : [`${started.length} executions started instead of one`]),
		],
	};
}

export function drawBestChannels({ contacts }: BestChannels): string {
	const table = new Table({
		head: ['Contact', 'Number', 'Best channel', 'Branch'],
		style: { head: [], border: [], compact: true },
	});
	for (const { contact, identity, channel, branch, expected } of contacts) {
		table.push([contact, identity, channel || '–', branch === expected ? branch : `${branch} ✗`]);
	}
	return table.toString();
}
