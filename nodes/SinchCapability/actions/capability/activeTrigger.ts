import type { IExecuteFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { PacedClient } from '../../transport/pacedClient';
import { CAPABILITY_TRIGGER, listWebhooks } from '../../transport/webhooks';

/** The public address of this n8n's webhooks, e.g. `https://n8n.example.com/`. */
function publicAddress(context: IExecuteFunctions): string {
	const { resumeUrl } = context.getWorkflowDataProxy(0).$execution as { resumeUrl: string };
	return resumeUrl.slice(0, resumeUrl.lastIndexOf('/webhook-waiting') + 1) || resumeUrl;
}

/**
 * Makes sure that the answers will come to this n8n, before anything is asked.
 *
 * @returns the addresses of this n8n that Sinch posts the answers to
 * @throws NodeOperationError when no webhook of the app delivers capability notifications here
 */
export async function requireActiveTrigger(
	context: IExecuteFunctions,
	client: PacedClient,
	appId: string,
): Promise<string[]> {
	const address = publicAddress(context);
	const listening = (await listWebhooks(client, appId)).filter(
		({ target, target_type, triggers }) =>
			target_type === 'HTTP' &&
			triggers?.includes(CAPABILITY_TRIGGER) &&
			target.startsWith(address),
	);
	if (listening.length === 0) {
		throw new NodeOperationError(
			context.getNode(),
			`No workflow listens for the answers of app ${appId}`,
			{
				description: `Publish (activate) a workflow with a Sinch Capability Trigger for this app, in this n8n (${address}). Nothing was asked.`,
			},
		);
	}
	return listening.map(({ target }) => target);
}
