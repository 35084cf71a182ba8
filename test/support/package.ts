import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { SinchConversationApi } from '../../credentials/SinchConversationApi.credentials';
import { markToken } from '../../nodes/SinchCapability/transport/token';
import { CredentialStore } from './engine';

/** Values of the form that Sinch gives out; none of them is real. */
export const PROJECT_ID = '2b1f6a3e-7c40-4d0c-9a55-0d6f3b8e1c27';
export const APP_ID = '01W4FFL35P4NC4K35CONVAPP01';

/** A store with one credential of this package, with a token already, as n8n keeps it. */
export function storeWith(given: ICredentialDataDecryptedObject = {}): CredentialStore {
	const data = {
		projectId: PROJECT_ID,
		keyId: 'key-id',
		keySecret: 'key-secret',
		appId: APP_ID,
		region: 'eu',
		...given,
	};
	const accessToken = markToken('stored-token', data);
	return new CredentialStore([
		{ type: new SinchConversationApi(), data: { accessToken, ...data } },
	]);
}
