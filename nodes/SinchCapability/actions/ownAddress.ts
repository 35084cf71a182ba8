import type { IExecuteFunctions } from 'n8n-workflow';

import { baseOf } from '../shared/ownAddresses';

/** The public base address of this n8n's webhooks; n8n gives it to a node only as a part of this URL. */
export const ownAddress = (context: IExecuteFunctions): string =>
	baseOf(String(context.getWorkflowDataProxy(0).$execution.resumeUrl));
