/* eslint-disable @n8n/community-nodes/no-restricted-imports */
import { readdirSync, readFileSync } from 'node:fs';
import type { IDataObject, INodeParameters, INodePropertyOptions } from 'n8n-workflow';

import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { SinchCapabilityTrigger } from '../../nodes/SinchCapability/SinchCapabilityTrigger.node';
import { callWebhook, connect, nodeOf, runWorkflow } from '../support/engine';
import { startNodeType } from '../support/engine/nodeTypes';
import { useListening } from '../support/listening';
import type { Schema } from '../support/schemaProblems';
import { schemaProblems } from '../support/schemaProblems';
import { SECRET, signed } from '../support/signed';
import { runAction, useSimulator } from '../support/simulated';

const FOLDER = 'nodes/SinchCapability/__schema__';

const simulated = useSimulator();
const n8n = useListening(simulated);

const schemaOf = (path: string) =>
	JSON.parse(readFileSync(`${FOLDER}/${path}.json`, 'utf8')) as Schema;

const byId = { contactId: { __rl: true, mode: 'id', value: '={{ $json.key }}' } };

/** The items of one operation for empty input items, because the input's fields are kept. */
async function emitted(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	items: IDataObject[] = [{}],
): Promise<IDataObject[]> {
	const { outputs, error } = await runAction(
		simulated,
		{ resource, operation, ...parameters },
		items,
		{
			instanceUrl: n8n.instanceUrl,
			credentials: simulated.store({ webhookSecret: SECRET }),
		},
	);
	expect(error).toBeUndefined();
	return outputs.flat().map(({ json }) => json);
}

const withoutKey = (items: IDataObject[]) =>
	items.map((json) => Object.fromEntries(Object.entries(json).filter(([name]) => name !== 'key')));
const keys = () => simulated.demo.contacts.map(({ contactId }) => ({ key: contactId }));

const reason = {
	code: 'RECIPIENT_NOT_OPTED_IN',
	description: 'No opt-in',
	sub_code: 'UNSPECIFIED_SUB_CODE',
	channel_code: '131047',
};
const notification = {
	request_id: '01W4FFL35P4NC4K35CAPABILITY',
	contact_id: '',
	channel: 'RCS',
	identity: '46701234567',
	capability_status: 'CAPABILITY_PARTIAL',
	channel_capabilities: ['TEXT'],
	reason,
};
const callbacks = [
	{
		app_id: '01W4FFL35P4NC4K35CONVAPP01',
		accepted_time: '2026-01-15T10:20:30.123456Z',
		event_time: '2026-01-15T10:20:31Z',
		capability_notification: notification,
	},
	// The flat form of Sinch's guide, in which most fields are absent.
	{ contact_id: '01', channel: 'RCS', identity: '1', capability_status: 'CAPABILITY_FULL' },
];

async function byTrigger(): Promise<IDataObject[]> {
	const items: IDataObject[] = [];
	for (const [index, body] of callbacks.entries()) {
		const { workflowData } = await callWebhook(new SinchCapabilityTrigger(), {
			staticData: { webhookId: '01W4', secret: SECRET },
			webhookUrl: `https://n8n.example.com/webhook/schema-${index}/capability`,
			request: signed(body, { nonce: `01FJA8B4A7BM43YGWSG9GBV0${index}0` }),
		});
		items.push(...(workflowData ?? []).flat().map(({ json }) => json));
	}
	return items;
}

async function byParsing(): Promise<IDataObject[]> {
	const type = new SinchCapability();
	const start = nodeOf(startNodeType);
	const node = nodeOf(type, {
		resource: 'capability',
		operation: 'parseNotification',
		secretFrom: 'field',
		webhookSecret: SECRET,
	});
	const { nodes } = await runWorkflow({
		nodes: [start, node],
		connections: connect([start.name, 0, node.name]),
		nodeTypes: [type],
		input: [
			callbacks.map((body) => {
				const { headers, rawBody } = signed(body);
				const data = (rawBody as Buffer).toString('base64');
				return {
					json: { headers: headers as IDataObject },
					binary: { data: { data, mimeType: 'application/json' } },
				};
			}),
		],
	});
	return (nodes[node.name]?.outputs ?? []).flat().map(({ json }) => json);
}

const identity = { channel: 'SMS', identity: '46701740699' };
const identities = { channelIdentities: { identity: [identity] } };

async function newWebhook(): Promise<{ key: string }> {
	const { id } = await simulated.api<{ id: string }>('POST', '/webhooks', {
		app_id: simulated.appId,
		target: 'https://example.com/a',
		target_type: 'HTTP',
		triggers: ['CAPABILITY'],
	});
	return { key: id };
}

const CASES: Record<string, () => Promise<IDataObject[]>> = {
	'v1.0.0': byTrigger,
	'v1.0.0/capability/parseNotification': byParsing,
	'v1.0.0/capability/query': async () => [
		...(await emitted('capability', 'query', { phoneNumber: '+46701740605' })),
		...withoutKey(
			await emitted('capability', 'query', { recipientType: 'contact', ...byId }, keys()),
		),
	],
	'v1.0.0/capability/queryAndWait': async () => {
		const [{ channel, identity: number }] = simulated.demo.contacts[0].channels;
		await simulated.control.answer({
			channel,
			identity: number,
			capability_status: 'NO_CAPABILITY',
			reason,
		});
		const parameters = { recipientType: 'contact', ...byId, timeout: 3 };
		return withoutKey(await emitted('capability', 'queryAndWait', parameters, keys()));
	},
	'v1.0.0/contact/create': async () => await emitted('contact', 'create', identities),
	'v1.0.0/contact/delete': async () => await emitted('contact', 'delete', byId, keys()),
	'v1.0.0/contact/get': async () => await emitted('contact', 'get', byId, keys()),
	'v1.0.0/contact/getAll': async () => await emitted('contact', 'getAll', { returnAll: true }),
	'v1.0.0/contact/update': async () =>
		await emitted('contact', 'update', { ...byId, updateFields: { email: 'a@b.c' } }, keys()),
	'v1.0.0/webhook/create': async () =>
		await emitted('webhook', 'create', { targetUrl: 'https://example.com/b' }),
	'v1.0.0/webhook/delete': async () =>
		await emitted('webhook', 'delete', { webhookId: '={{ $json.key }}' }, [await newWebhook()]),
	'v1.0.0/webhook/getAll': async () => {
		await newWebhook();
		return await emitted('webhook', 'getAll');
	},
};

it.each(Object.keys(CASES))(
	'the schema %s is what the node emits, no more and no less',
	async (path) => {
		const items = await CASES[path]();
		expect(items.length).toBeGreaterThan(0);
		expect(schemaProblems(schemaOf(path), items)).toEqual([]);
	},
);

it('every operation has a schema, and every schema belongs to one', () => {
	const operations = new SinchCapability().description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options = [] }) =>
			(options as INodePropertyOptions[]).map(
				({ value }) => `v1.0.0/${String(displayOptions?.show?.resource?.[0])}/${String(value)}`,
			),
		);
	const files = (readdirSync(FOLDER, { recursive: true }) as string[])
		.map((file) => file.replace(/\\/g, '/'))
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.slice(0, -'.json'.length));
	expect(files.sort()).toEqual(['v1.0.0', ...operations].sort());
	expect(Object.keys(CASES).sort()).toEqual(files.sort());
});

const schema: Schema = {
	type: 'object',
	properties: {
		a: { type: ['string', 'null'] },
		b: { type: 'array', items: { type: 'number' } },
	},
};

it.each<[string, unknown[], string[]]>([
	['nothing where all is as it says', [{ a: null, b: [1] }], []],
	['another type', [{ a: 1, b: [] }], ['$.a is number']],
	['a field too many', [{ a: '', b: [], c: 1 }], ['$.c is not in the schema']],
	['a field too few', [{ a: '' }], ['$.b is in no item']],
	['another type in a list', [{ a: '', b: [1, 'x'] }], ['$.b[] is string']],
])('the comparison of items with a schema finds %s', (_, values, problems) => {
	expect(schemaProblems(schema, values)).toEqual(problems);
});
