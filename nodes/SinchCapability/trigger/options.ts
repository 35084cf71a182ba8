import type { IHookFunctions, IWebhookFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { readChoices } from '../parameters/choices';
import { quote, toBoolean, toNumber } from '../parameters/item';
import { DEFAULT_MAX_AGE_HOURS, isMaxAge, maxAgeOption } from '../parameters/maxAge';
import { idOf } from '../parameters/pickers';
import { choiceFinder } from '../shared/choiceFinder';
import { ExpiringMap } from '../shared/expiringMap';
import { findChannel } from '../sinch/channels';
import type { Acknowledge } from './acknowledgement';

/** How long *Grouped by Time* collects answers; each answer's sender waits as long. In seconds. */
export const DEFAULT_WINDOW_SECONDS = 2;
export const MAX_WINDOW_SECONDS = 10;

/** The choices of *Capability Statuses*. */
export const STATUSES = [
	{ name: 'Full', value: 'CAPABILITY_FULL' },
	{ name: 'None', value: 'NO_CAPABILITY' },
	{ name: 'Partial', value: 'CAPABILITY_PARTIAL' },
	{ name: 'Unknown', value: 'CAPABILITY_UNKNOWN' },
];

/** How answers share executions. */
type Executions = 'groupedWhenBusy' | 'onePerAnswer' | 'groupedByTime';

/** The trigger node's options; each one that is not set, or cannot be used, has its default. */
export interface TriggerOptions {
	acknowledge: Acknowledge;
	/** Empty for the credential's. */
	appId: string;
	/** Empty for all. */
	channels: string[];
	/** Whether answers that Check Reachability and Wait receives also start an execution. */
	emitAwaited: boolean;
	executions: Executions;
	/** The age limit of a signature, 0 for none. */
	maxAgeHours: number;
	/** Empty for all. */
	statuses: string[];
	/** For `groupedByTime`. */
	windowSeconds: number;
	/** Says of each option that cannot be used what is wrong with it. */
	problems: string[];
}

const isBlank = (given: unknown): boolean =>
	(given ?? null) === null || (typeof given === 'string' && given.trim() === '');

const textOf = (given: unknown): string =>
	typeof given === 'string' ? given : String(JSON.stringify(given));

/** The choices that a value lists; undefined when one of them does not exist. */
const listOf = (find: (entry: string) => string | undefined) => (given: unknown) => {
	const read = readChoices(given, find);
	return 'values' in read ? read.values : undefined;
};

const oneOf =
	<T extends string>(...values: T[]) =>
	(given: unknown): T | undefined =>
		values.find((value) => value === given);

const numberIf = (isUsable: (value: number) => boolean) => (given: unknown) => {
	const value = toNumber(given);
	return isUsable(value) ? value : undefined;
};

function appIdOf(given: unknown): string | undefined {
	const id = idOf(given);
	return Array.isArray(given) || id === '[object Object]' ? undefined : id;
}

/** Never throws: an expression may give anything at any time, and Sinch would repeat the answer. */
export function readOptions(context: IHookFunctions | IWebhookFunctions): TriggerOptions {
	const problems: string[] = [];

	/** @param read gives undefined for a value that cannot be used */
	function option<T>(
		name: string,
		label: string,
		fallback: T,
		read: (given: unknown) => T | undefined,
	): T {
		try {
			const given: unknown = context.getNodeParameter(`options.${name}`, null);
			const value = isBlank(given) ? fallback : read(given);
			if (value !== undefined) {
				return value;
			}
			problems.push(`'${label}' has a value that cannot be used: ${quote(textOf(given))}`);
		} catch (error) {
			problems.push(`'${label}' cannot be read: ${quote((error as Error).message)}`);
		}
		return fallback;
	}

	const executions = oneOf('groupedWhenBusy', 'onePerAnswer', 'groupedByTime');
	const isWindow = (seconds: number) => seconds > 0 && seconds <= MAX_WINDOW_SECONDS;
	return {
		acknowledge: option('acknowledge', 'Confirm to Sinch', 'stored', oneOf('stored', 'finished')),
		appId: option('appId', 'App', '', appIdOf),
		channels: option('channels', 'Channels', [], listOf(findChannel)),
		emitAwaited: option('emitAwaited', 'Include Awaited Answers', false, toBoolean),
		executions: option('executions', 'Answers per Execution', 'groupedWhenBusy', executions),
		maxAgeHours: option(
			'maxAgeHours',
			maxAgeOption.displayName,
			DEFAULT_MAX_AGE_HOURS,
			numberIf(isMaxAge),
		),
		statuses: option('statuses', 'Capability Statuses', [], listOf(choiceFinder(STATUSES))),
		windowSeconds: option(
			'windowSeconds',
			'Collect for (Seconds)',
			DEFAULT_WINDOW_SECONDS,
			numberIf(isWindow),
		),
		problems,
	};
}

/** @throws NodeOperationError naming an option that cannot be used, and its value */
export function requireUsableOptions(context: IHookFunctions): void {
	const [problem] = readOptions(context).problems;
	if (problem) {
		throw new NodeOperationError(context.getNode(), problem, {
			description: 'Correct this option, or remove it.',
		});
	}
}

/** One line an hour for each trigger is enough. */
const warned = new ExpiringMap<true>(60 * 60_000, 1_000);

/**
 * Writes into the log that some options are ignored.
 *
 * @param trigger names the node in this process
 */
export function warnOfProblems(
	{ logger }: IWebhookFunctions,
	trigger: string,
	{ problems }: TriggerOptions,
	now: number,
): void {
	if (problems.length > 0 && !warned.get(trigger, now)) {
		warned.set(trigger, true, now);
		logger.warn(
			`Sinch Capability Trigger ignores options that it cannot use: ${problems.join('; ')}`,
		);
	}
}
