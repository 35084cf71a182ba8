import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import { readCallback } from '../../notification/callback';
import { readMaxAge } from '../../parameters/maxAge';
import type { OutputMode } from '../../notification/outputs';
import { toEmission } from '../../notification/outputs';
import type { SignedRequest } from '../../notification/signature';
import { emptyFieldError, rowOf } from '../../parameters/fieldError';
import { noteAnswer } from '../../pacing/answerPace';
import { mailbox } from '../../waiting/mailbox';
import { noteReceived } from '../../waiting/across/place';
import { noteRefusal } from '../../waiting/refusals';
import { isObject } from '../../shared/isObject';
import { CREDENTIAL_TYPE } from '../../transport/client';
import { attempt } from '../items';
import type { Operation } from '../operation';
import { isTool } from '../operation';
import { hintAtEmptyItem } from './hints';
import type { ParseOptions } from './parseNotification.fields';
import {
	DEFAULT_BINARY_FIELD,
	PARSE_OUTPUTS,
	parseNotificationFields,
} from './parseNotification.fields';

/** What a request is, and its output when each outcome has one. */
interface Parsed {
	output: (typeof PARSE_OUTPUTS.perOutcome)[number];
	json: IDataObject;
}

/**
 * Gives the secret of each item's webhook; that of the credential is read once.
 *
 * @throws NodeOperationError when the credential has none
 */
async function secretReader(context: IExecuteFunctions): Promise<(itemIndex: number) => string> {
	if (context.getNodeParameter('secretFrom', 0) === 'field') {
		return (itemIndex) => {
			const secret = String(context.getNodeParameter('webhookSecret', itemIndex, '') ?? '');
			if (secret === '') {
				throw emptyFieldError(
					context,
					itemIndex,
					'Webhook Secret',
					'Enter the secret that the webhook has at Sinch.',
				);
			}
			return secret;
		};
	}
	const { webhookSecret } = await context.getCredentials(CREDENTIAL_TYPE);
	const secret = String(webhookSecret ?? '');
	if (secret === '') {
		throw new NodeOperationError(context.getNode(), "The credential has no 'Webhook Secret'", {
			description:
				"Enter the secret that the webhook has at Sinch into the credential, or set 'Secret From' to 'Field'.",
		});
	}
	return () => secret;
}

/**
 * The request that n8n's Webhook node received.
 *
 * @throws NodeOperationError when the item does not have all that was signed
 */
async function readRequest(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
): Promise<SignedRequest> {
	const { json, binary } = context.getInputData()[itemIndex];
	const fail = (problem: string, description: string) =>
		new NodeOperationError(context.getNode(), `The item ${problem}`, {
			itemIndex,
			description: `${description}${rowOf(context, itemIndex)}`,
		});
	if (!isObject(json.headers)) {
		throw fail(
			"has no field 'headers', so its signature cannot be verified",
			'Place this node directly after the Webhook node, which puts the headers of the request into this field.',
		);
	}
	if (!binary?.[field]) {
		throw fail(
			`has no raw body in the binary field '${field}', so its signature cannot be verified`,
			"Open the Webhook node, add the option 'Raw Body' and switch it on, and place this node directly after it. Sinch signs the bytes of the body, which the parsed body no longer has.",
		);
	}
	return {
		headers: json.headers as SignedRequest['headers'],
		rawBody: await context.helpers.getBinaryDataBuffer(itemIndex, field),
	};
}

/** Verifies and reads the request of one item. */
async function parse(
	context: IExecuteFunctions,
	itemIndex: number,
	secret: string,
): Promise<Parsed> {
	const options = context.getNodeParameter('options', itemIndex, {}) as ParseOptions;
	const field = options.binaryField?.trim() || DEFAULT_BINARY_FIELD;
	const request = await readRequest(context, itemIndex, field);
	const maxAgeHours = () => readMaxAge(options.maxAgeHours);
	const read = readCallback(request, [secret], maxAgeHours, Date.now());
	if ('refusal' in read) {
		noteRefusal(read.kind);
		const refusal = read.refusal.charAt(0).toUpperCase() + read.refusal.slice(1);
		return { output: 'Refused', json: { outcome: 'Refused', refusal } };
	}
	if ('ignored' in read) {
		const { ignored: body } = read;
		return {
			output: 'Ignored',
			json: isObject(body) ? (body as IDataObject) : { body: (body ?? null) as null },
		};
	}
	const now = performance.now();
	if (context.getMode() !== 'manual') {
		noteReceived(now);
	}
	noteAnswer(read.callback);
	// Query and Wait may wait for it in this process.
	mailbox.deliver(read.callback, now);
	const simplify = context.getNodeParameter('simplify', itemIndex, true) as boolean;
	const { outcome, item: emitted } = toEmission(read, simplify);
	return { output: outcome, json: emitted.json };
}

/** Verifies callbacks that n8n's Webhook node received, and emits them as the trigger does. */
export const parseNotification: Operation = {
	option: {
		name: 'Parse Notification',
		value: 'parseNotification',
		description: "Verify and read an answer of Sinch that n8n's Webhook node received",
		action: 'Parse notification',
	},
	fields: parseNotificationFields,
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const asTool = isTool(this);
		const mode = this.getNodeParameter('outputMode', 0, 'perOutcome') as OutputMode;
		const names: readonly string[] = PARSE_OUTPUTS[mode];
		const outputs: INodeExecutionData[][] = (asTool ? ['all'] : names).map(() => []);
		const secretOf = await secretReader(this);
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			const one = await attempt(
				this,
				itemIndex,
				async () => await parse(this, itemIndex, secretOf(itemIndex)),
			);
			// What could not be verified must not be trusted.
			const { output, emitted } =
				'failed' in one
					? { output: 'Refused', emitted: one.failed }
					: {
							output: one.result.output,
							emitted: { json: one.result.json, pairedItem: { item: itemIndex } },
						};
			// With one output for all outcomes, it is the first.
			outputs[asTool ? 0 : Math.max(0, names.indexOf(output))].push(emitted);
		}
		hintAtEmptyItem(this, outputs);
		return outputs;
	},
};
