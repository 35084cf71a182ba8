import type { IDataObject } from 'n8n-workflow';

import { SinchCapability } from '../../nodes/SinchCapability/SinchCapability.node';
import { runNode } from '../support/engine';
import { simulate } from '../support/simulated';
import type { Simulated } from '../support/simulated';

let simulated: Simulated;

beforeAll(async () => {
	simulated = await simulate();
});

afterEach(async () => await simulated.simulator.control.reset());

afterAll(async () => await simulated.simulator.stop());

const byContact = {
	recipientType: 'contact',
	contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
};

const run = async (parameters: object, items: IDataObject[], settings = {}) =>
	await runNode(new SinchCapability(), parameters as never, items, {
		credentials: simulated.store(),
		...settings,
	});

describe('Query against the simulator', () => {
	it('registers a query for every demo contact with one token', async () => {
		const contacts = simulated.demo.contacts.map(({ contactId }) => ({ contactId }));
		const { outputs, error } = await run(byContact, contacts);
		expect(error).toBeUndefined();
		const { queries, totals } = await simulated.simulator.control.log();
		expect(queries.map(({ requestId, recipient }) => ({ requestId, recipient }))).toEqual(
			contacts.map(({ contactId }, index) => ({
				requestId: outputs[0][index].json.request_id,
				recipient: { contact_id: contactId },
			})),
		);
		expect(totals.tokensIssued).toBe(1);
	});

	it('registers a query by channel identities, several in one', async () => {
		const { outputs } = await run(
			{
				channelIdentities: {
					identity: [
						{ channel: 'RCS', identity: '+46 70 174 06 05' },
						{ channel: 'SMS', identity: '={{ $json.phone }}' },
					],
				},
			},
			[{ phone: '0046701740605' }],
		);
		expect(outputs[0][0].json.recipient).toEqual({
			identified_by: {
				channel_identities: [
					{ channel: 'RCS', identity: '46701740605' },
					{ channel: 'SMS', identity: '46701740605' },
				],
			},
		});
	});

	it('goes on with a new token when the old one has expired in the middle', async () => {
		const contacts = simulated.demo.contacts.map(({ contactId }) => ({ contactId }));
		await simulated.simulator.control.settings({ tokenLifetimeSeconds: 1, apiLatencyMs: 300 });
		const { outputs, error } = await run(byContact, contacts);
		expect(error).toBeUndefined();
		expect(outputs[0]).toHaveLength(contacts.length);
		expect((await simulated.simulator.control.log()).totals.tokensIssued).toBeGreaterThan(1);
	});

	it('tells the failing item from the others', async () => {
		const [first, second] = simulated.demo.contacts;
		const unknown = '01SANDB0XC0NTACTVNKN0WN001';
		const items = [first.contactId, unknown, second.contactId].map((contactId) => ({ contactId }));
		const { outputs } = await run(byContact, items, { onError: 'continueErrorOutput' });
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(outputs[1]).toEqual([
			{
				json: {
					contactId: unknown,
					error: expect.objectContaining({ httpCode: '404', item: 1 }),
				},
				pairedItem: { item: 1 },
			},
		]);
	});

	it.each([
		['a wrong key', { keySecret: 'wrong' }, 'Sinch did not accept the access key'],
		['an unknown app', { appId: '01SANDB0XN0SVCHAPP00000001' }, 'Sinch found no such app'],
		['an app id of another form', { appId: 'my-app' }, 'Sinch did not accept the request'],
	])('says in plain words what is wrong with %s', async (_, credential, message) => {
		const { error } = await run(byContact, [{ contactId: simulated.demo.contacts[0].contactId }], {
			credentials: simulated.store(credential),
		});
		expect(error?.message).toContain(message);
	});

	it.each([
		['a reset connection', { kind: 'reset' }, 'Sinch could not be reached'],
		['an answer that never comes', { kind: 'timeout' }, 'Sinch could not be reached'],
		['an outage', { kind: 'status', status: 503 }, 'Sinch has a problem'],
		['a limit', { kind: 'status', status: 429, retryAfter: 2 }, 'Sinch asks to slow down'],
	] as const)('says in plain words that there was %s', async (_, fault, message) => {
		await simulated.simulator.control.faults({ target: 'query', ...fault });
		const { error } = await run({ ...byContact, options: { timeout: 1 } }, [
			{ contactId: simulated.demo.contacts[0].contactId },
		]);
		expect(error?.message).toBe(message);
	});
});
