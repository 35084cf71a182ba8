import type { IExecuteFunctions } from 'n8n-workflow';

import { appField, readAppId } from '../../parameters/app';
import type { ResourceLocatorValue } from '../../parameters/resourceLocator';
import { createRequestId } from '../../sinch/requestId';
import type { CapabilityQuery } from '../../sinch/types';
import type { PacedClient } from '../../transport/pacedClient';
import type { PhoneNumberFormat } from '../../parameters/channelIdentities';
import { requestsPerSecondOption } from '../../parameters/requestsPerSecond';
import { readRecipient } from '../../parameters/recipient';

/** The options that every operation has that sends a capability query. */
export interface QueryOptions {
	appId?: ResourceLocatorValue;
	phoneNumberFormat?: PhoneNumberFormat;
	requestId?: string;
	requestsPerSecond?: number;
	/** Seconds. */
	timeout?: number;
}

export const appOption = appField("Ask with this app instead of the credential's");

export const queriesPerSecondOption = requestsPerSecondOption(
	'; the answers arrive at 25 a second by default',
);

/**
 * Reads and checks one item's query; nothing is sent yet.
 *
 * @throws NodeOperationError naming field and item
 */
export function readQuery(
	context: IExecuteFunctions,
	client: PacedClient,
	itemIndex: number,
	{ appId, phoneNumberFormat, requestId }: QueryOptions,
): CapabilityQuery {
	return {
		app_id: readAppId(context, itemIndex, appId, client.appId),
		project_id: client.projectId,
		recipient: readRecipient(context, itemIndex, phoneNumberFormat),
		request_id: String(requestId ?? '').trim() || createRequestId(Date.now()),
	};
}
