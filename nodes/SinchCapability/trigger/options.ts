import { type INodeProperties, NodeOperationError } from 'n8n-workflow';

import { OUTCOMES } from '../notification/outcomes';
import { optionsCollection, quote, textOf, toBoolean, toNumber } from '../parameters/item';
import { maxAgeOf, maxAgeOption } from '../parameters/verification';
import { outputModeField, simplifyField, TOLD_APART_IF_SIMPLE } from '../parameters/outputMode';
import { appField, idOf, idProblem } from '../parameters/pickers';
import { readChoices, choiceFinder } from '../shared/choices';
import { ExpiringMap } from '../shared/expiringMap';
import { CHANNELS, findChannel } from '../sinch/channels';
import { type Context, triggerKey } from './staticData';

const outputsField = outputModeField(OUTCOMES, TOLD_APART_IF_SIMPLE);

const executionsOption: INodeProperties = {
	displayName: 'Answers per Execution',
	name: 'executions',
	type: 'options',
	options: [
		{
			name: 'Grouped by Time',
			value: 'groupedByTime',
			description:
				"Collect answers for the time in 'Collect for (Seconds)', then start one execution for all of them. Needs the fewest executions.",
		},
		{
			name: 'Grouped When Busy',
			value: 'groupedWhenBusy',
			description:
				'Start at once when n8n is free; answers that arrive while an execution is starting share the next one',
		},
		{
			name: 'One',
			value: 'onePerAnswer',
			description:
				'Start an execution for each answer, one after the other. Slower when many answers arrive together.',
		},
	],
	default: 'groupedWhenBusy',
	description:
		"How many answers share an execution. A grouped execution holds several items, and the next nodes handle each of them. 'first()' in an expression sees only one of the items, and an item that fails stops the others unless the failing node's 'On Error' setting is 'Continue'.",
};

const appOption = appField('The app to use instead of the one in the credential');

const STATUSES = [
	{ name: 'Full', value: 'CAPABILITY_FULL' },
	{ name: 'None', value: 'NO_CAPABILITY' },
	{ name: 'Partial', value: 'CAPABILITY_PARTIAL' },
	{ name: 'Unknown', value: 'CAPABILITY_UNKNOWN' },
];

const findStatus = choiceFinder(STATUSES);

const statusesOption: INodeProperties = {
	displayName: 'Capability Statuses',
	name: 'statuses',
	type: 'multiOptions',
	options: STATUSES,
	default: [],
	description:
		'Start the workflow only for these statuses of Sinch; leave empty for all. A check that failed has the status None or Unknown.',
};

const channelsOption: INodeProperties = {
	displayName: 'Channels',
	name: 'channels',
	type: 'multiOptions',
	options: CHANNELS.map(({ name, value }) => ({ name, value })),
	default: [],
	description: 'Start the workflow only for these channels; leave empty for all',
};

const windowOption: INodeProperties = {
	displayName: 'Collect for (Seconds)',
	name: 'windowSeconds',
	type: 'number',
	displayOptions: { show: { executions: ['groupedByTime'] } },
	typeOptions: { minValue: 0.1, maxValue: 10 },
	default: 2,
	description:
		'How long to collect answers after the first one. Sinch waits for its response during this time, and does not document how long it will wait.',
};

const acknowledgeOption: INodeProperties = {
	displayName: 'Confirm to Sinch',
	name: 'acknowledge',
	type: 'options',
	options: [
		{
			name: 'When the Answer Is Stored',
			value: 'stored',
			description:
				'Respond to Sinch as soon as n8n has stored the execution that carries the answer. If n8n stops unexpectedly, executions that were running are not repeated.',
		},
		{
			name: 'When the Workflow Has Finished',
			value: 'finished',
			description:
				'Respond to Sinch at the end of the execution. Sinch sends the answer again if n8n stops unexpectedly or the workflow fails before that, so the workflow may run more than once for an answer.',
		},
	],
	default: 'stored',
	description:
		'When to confirm to Sinch that an answer has arrived. Sinch sends unconfirmed answers again.',
};

const emitAwaitedOption: INodeProperties = {
	displayName: 'Include Awaited Answers',
	name: 'emitAwaited',
	type: 'boolean',
	default: false,
	description:
		"Whether answers that 'Check Reachability and Wait' is waiting for also start this workflow",
};

/** The trigger node's fields; the options are in the alphabetical order of their labels. */
export const triggerFields: INodeProperties[] = [
	outputsField,
	simplifyField,
	optionsCollection([
		executionsOption,
		appOption,
		statusesOption,
		channelsOption,
		windowOption,
		acknowledgeOption,
		emitAwaitedOption,
		maxAgeOption,
	]),
];

/** Reads what an expression has given for a field; undefined for what cannot be used. */
type Reader<Value> = (given: unknown, field: INodeProperties) => Value | undefined;

const oneOf =
	<Choice extends string>(...choices: Choice[]): Reader<Choice> =>
	(given) =>
		choices.find((choice) => choice === given);

const listOf =
	(find: (entry: string) => string | undefined): Reader<string[]> =>
	(given) => {
		const read = readChoices(given, find);
		return 'values' in read ? read.values : undefined;
	};

const numberWithin: Reader<number> = (given, { typeOptions = {} }) => {
	const { minValue = 0, maxValue = Number.MAX_VALUE } = typeOptions;
	const value = toNumber(given);
	return value >= minValue && value <= maxValue ? value : undefined;
};

function appIdOf(given: unknown): string | undefined {
	const id = idOf(given);
	return idProblem(id) ? undefined : id;
}

/**
 * The trigger node's fields and options; each one that is not set, or cannot be used, has its default.
 * Never throws: an expression may give anything at any time, and Sinch would repeat the answer.
 */
export function readOptions(context: Context) {
	const problems: string[] = [];

	function read<Value>(
		field: INodeProperties,
		reader: Reader<Value>,
		path = `options.${field.name}`,
	): Value {
		const { displayName } = field;
		const usable = (given: unknown): Value => {
			const isBlank = textOf(given).trim() === '';
			const value = reader(isBlank ? field.default : given, field);
			if (value === undefined) {
				const shown = quote(field === appOption ? idOf(given) : textOf(given));
				problems.push(`'${displayName}' has a value that cannot be used: ${shown}`);
			}
			return value ?? usable(null);
		};
		try {
			return usable(context.getNodeParameter(path, null));
		} catch (error) {
			problems.push(`'${displayName}' cannot be read: ${quote((error as Error).message)}`);
			return usable(null);
		}
	}

	return {
		outputMode: read(outputsField, oneOf('perOutcome', 'single'), 'outputMode'),
		simplify: read(simplifyField, toBoolean, 'simplify'),
		executions: read(executionsOption, oneOf('groupedWhenBusy', 'onePerAnswer', 'groupedByTime')),
		/** Empty for the credential's. */
		appId: read(appOption, appIdOf),
		/** Empty for all. */
		statuses: read(statusesOption, listOf(findStatus)),
		/** Empty for all. */
		channels: read(channelsOption, listOf(findChannel)),
		/** For `groupedByTime`. */
		windowSeconds: read(windowOption, numberWithin),
		acknowledge: read(acknowledgeOption, oneOf('stored', 'finished')),
		emitAwaited: read(emitAwaitedOption, toBoolean),
		maxAgeHours: read(maxAgeOption, maxAgeOf),
		/** Says of each option that cannot be used what is wrong with it. */
		problems,
	};
}

export type TriggerOptions = ReturnType<typeof readOptions>;

export function requireNoProblem(context: Context, { problems }: TriggerOptions): void {
	const [problem] = problems;
	if (problem) {
		throw new NodeOperationError(context.getNode(), problem, {
			description: 'Correct this option, or remove it.',
		});
	}
}

/** One line an hour for each trigger is enough. */
const warned = new ExpiringMap<true>(60 * 60_000, 1_000);

/** Writes into the log that some options are ignored. */
export function warnOfProblems(context: Context, { problems }: TriggerOptions): void {
	const now = performance.now();
	if (problems.length > 0 && !warned.get(triggerKey(context), now)) {
		warned.set(triggerKey(context), true, now);
		context.logger.warn(
			`Sinch Capability Trigger ignores options that it cannot use: ${problems.join('; ')}`,
		);
	}
}
