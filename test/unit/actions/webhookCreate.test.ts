import type { IDataObject, NodeOperationError } from 'n8n-workflow';

import { webhookCreate } from '../../../nodes/SinchCapability/actions/webhook/create.operation';
import { actionContext, type Reply } from './context';

const TARGET = 'https://n8n.example.com/webhook/sinch';
const SECRET = 'a secret';
const REFUSED: Reply = { status: 400, body: { error: { message: 'no', code: 400 } } };

const webhook = (number: number, other: IDataObject = {}) => ({
	id: `01WEBHOOK${number}`,
	app_id: 'app',
	target: `https://example.com/${number}`,
	target_type: 'HTTP',
	triggers: ['CAPABILITY'],
	...other,
});

interface Given {
	fields?: IDataObject;
	credentials?: IDataObject;
	/** What Sinch says to a new webhook. */
	created?: Reply;
	/** What Sinch says when it is asked for the app's webhooks. */
	listed?: Reply;
}

async function run({ fields, credentials, created, listed }: Given) {
	const { context, sent } = actionContext({
		fields: { targetUrl: TARGET, triggers: ['CAPABILITY'], ...fields },
		credentials: { webhookSecret: SECRET, ...credentials },
		respond: ({ method }) =>
			method === 'GET'
				? (listed ?? { body: { webhooks: [] } })
				: (created ?? { body: webhook(1, { target: TARGET, secret: SECRET }) }),
	});
	const end = await webhookCreate.execute.call(context).then(
		([items]) => ({ items: items.map(({ json }) => json), error: undefined }),
		(error: NodeOperationError) => ({ items: undefined, error }),
	);
	return { ...end, sent };
}

it('a new webhook is registered with the secret of the credential, which the item does not show', async () => {
	const { items, sent } = await run({ fields: { targetUrl: ` ${TARGET} ` } });
	expect(sent.map(({ body }) => body as object)).toEqual([
		{
			app_id: 'app',
			target: TARGET,
			target_type: 'HTTP',
			triggers: ['CAPABILITY'],
			secret: SECRET,
		},
	]);
	expect(items).toEqual([webhook(1, { target: TARGET, signed: true })]);
});

it.each<[string, IDataObject, IDataObject, string, string]>([
	['no secret', {}, { webhookSecret: '' }, "The credential has no 'Webhook Secret'", 'random text'],
	['no target', { targetUrl: ' ' }, {}, "'Target URL' is empty", "n8n's Webhook node."],
	[
		'a target that is no address',
		{ targetUrl: 'sinch' },
		{},
		"'Target URL' is not an address that Sinch can deliver to: sinch",
		'It is not a complete address. Enter the Production URL',
	],
	[
		'a target in the own network',
		{ targetUrl: 'https://localhost/webhook/sinch' },
		{},
		"'Target URL' is not an address that Sinch can deliver to: https://localhost/webhook/sinch",
		'localhost is not reachable from the internet.',
	],
	[
		'a trigger that is none',
		{ triggers: ['CAPABILITY', 'what is new?'] },
		{},
		"'Triggers' has a value that is not a trigger: what is new?",
		'Choose what Sinch should post',
	],
	['no trigger', { triggers: [] }, {}, "'Triggers' is empty", 'Choose what Sinch should post'],
])('a webhook with %s is refused before anything is sent', async (...given) => {
	const [, fields, credentials, message, advice] = given;
	const { error, sent } = await run({ fields, credentials });
	expect(error).toMatchObject({ message, description: expect.stringContaining(advice) });
	expect(sent).toEqual([]);
});

it('a private target is registered with a simulator or proxy of the own network', async () => {
	const credentials = { region: 'custom', customApiUrl: 'http://localhost:1', customAuthUrl: 'x' };
	const targetUrl = 'http://localhost/webhook/sinch';
	expect((await run({ fields: { targetUrl }, credentials })).error).toBeUndefined();
});

it.each([
	[SECRET, 'CAPABILITY, signed'],
	[undefined, 'CAPABILITY, not signed'],
])(
	'the refusal of a target that has a webhook already names that webhook',
	async (secret, what) => {
		const listed = { body: { webhooks: [webhook(1), webhook(2, { target: TARGET, secret })] } };
		const { error } = await run({ created: REFUSED, listed });
		expect(error).toMatchObject({
			message: `'Target URL' already has a webhook in this app: ${TARGET}`,
			description: expect.stringContaining(`the webhook 01WEBHOOK2 (${what})`),
		});
	},
);

it('the refusal by an app that has five webhooks says that this is the maximum', async () => {
	const listed = { body: { webhooks: [1, 2, 3, 4, 5].map((number) => webhook(number)) } };
	const { error } = await run({ created: REFUSED, listed });
	expect(error).toMatchObject({
		message: 'The Sinch app already has 5 webhooks, the maximum',
		description: expect.stringContaining('Then run this node again.'),
	});
});

it.each<[string, Reply]>([
	['show no reason', { body: { webhooks: [webhook(1)] } }],
	['cannot be read', REFUSED],
])(
	'the refusal of a webhook is shown as it is when the webhooks of the app %s',
	async (_, listed) => {
		const { error } = await run({ created: REFUSED, listed });
		expect(error?.message).toBe('Sinch did not accept the request');
	},
);

it.each<[string, Reply]>([
	['The access key has no permission for this project', { status: 403 }],
	['The response did not come from Sinch', { body: '<html>' }],
])('the failure "%s" of a new webhook is not explained by others', async (message, created) => {
	const listed = { body: { webhooks: [webhook(2, { target: TARGET })] } };
	const { error } = await run({ created, listed });
	expect(error?.message).toBe(message);
});
