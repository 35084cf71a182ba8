import type { INodeProperties } from 'n8n-workflow';

import { PROJECT_LIMIT } from '../pacing/requestPace';
import { DEFAULT_REQUESTS_PER_SECOND } from '../transport/pacedClient';

/** @param suffix the end of the description, without a full stop */
export const requestsPerSecondOption = (suffix = ''): INodeProperties => ({
	displayName: 'Requests per Second',
	name: 'requestsPerSecond',
	type: 'number',
	typeOptions: { minValue: 1, maxValue: PROJECT_LIMIT },
	default: DEFAULT_REQUESTS_PER_SECOND,
	description: `How many requests to send per second at most. Sinch allows ${PROJECT_LIMIT} requests a second for all apps of a project together${suffix}.`,
});
