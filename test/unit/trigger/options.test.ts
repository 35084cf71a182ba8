import { randomUUID } from 'node:crypto';
import type { INodeParameters, Logger } from 'n8n-workflow';

import { SinchCapabilityTrigger } from '../../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { readOptions, requireNoProblem } from '../../../nodes/SinchCapability/trigger/options';
import { callWebhook, hookContext } from '../../support/engine';
import { SECRET, signed } from '../../support/signed';

const DEFAULTS = {
	acknowledge: 'stored',
	appId: '',
	channels: [],
	emitAwaited: false,
	executions: 'groupedWhenBusy',
	maxAgeHours: 24,
	outputMode: 'perOutcome',
	simplify: true,
	statuses: [],
	windowSeconds: 2,
	problems: [],
};

/** What any expression may give, in any option. */
const ANYTHING = [
	'null',
	'undefined',
	'""',
	'"  "',
	'"nonsense"',
	'true',
	'false',
	'-1',
	'0',
	'0.5',
	'NaN',
	'1e99',
	'[]',
	'[null]',
	'[[]]',
	'["RCS", 5]',
	'{}',
	'{ "value": { "value": 1 } }',
	'Object.create(null)',
	'[Object.create(null)]',
	'new Date(0)',
	'$("Nowhere").item.json.x',
];

const LABELS = {
	acknowledge: 'Confirm to Sinch',
	appId: 'App',
	channels: 'Channels',
	emitAwaited: 'Include Awaited Answers',
	executions: 'Answers per Execution',
	maxAgeHours: 'Reject After (Hours)',
	outputMode: 'Outputs',
	simplify: 'Simplify',
	statuses: 'Capability Statuses',
	windowSeconds: 'Collect for (Seconds)',
};

/** n8n keeps the seconds only where the form shows them. */
const neededFor = (name: string): INodeParameters =>
	name === 'windowSeconds' ? { executions: 'groupedByTime' } : {};

/** Two of them are fields of their own. */
const parametersOf = ({ outputMode, simplify, ...options }: INodeParameters): INodeParameters => ({
	...(outputMode !== undefined && { outputMode }),
	...(simplify !== undefined && { simplify }),
	options,
});

const hookOf = (options: INodeParameters) =>
	hookContext(new SinchCapabilityTrigger(), { parameters: parametersOf(options) });

const read = async (options: INodeParameters) => await hookOf(options).run(readOptions);

const publish = async (options: INodeParameters) =>
	await hookOf(options).run((context) => requireNoProblem(context, readOptions(context)));

let warnings: string[];

beforeEach(async () => {
	const logger: Logger = await hookOf({}).run((context) => context.logger);
	warnings = [];
	jest.spyOn(logger, 'warn').mockImplementation((line) => void warnings.push(line));
});

afterEach(() => jest.restoreAllMocks());

let answers = 0;

/** A trigger node that receives genuine answers for RCS with the status Full. */
function nodeWith(options: INodeParameters) {
	const webhookUrl = `https://n8n.example.com/webhook/${randomUUID()}/capability`;
	return async () => {
		const request_id = `request ${(answers += 1)}`;
		const notification = { request_id, channel: 'RCS', capability_status: 'CAPABILITY_FULL' };
		const { response, executes } = await callWebhook(new SinchCapabilityTrigger(), {
			parameters: parametersOf(options),
			staticData: { secret: SECRET },
			webhookUrl,
			request: signed({ capability_notification: notification }, { nonce: request_id }),
		});
		return [response.status, executes];
	};
}

describe.each(Object.entries(LABELS))('the option %s', (name, label) => {
	it.each(ANYTHING)(
		'an option with the expression %s is used, or named when publishing and ignored with one line in the log',
		async (expression) => {
			const options = { [name]: `={{ ${expression} }}`, ...neededFor(name) };
			const node = nodeWith(options);
			const { problems, ...values } = await read(options);
			if (problems.length === 0) {
				await publish(options);
				expect((await node())[0]).toBe(200);
				expect(warnings).toEqual([]);
				return;
			}
			expect({ ...values, problems: [] }).toEqual({ ...DEFAULTS, ...neededFor(name) });
			expect(problems).toEqual([expect.stringContaining(`'${label}' `)]);
			await expect(publish(options)).rejects.toThrow(problems[0]);
			// Each of its answers would be collected for the default time.
			if (name === 'windowSeconds') return;
			expect([await node(), await node()]).toEqual([
				[200, true],
				[200, true],
			]);
			expect(warnings).toEqual([expect.stringContaining(problems[0])]);
		},
	);
});

it.each<[string, unknown, unknown]>([
	['channels', 'RCS, SMS', ['RCS', 'SMS']],
	['channels', '["RCS","SMS"]', ['RCS', 'SMS']],
	['channels', ['RCS'], ['RCS']],
	['channels', '["RCS"] ', ['RCS']],
	['channels', 'WhatsApp\nviber', ['WHATSAPP', 'VIBERBM']],
	['channels', '={{ ["RCS"] }} ', ['RCS']],
	['simplify', '={{ "false" }}', false],
	['outputMode', 'single', 'single'],
	['channels', '={{ null }}', []],
	['channels', '={{ undefined }}', []],
	['statuses', 'Full; none', ['CAPABILITY_FULL', 'NO_CAPABILITY']],
	['statuses', 'capability_unknown', ['CAPABILITY_UNKNOWN']],
	['windowSeconds', '0.5', 0.5],
	['windowSeconds', 10, 10],
	['windowSeconds', 0.1, 0.1],
	['maxAgeHours', ' 48 ', 48],
	['maxAgeHours', 0, 0],
	['maxAgeHours', '', 24],
	['emitAwaited', 'false', false],
	['emitAwaited', true, true],
	['executions', 'onePerAnswer', 'onePerAnswer'],
	['executions', ' \n', 'groupedWhenBusy'],
	['acknowledge', 'finished', 'finished'],
	['appId', { __rl: true, mode: 'id', value: ' 01W4 ' }, '01W4'],
	['appId', '01W4', '01W4'],
])('the option %s with the value %j is read as %j', async (name, given, expected) => {
	expect(await read({ ...neededFor(name), [name]: given } as INodeParameters)).toEqual({
		...DEFAULTS,
		...neededFor(name),
		[name]: expected,
	});
});

it.each<[string, unknown, string]>([
	['channels', 'RCS, Pigeon', "'Channels' has a value that cannot be used: RCS, Pigeon"],
	['statuses', ['MAYBE'], '\'Capability Statuses\' has a value that cannot be used: ["MAYBE"]'],
	['windowSeconds', 10.1, "'Collect for (Seconds)' has a value that cannot be used: 10.1"],
	['executions', 'all', "'Answers per Execution' has a value that cannot be used: all"],
	['appId', '01W4 5', "'App' has a value that cannot be used: 01W4 5"],
	[
		'appId',
		{ __rl: true, mode: 'id', value: '01W4 5' },
		"'App' has a value that cannot be used: 01W4 5",
	],
	[
		'channels',
		'={{ $("Nowhere").item.json.x }}',
		expect.stringMatching(/^'Channels' cannot be read: \w/),
	],
])('the option %s with the value %j cannot be used', async (name, given, problem) => {
	expect(await read({ ...neededFor(name), [name]: given } as INodeParameters)).toEqual({
		...DEFAULTS,
		...neededFor(name),
		problems: [problem],
	});
});
