import { SinchClient } from '@sinch/sdk-core';

import type { Sinch } from '../simulator/support';

/** Sinch's own SDK as a client of the simulator, for the demo project unless another is given. */
export function sdkClient({ url, demo }: Sinch, project = demo.project) {
	const { projectId, keyId, keySecret } = project;
	const addresses = { conversationHostname: url, authHostname: url };
	return new SinchClient({ projectId, keyId, keySecret, ...addresses, logger: null }).conversation;
}
