import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { SinchConversationApi } from '../../credentials/SinchConversationApi.credentials';
import { testCredential } from '../support/engine';
import { isN8n1 } from '../support/generation';
import { runAction, useSimulator } from '../support/simulated';

const simulated = useSimulator();

const check = async (difference: ICredentialDataDecryptedObject = {}) => {
	const { url } = simulated.simulator;
	return await testCredential(new SinchConversationApi(), {
		...simulated.demo.project,
		appId: simulated.appId,
		region: 'custom',
		apiUrl: url,
		authUrl: `${url}/`,
		...difference,
	});
};

it('the credential test passes with the right project, key, app and address', async () => {
	expect(await check()).toMatchObject({ status: 'OK' });
});

it.each<[string, () => ICredentialDataDecryptedObject, string, string?]>([
	[
		'a wrong key',
		() => ({ keySecret: 'wrong' }),
		'Sinch does not know this access key. Check the Access Key ID and the Access Key Secret.',
	],
	[
		'a key of another project',
		() => {
			const { keyId, keySecret } = simulated.demo.otherProject;
			return { keyId, keySecret };
		},
		'This access key belongs to another project. Check the Project ID, or create an access key in that project.',
		'Forbidden - perhaps check your credentials?',
	],
	[
		'an app of another region, or none',
		() => ({ appId: '01SANDB0XN0SVCHAPP00000001' }),
		'Sinch found no app with this App ID in this region. Check the App ID, and choose the Region in which the app was created.',
		'The resource you are requesting could not be found',
	],
	[
		'an auth host that does not answer',
		() => ({ authUrl: 'http://127.0.0.1:9' }),
		'Sinch could not be reached at http://127.0.0.1:9/oauth2/token: it refused the connection. Check the region and the addresses in the credential, and that this n8n can connect to them.',
	],
	[
		'an API host that does not answer',
		() => ({ apiUrl: 'http://127.0.0.1:9' }),
		'Sinch could not be reached at http://127.0.0.1:9: it refused the connection. Check the region and the addresses in the credential, and that this n8n can connect to them.',
	],
	[
		'https for a host without it',
		() => ({ apiUrl: simulated.simulator.url.replace('http:', 'https:') }),
		expect.stringMatching(
			/^Sinch could not be reached at https:[^ ]*: it does not use https\. Check the region and the addresses/,
		),
	],
	[
		'an address that is none',
		() => ({ authUrl: 'simulator' }),
		'Sinch could not be reached at simulator/oauth2/token: this is not a valid address. Check the region and the addresses in the credential, and that this n8n can connect to them.',
	],
])(
	'the credential test says what is wrong with %s',
	async (_, difference, message, messageOfN8n1 = message) => {
		// n8n 1 loses the HTTP status of a failed test before it looks for this credential's rule.
		const expected = isN8n1 ? messageOfN8n1 : message;
		expect(await check(difference())).toEqual({ status: 'Error', message: expected });
	},
);

describe.each(['apiUrl', 'authUrl'])('the field %s', (field) => {
	it.each([
		'localhost:4010',
		'127.0.0.1:4010',
		'us.conversation.api.sinch.com',
		'auth.sinch.com:443',
		'//auth.sinch.com',
		'htp://auth.sinch.com',
		'http//auth.sinch.com',
		'',
	])(`%j in the field ${field} is no address, for the test and for a run`, async (address) => {
		const problem = 'this is not a valid address';
		expect((await check({ [field]: address })).message).toContain(problem);
		const { error } = await runAction(
			simulated,
			{ resource: 'webhook', operation: 'getAll' },
			[{}],
			{ credentials: simulated.store({ [field]: address }) },
		);
		expect(error?.message).toContain(problem);
	});
});
