import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import {
	PARSE_OUTPUTS,
	parseNotification,
} from '../../../nodes/SinchCapability/actions/capability/parseNotification.operation';
import { refusals } from '../../../nodes/SinchCapability/notification/signature';
import { answerPaceOf } from '../../../nodes/SinchCapability/transport/queries';
import { receivesCallbacks } from '../../../nodes/SinchCapability/waiting/queueMode/place';
import { SECRET, signed } from '../../support/signed';
import { actionContext, type Settings } from './context';

const ANSWER = {
	app_id: 'app',
	capability_notification: {
		request_id: 'request',
		channel: 'SMS',
		identity: '46701740605',
		capability_status: 'CAPABILITY_FULL',
	},
};
const GENUINE = signed(ANSWER);
const FORGED = signed(ANSWER, { secret: 'another' });
const OTHER = signed({ message: 'hello' });

/** Runs the operation on requests that a Webhook node has received. */
async function run(requests: Array<ReturnType<typeof signed>>, settings: Settings = {}) {
	const { fields, ...others } = settings;
	const { context, hints } = actionContext({
		items: requests.map(({ headers }) => ({ headers })) as IDataObject[],
		binary: { data: { data: '', mimeType: 'application/json' } },
		file: (index) => requests[index].rawBody as Buffer,
		fields: { secretFrom: 'field', webhookSecret: SECRET, ...(fields as IDataObject) },
		...others,
	});
	const end = await parseNotification.execute.call(context).then(
		(outputs) => ({ outputs, error: undefined }),
		(error: NodeOperationError) => ({ outputs: [], error }),
	);
	return { ...end, hints };
}

// First, because nothing has come to this process yet.
it('a notification shows that those of Sinch come to this process, but not one of a run by hand', async () => {
	await run([GENUINE], { mode: 'manual' });
	await run([FORGED, OTHER]);
	expect(receivesCallbacks(performance.now())).toBe(false);
	await run([GENUINE]);
	expect(receivesCallbacks(performance.now())).toBe(true);
});

it.each<[string, string[], string[]]>([
	['perOutcome', [...PARSE_OUTPUTS.perOutcome], ['Full', 'Ignored', 'Refused']],
	['single', [...PARSE_OUTPUTS.single], ['Notification', 'Ignored', 'Refused']],
])('with Outputs set to %s, requests go to the outputs of %j', async (outputMode, names, used) => {
	const { outputs } = await run([GENUINE, OTHER, FORGED], { fields: { outputMode } });
	expect(outputs).toHaveLength(names.length);
	const items = used.map((name) => outputs[names.indexOf(name)]);
	expect(items).toEqual([
		[
			{
				json: expect.objectContaining({ outcome: 'Full', channel: 'SMS', request_id: 'request' }),
				pairedItem: { item: 0 },
			},
		],
		[{ json: { message: 'hello' }, pairedItem: { item: 1 } }],
		[
			{
				json: { outcome: 'Refused', refusal: expect.stringMatching(/^[A-Z].* signature/) },
				pairedItem: { item: 2 },
			},
		],
	]);
});

it('a notification is emitted as Sinch has sent it when Simplify is off', async () => {
	const { outputs } = await run([GENUINE], { fields: { simplify: false } });
	expect(outputs[0][0].json).toEqual(ANSWER);
});

it('a refused request counts among those that a wait without answers names', async () => {
	const before = refusals.signature;
	await run([FORGED, GENUINE, FORGED]);
	expect(refusals.signature - before).toBe(2);
});

it('a notification is taken off the answers that are outstanding', async () => {
	const { window } = answerPaceOf('app');
	window.add('request', 1, performance.now());
	await run([FORGED]);
	expect(window.find('request')).toBeDefined();
	await run([GENUINE]);
	expect(window.find('request')).toBeUndefined();
});

it.each<[string, Settings, string, string]>([
	[
		'headers',
		{ items: [{}] },
		"The item has no field 'headers'",
		'directly after the Webhook node',
	],
	[
		'files',
		{ binary: undefined },
		"The item has no raw body in the binary field 'data'",
		"add the option 'Raw Body'",
	],
	[
		'a file in the field of the option',
		{ fields: { options: { binaryField: ' raw ' } } },
		"The item has no raw body in the binary field 'raw'",
		"add the option 'Raw Body'",
	],
])('an item without %s is an error that says what to do', async (_, settings, message, advice) => {
	const { error } = await run([GENUINE], settings);
	expect(error).toMatchObject({
		message: `${message}, so its signature cannot be verified`,
		description: expect.stringContaining(advice),
	});
});

it('an empty name of the binary field stands for the one that the Webhook node uses', async () => {
	const { outputs } = await run([GENUINE], { fields: { options: { binaryField: ' ' } } });
	expect(outputs[0]).toHaveLength(1);
});

it.each([true, false])(
	'an item that n8n adds to an empty first output is announced if Always Output Data is on: %s',
	async (alwaysOutputData) => {
		const { hints } = await run([OTHER], { alwaysOutputData });
		expect(hints.map(({ type }) => type)).toEqual(alwaysOutputData ? ['warning'] : []);
		expect((await run([GENUINE], { alwaysOutputData })).hints).toEqual([]);
	},
);
