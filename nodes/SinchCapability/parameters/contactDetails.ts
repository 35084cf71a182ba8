import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { fieldError } from './fieldError';

/** Sinch's limit, in characters. */
const MAX_METADATA = 1024;

/** What can be stored for a contact besides its channels and language. */
export interface ContactDetails {
	displayName?: string;
	email?: string;
	externalId?: string;
	metadata?: unknown;
}

export const displayNameField: INodeProperties = {
	displayName: 'Display Name',
	name: 'displayName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Astrid Lindqvist',
	description: 'The name that people see in Sinch and in this node',
};

export const detailFields: INodeProperties[] = [
	{
		displayName: 'Email',
		name: 'email',
		type: 'string',
		default: '',
		placeholder: 'name@email.com',
	},
	{
		displayName: 'External ID',
		name: 'externalId',
		type: 'string',
		default: '',
		placeholder: 'e.g. crm-1001',
		description: 'Your own ID for the contact, by which Get Many can find it',
	},
	{
		displayName: 'Metadata',
		name: 'metadata',
		type: 'string',
		default: '',
		description: `Anything that Sinch should keep with the contact, at most ${MAX_METADATA} characters`,
	},
];

/** An object is kept as its JSON. @throws NodeOperationError when it is too long */
function readMetadata(context: IExecuteFunctions, itemIndex: number, metadata: unknown): string {
	const text =
		typeof metadata === 'object' && metadata !== null
			? JSON.stringify(metadata)
			: String(metadata ?? '');
	if (text.length > MAX_METADATA) {
		throw fieldError(
			context,
			itemIndex,
			'Metadata',
			'is too long',
			`It has ${text.length} characters; Sinch keeps at most ${MAX_METADATA}.`,
		);
	}
	return text;
}

/**
 * The given details by Sinch's names; an empty text deletes the stored value.
 *
 * @throws NodeOperationError naming field and item
 */
export function readDetails(
	context: IExecuteFunctions,
	itemIndex: number,
	given: ContactDetails,
): Record<string, string> {
	const textOf = (value: unknown) => String(value ?? '').trim();
	return {
		...(given.displayName !== undefined && { display_name: textOf(given.displayName) }),
		...(given.email !== undefined && { email: textOf(given.email) }),
		...(given.externalId !== undefined && { external_id: textOf(given.externalId) }),
		...(given.metadata !== undefined && {
			metadata: readMetadata(context, itemIndex, given.metadata),
		}),
	};
}
