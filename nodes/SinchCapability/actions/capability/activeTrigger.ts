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
 * Makes sure that this process can receive answers. A worker of n8n's queue mode never does: they
 * come to the main process or a webhook process. n8n 1 and 2 keep the kind of process in the context,
 * and do not promise it; where it is missing, the wait ends with the hint below instead.
 *
 * @throws NodeOperationError in a worker
 */
export function refuseInWorker(context: IExecuteFunctions): void {
	const { instanceSettings } = context as { instanceSettings?: { instanceType?: string } };
	if (instanceSettings?.instanceType === 'worker') {
		throw new NodeOperationError(
			context.getNode(),
			'Query and Wait cannot receive answers when n8n runs in queue mode',
			{
				description:
					'Use the operation Query here, and let the answers start a workflow with a Sinch Capability Trigger. Nothing was asked.',
			},
		);
	}
}

/**
 * Makes sure that the answers will come to this n8n, before anything is asked.
 *
 * @throws NodeOperationError when no webhook of the app delivers capability notifications here
 */
export async function requireActiveTrigger(
	context: IExecuteFunctions,
	client: PacedClient,
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
				description: `Publish (activate) a workflow with a Sinch Capability Trigger for this app, in this n8n (${address}). Nothing was asked.`,
			},
		);
	}
}
