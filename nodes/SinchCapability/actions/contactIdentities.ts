import type { IExecuteFunctions } from 'n8n-workflow';

import type { Located } from '../pickers/locator';
import { isAppScoped } from '../sinch/channels';
import type { ChannelIdentity, ContactIdentity } from '../sinch/types';
import { readAppId } from './ids';

/** Identities as contacts hold them: with their app on channels where each app has its own. */
export function withApp(
	context: IExecuteFunctions,
	identities: ChannelIdentity[],
	picked: Located,
	appIdOfCredential: string,
	itemIndex: number,
): ContactIdentity[] {
	return identities.map((identity) =>
		isAppScoped(identity.channel)
			? { ...identity, app_id: readAppId(context, picked, appIdOfCredential, itemIndex) }
			: identity,
	);
}
