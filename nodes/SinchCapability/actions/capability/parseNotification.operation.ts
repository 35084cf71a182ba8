import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { maxAgeOption, readMaxAge, noSecretError } from '../../parameters/verification';
import { outputModeField, simplifyField, TOLD_APART_IF_SIMPLE } from '../../parameters/outputMode';
import { type Emission, OUTCOMES, toEmission, toOutputs } from '../../notification/outcomes';
import { readCallback } from '../../notification/callback';
import { type SignedRequest, refusals } from '../../notification/signature';
import { type Item, optionsCollection } from '../../parameters/item';
import { CREDENTIAL_TYPE } from '../../transport/client';
import { noteAnswer } from '../../transport/queries';
import { mailbox } from '../../waiting/mailbox';
import { noteReceived } from '../../waiting/queueMode/place';
import { isObject } from '../../shared/isObject';
import { type Operation, attemptEach, attemptRun, isTool } from '../operation';
import { hintAtEmptyItem } from './hints';

/** The outputs of requests that are not capability notifications, or not genuine. */
const OTHERS = ['Ignored', 'Refused'] as const;

export const PARSE_OUTPUTS = {
	perOutcome: [...OUTCOMES, ...OTHERS],
	single: ['Notification', ...OTHERS],
} as const;

/** Where n8n's Webhook node puts the raw body. */
const DEFAULT_BINARY_FIELD = 'data';

const parseNotificationFields: INodeProperties[] = [
	{
		displayName:
			"Place this node directly after n8n's Webhook node, and turn on the option Raw Body there. Use it for a webhook of your own, such as one that the operation Create of the resource Webhook has registered; the Sinch Capability Trigger does not need it.",
		name: 'parseNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Secret From',
		name: 'secretFrom',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Credential',
				value: 'credential',
				description: "The field 'Webhook Secret' of the credential",
			},
			{
				name: 'Field',
				value: 'field',
				description: 'A field of this node, which may be an expression; needs no credential',
			},
		],
		default: 'credential',
		description: 'Where the secret of the webhook is',
	},
	{
		displayName: 'Webhook Secret',
		name: 'webhookSecret',
		type: 'string',
		typeOptions: { password: true },
		required: true,
		default: '',
		description: "The webhook's secret at Sinch",
		displayOptions: { show: { secretFrom: ['field'] } },
	},
	outputModeField(
		OUTCOMES,
		TOLD_APART_IF_SIMPLE,
		'. Other callbacks are always sent to Ignored, and requests that are not genuine to Refused.',
	),
	simplifyField,
	optionsCollection([
		{
			displayName: 'Raw Body Field',
			name: 'binaryField',
			type: 'string',
			default: DEFAULT_BINARY_FIELD,
			description: 'The binary field of the input that holds the raw body',
		},
		maxAgeOption,
	]),
];

/** The secret of an item's webhook. @param inCredential undefined when it is in a field of the node */
function readSecret(item: Item, inCredential: string | undefined): string {
	const secret = inCredential ?? item.text('webhookSecret', 'Webhook Secret', '', true);
	if (secret !== '') {
		return secret;
	}
	throw inCredential === undefined
		? item.emptyFieldError('Webhook Secret', 'Enter the secret that the webhook has at Sinch.')
		: noSecretError(
				item,
				"Enter the secret that the webhook has at Sinch into the field 'Webhook Secret' of the credential, or set 'Secret From' to 'Field'.",
			);
}

/** The request that n8n's Webhook node received. @throws NodeOperationError when it is not complete */
async function readRequest(item: Item): Promise<SignedRequest> {
	const { json, binary } = item.input;
	const field = item.options.text('binaryField', 'Raw Body Field').trim() || DEFAULT_BINARY_FIELD;
	if (!isObject(json.headers)) {
		throw item.error(
			"The item has no field 'headers', so its signature cannot be verified",
			'Place this node directly after the Webhook node, which puts the headers of the request into this field.',
		);
	}
	if (!binary?.[field]) {
		throw item.error(
			`The item has no raw body in the binary field '${field}', so its signature cannot be verified`,
			"Open the Webhook node, add the option 'Raw Body' and turn it on, and place this node directly after it. Sinch signs the bytes of the body, which the parsed body no longer has.",
		);
	}
	const rawBody = await item.context.helpers.getBinaryDataBuffer(item.index, field);
	return { headers: json.headers, rawBody };
}

async function parse(item: Item, inCredential: string | undefined): Promise<Emission<string>> {
	const secret = readSecret(item, inCredential);
	const simplify = item.isOn('simplify', 'Simplify', true);
	const request = await readRequest(item);
	const maxAgeHours = () => readMaxAge(item.options.read('maxAgeHours'));
	const read = readCallback(request, [secret], maxAgeHours, Date.now());
	if ('refusal' in read) {
		refusals[read.kind] += 1;
		const refusal = read.refusal.charAt(0).toUpperCase() + read.refusal.slice(1);
		return { outcome: 'Refused', item: { json: { outcome: 'Refused', refusal } } };
	}
	if ('ignored' in read) {
		const { ignored: body } = read;
		const json = isObject(body) ? body : { body: body ?? null };
		return { outcome: 'Ignored', item: { json } };
	}
	const now = performance.now();
	if (item.context.getMode() !== 'manual') {
		noteReceived(now);
	}
	noteAnswer(read.callback);
	// Check Reachability and Wait may wait for it in this process.
	mailbox.deliver(read.callback, now);
	return toEmission(read, simplify);
}

export const parseNotification: Operation = {
	name: 'Parse Notification',
	value: 'parseNotification',
	description: "Verify and read a Sinch notification received by n8n's Webhook node",
	action: 'Parse notification',
	fields: parseNotificationFields,
	async execute(this: IExecuteFunctions) {
		let names: readonly string[] = PARSE_OUTPUTS.perOutcome;
		const attempts = await attemptRun(this, async () => {
			const isSingle = this.getNodeParameter('outputMode', 0, '') === 'single';
			names = PARSE_OUTPUTS[isSingle ? 'single' : 'perOutcome'];
			const isInField = this.getNodeParameter('secretFrom', 0) === 'field';
			const credential = isInField ? undefined : await this.getCredentials(CREDENTIAL_TYPE);
			const inCredential = credential && String(credential.webhookSecret ?? '');
			return await attemptEach(this, async (item) => await parse(item, inCredential));
		});
		const emissions = attempts.map((one): Emission<string> => {
			// What could not be verified must not be trusted.
			const { outcome, item } =
				'failed' in one ? { outcome: 'Refused', item: one.failed } : one.result;
			return {
				outcome: names.includes(outcome) ? outcome : PARSE_OUTPUTS.single[0],
				item: { ...item, pairedItem: { item: one.item.index } },
			};
		});
		const outputs = toOutputs(emissions, isTool(this) ? undefined : names);
		hintAtEmptyItem(this, outputs);
		return outputs;
	},
};
