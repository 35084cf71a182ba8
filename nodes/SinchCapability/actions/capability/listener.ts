import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { BulkClient } from '../../transport/bulkClient';
import { CAPABILITY_TRIGGER, listWebhooks } from '../../transport/webhooks';

/** The public address of this n8n's webhooks, e.g. `https://n8n.example.com/`. */
function publicAddress(context: IExecuteFunctions): string {
	const { resumeUrl } = context.getWorkflowDataProxy(0).$execution as { resumeUrl: string };
	return resumeUrl.slice(0, resumeUrl.lastIndexOf('/webhook-waiting') + 1) || resumeUrl;
}

/**
 * Makes sure that the answers will come to this n8n, before anything is asked.
 *
 * @throws NodeOperationError when no webhook of the app delivers capability notifications here
 */
export async function requireListener(
	context: IExecuteFunctions,
	client: BulkClient,
	appId: string,
): Promise<void> {
	const address = publicAddress(context);
	const listens = (await listWebhooks(client, appId)).some(
		({ target, target_type, triggers }) =>
			target_type === 'HTTP' &&
			triggers?.includes(CAPABILITY_TRIGGER) &&
			target.startsWith(address),
	);
	if (!listens) {
		throw new NodeOperationError(
			context.getNode(),
			`No workflow listens for the answers of app ${appId}`,
			{
				description: `Activate a workflow with a Sinch Capability Trigger for this app, in this n8n (${address}). Nothing was asked.`,
			},
		);
	}
}

/** Why nobody may have answered though a webhook is registered, most likely first. */
export const NO_ANSWER_HINT =
	'Sinch gave no answer in time for any item. Likely causes: the address of this n8n is not reachable from the internet; n8n runs in queue mode, where Query and Wait cannot receive answers; another n8n has the same address; n8n was restarted while it waited; or the channels need more time, see Timeout.';
