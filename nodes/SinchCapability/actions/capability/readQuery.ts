import type { INodeProperties } from 'n8n-workflow';

import { requestsPerSecondOption } from '../operation';
import { appField, readAppId } from '../../parameters/pickers';
import { DEFAULT_ANSWERS_PER_SECOND } from '../../transport/queries';
import { createRequestId, readMark } from '../../waiting/queueMode/requestId';
import type { CapabilityQuery } from '../../sinch/types';
import { type PacedClient, PROJECT_LIMIT } from '../../transport/pacedClient';
import type { Item } from '../../parameters/item';
import { phoneNumberOptions } from '../../parameters/phoneNumberField';
import { readRecipient } from '../../parameters/recipient';
import { identityKey } from '../../sinch/channels';

const answersPerSecondOption: INodeProperties = {
	displayName: 'Answers per Second',
	name: 'answersPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: PROJECT_LIMIT },
	default: DEFAULT_ANSWERS_PER_SECOND,
	description:
		'How many answers Sinch delivers per second for your app, one for each channel: 25 unless Sinch has agreed on more. The node sends queries no faster, and more slowly when n8n is busy. Applies when a workflow in this n8n receives the answers.',
};

/** The options of both checks. */
export const queryOptions: INodeProperties[] = [
	answersPerSecondOption,
	appField('The app to use instead of the one in the credential'),
	requestsPerSecondOption(
		". When a workflow in this n8n receives the answers, 'Answers per Second' applies as well, and is usually the lower limit",
	),
	...phoneNumberOptions,
];

/** One item's query, checked and not yet sent. */
export function readQuery(item: Item, { sinch }: PacedClient) {
	const { options } = item;
	const query: CapabilityQuery = {
		app_id: readAppId(options, sinch),
		project_id: sinch.projectId,
		recipient: readRecipient(item),
		request_id: options.text('requestId', 'Request ID').trim() || createRequestId(Date.now()),
	};
	return { query, answersPerSecond: options.positiveNumber(answersPerSecondOption) };
}

/** The request ids of one run. The trigger drops the second of two answers that look the same. */
export class RequestIds {
	/** By request id and recipient, which distinguish answers for the trigger. */
	private readonly itemByAnswer = new Map<string, number>();

	/** @throws NodeOperationError for an id that another item or Check Reachability and Wait has used */
	use({ request_id: id, recipient }: CapabilityQuery, item: Item): void {
		const fail = (problem: string) =>
			item.fieldError(
				'Request ID',
				problem,
				'Leave the option empty for a new ID per item, or use an expression that gives each item an ID of its own.',
				id,
			);
		if (readMark(id, item.context.getInstanceId())) {
			throw fail('belongs to Check Reachability and Wait');
		}
		const recipients =
			'contact_id' in recipient
				? [recipient.contact_id]
				: recipient.identified_by.channel_identities.map(identityKey);
		for (const key of recipients.map((one) => `${id} ${one}`)) {
			const other = this.itemByAnswer.get(key);
			if (other !== undefined) {
				throw fail(`was already used for the same recipient in row ${other + 1}`);
			}
			this.itemByAnswer.set(key, item.index);
		}
	}
}
