import type { Item } from '../../parameters/item';
import { identityKey } from '../../sinch/channels';
import { readMark } from '../../waiting/across/requestId';
import type { CapabilityQuery } from '../../sinch/types';

/** What distinguishes the answers of a query for the trigger. */
function answerKeys({ request_id, recipient }: CapabilityQuery): string[] {
	const recipients =
		'contact_id' in recipient
			? [recipient.contact_id]
			: recipient.identified_by.channel_identities.map(identityKey);
	return [...new Set(recipients)].map((one) => `${request_id} ${one}`);
}

/** The request ids of one run. The trigger drops the second of two answers that look the same. */
export class RequestIds {
	private readonly itemByAnswer = new Map<string, number>();

	/** @throws NodeOperationError for an id that another item or Check Reachability and Wait has used */
	use(query: CapabilityQuery, item: Item): void {
		const id = query.request_id;
		const fail = (problem: string) =>
			item.fieldError(
				'Request ID',
				problem,
				'Leave the option empty for a new ID per item, or use an expression that gives each item an ID of its own.',
				id,
			);
		if (readMark(id)) {
			throw fail('belongs to Check Reachability and Wait');
		}
		for (const key of answerKeys(query)) {
			const other = this.itemByAnswer.get(key);
			if (other !== undefined) {
				throw fail(`was already used for the same recipient in row ${other + 1}`);
			}
			this.itemByAnswer.set(key, item.index);
		}
	}
}
