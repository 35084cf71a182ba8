import type {
	IDataObject,
	INodeExecutionData,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';

import { OUTCOMES, outcomeOf } from '../outcome/outcomes';
import { toChannel } from '../sinch/channels';
import { notificationId, readCapabilityCallback, simplifyCallback } from '../sinch/notification';
import type { CapabilityNotification } from '../sinch/types';
import type { Registration } from './lifecycle';
import { verifySignature } from './signature';

/** An answer of 200 that starts no execution. */
const IGNORED: IWebhookResponseData = {};

interface Filters {
	channels?: string[];
	statuses?: string[];
}

function refuse(context: IWebhookFunctions, refusal: string): IWebhookResponseData {
	context.logger.warn(`Sinch Capability Trigger refused a request with 401: ${refusal}`);
	context
		.getResponseObject()
		.status(401)
		.json({ message: 'The signature is missing or not valid' });
	return { noWebhookResponse: true };
}

/** The body as it was signed, not as n8n parsed it by its content type. */
function parseBody(rawBody: Buffer): unknown {
	try {
		return JSON.parse(rawBody.toString('utf8'));
	} catch {
		return undefined;
	}
}

/** An empty filter lets everything pass. */
function passes({ channels = [], statuses = [] }: Filters, notification: CapabilityNotification) {
	const { channel = '', capability_status = '' } = notification;
	return (
		(channels.length === 0 || channels.map(toChannel).includes(toChannel(String(channel)))) &&
		(statuses.length === 0 || statuses.includes(capability_status))
	);
}

/** One request to the webhook: refuse, ignore, or emit the notification on its output. */
export async function handleRequest(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const { rawBody, headers } = this.getRequestObject();
	const { secret } = this.getWorkflowStaticData('node') as Registration;
	const verification = verifySignature({ rawBody, headers }, secret, Date.now());
	if (!verification.genuine) {
		return refuse(this, verification.refusal);
	}
	const body = parseBody(rawBody);
	const callback = readCapabilityCallback(body);
	const filters = this.getNodeParameter('options', {}) as Filters;
	if (!callback || !passes(filters, callback.capability_notification)) {
		return IGNORED;
	}
	const outcome = outcomeOf(callback.capability_notification);
	const item: INodeExecutionData = {
		json: this.getNodeParameter('simplify')
			? {
					...simplifyCallback(callback),
					outcome,
					notification_id: notificationId(callback, verification.nonce),
				}
			: (body as IDataObject),
	};
	return {
		workflowData:
			this.getNodeParameter('outputMode') === 'single'
				? [[item]]
				: OUTCOMES.map((output) => (output === outcome ? [item] : [])),
	};
}
