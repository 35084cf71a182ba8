import { isChannel } from './channels.mts';
import { invalid } from './errors.mts';

/** The recipient of a query or a message: a stored contact, or channel identities. */
export interface Recipient {
	contact_id?: string;
	identified_by?: { channel_identities: Array<{ channel: string; identity: string }> };
}

const NON_EMPTY = { type: 'string', minLength: 1 };

/** JSON Schema of a recipient; `checkRecipient` checks that it has exactly one of the two forms. */
export const RECIPIENT_SCHEMA = {
	type: 'object',
	properties: {
		contact_id: NON_EMPTY,
		identified_by: {
			type: 'object',
			required: ['channel_identities'],
			properties: {
				channel_identities: {
					type: 'array',
					minItems: 1,
					items: {
						type: 'object',
						required: ['channel', 'identity'],
						properties: { channel: NON_EMPTY, identity: NON_EMPTY },
					},
				},
			},
		},
	},
};

/** Refuses a recipient with both forms or neither, and unknown channels. */
export function checkRecipient({ contact_id, identified_by }: Recipient): void {
	if (!contact_id === !identified_by) {
		throw invalid('recipient must have exactly one of contact_id and identified_by');
	}
	for (const { channel } of identified_by?.channel_identities ?? []) checkChannel(channel);
}

export function checkChannel(channel: string): void {
	if (!isChannel(channel)) throw invalid(`Invalid value for enum field channel: "${channel}"`);
}
