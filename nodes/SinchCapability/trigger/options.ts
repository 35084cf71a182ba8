import { type INodeProperties, type INodePropertyOptions, NodeOperationError } from 'n8n-workflow';

import { readChoices, choiceFinder } from '../shared/choices';
import { quote, textOf, toBoolean, toNumber } from '../parameters/item';
import { idOf, idProblem } from '../parameters/pickers';
import { ExpiringMap } from '../shared/expiringMap';
import { findChannel } from '../sinch/channels';
import type { Acknowledge } from './acknowledgement';
import { FIELDS, OPTIONS } from './options.fields';
import { type Context, triggerKey } from './registration';

/** The trigger node's fields and options; each one that is not set, or cannot be used, has its default. */
export interface TriggerOptions {
	acknowledge: Acknowledge;
	/** Empty for the credential's. */
	appId: string;
	/** Empty for all. */
	channels: string[];
	/** Whether answers that Check Reachability and Wait receives also start an execution. */
	emitAwaited: boolean;
	/** How answers share executions. */
	executions: 'groupedWhenBusy' | 'onePerAnswer' | 'groupedByTime';
	/** The age limit of a signature, 0 for none. */
	maxAgeHours: number;
	outputMode: 'perOutcome' | 'single';
	simplify: boolean;
	/** Empty for all. */
	statuses: string[];
	/** For `groupedByTime`. */
	windowSeconds: number;
	/** Says of each option that cannot be used what is wrong with it. */
	problems: string[];
}

const isBlank = (given: unknown): boolean =>
	(given ?? null) === null || (typeof given === 'string' && given.trim() === '');

function appIdOf(given: unknown): string | undefined {
	const id = idOf(given);
	return idProblem(id) ? undefined : id;
}

/** Reads a value by the type and the bounds of its field; undefined for one that cannot be used. */
function valueOf(field: INodeProperties, given: unknown): unknown {
	const choices = field.options as INodePropertyOptions[];
	switch (field.type) {
		case 'boolean':
			return toBoolean(given);
		case 'number': {
			const { minValue = 0, maxValue = Number.MAX_VALUE } = field.typeOptions ?? {};
			const value = toNumber(given);
			return value >= minValue && value <= maxValue ? value : undefined;
		}
		case 'options':
			return choices.find(({ value }) => value === given)?.value;
		case 'multiOptions': {
			const find = choiceFinder(choices as Array<{ name: string; value: string }>);
			const read = readChoices(given, field.name === 'channels' ? findChannel : find);
			return 'values' in read ? read.values : undefined;
		}
		default:
			return appIdOf(given);
	}
}

/** Never throws: an expression may give anything at any time, and Sinch would repeat the answer. */
export function readOptions(context: Context): TriggerOptions {
	const problems: string[] = [];

	function read(field: INodeProperties, path: string): [string, unknown] {
		let value: unknown;
		try {
			const given: unknown = context.getNodeParameter(path, null);
			value = valueOf(field, isBlank(given) ? field.default : given);
			if (value === undefined) {
				problems.push(
					`'${field.displayName}' has a value that cannot be used: ${quote(field.name === 'appId' ? idOf(given) : textOf(given))}`,
				);
			}
		} catch (error) {
			problems.push(`'${field.displayName}' cannot be read: ${quote((error as Error).message)}`);
		}
		return [field.name, value ?? valueOf(field, field.default)];
	}

	const values = [
		...FIELDS.map((field) => read(field, field.name)),
		...OPTIONS.map((field) => read(field, `options.${field.name}`)),
	];
	return { ...Object.fromEntries(values), problems } as TriggerOptions;
}

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
