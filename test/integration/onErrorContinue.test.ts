import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { PARSE_OUTPUTS } from '../../nodes/SinchCapability/actions/capability/parseNotification.operation';
import { answerPaceOf } from '../../nodes/SinchCapability/transport/queries';
import { WAIT_OUTCOMES } from '../../nodes/SinchCapability/waiting/contactResult';
import { CredentialStore } from '../support/engine';
import { useListening } from '../support/listening';
import { runAction, useSimulator } from '../support/simulated';

// What concerns a whole run is thrown; n8n would then send the input to the first output, Full.

const simulated = useSimulator();
const n8n = useListening(simulated);

const BROKEN = '$("No such node").first().json.value';
const PHONE = '46701740605';
const ITEMS = [{ row: 1 }, { row: 2 }];
const MODES = ['continueRegularOutput', 'continueErrorOutput'] as const;

const byPhone = (options: INodeParameters = {}): INodeParameters => ({
	recipientType: 'phoneNumber',
	phoneNumber: PHONE,
	channels: ['RCS'],
	options,
});
const WAIT: INodeParameters = { operation: 'queryAndWait', ...byPhone() };

const run = async (parameters: INodeParameters, items: IDataObject[], settings: object = {}) =>
	await runAction(simulated, parameters, items, { instanceUrl: n8n.instanceUrl, ...settings });

const queries = async () => (await simulated.control.log()).queries.length;

/** How each run fails as a whole: what is set before it, and a part of the error of every item. */
const REASONS: Array<[string, () => Promise<object>, string]> = [
	[
		'no workflow that receives the answers is published',
		async () => await Promise.resolve({ instanceUrl: 'https://other.example.com/' }),
		'receives the answers of app',
	],
	[
		'Sinch refuses access to the webhooks',
		async () => {
			await simulated.control.faults({ target: 'webhooks', kind: 'status', status: 403 });
			return {};
		},
		'has no permission for this project',
	],
	[
		'the credential is missing',
		async () => await Promise.resolve({ credentials: new CredentialStore() }),
		'credential',
	],
];

describe.each(MODES)('On Error set to %s', (onError) => {
	const outputFor = (names: readonly string[], name: string) =>
		onError === 'continueErrorOutput' ? names.length : names.indexOf(name);

	it.each(REASONS)(
		'Check reachability and wait sends no item to Full and each to Failed or the error output when %s',
		async (_, prepare, reason) => {
			const settings = await prepare();
			const { outputs, error } = await run(WAIT, ITEMS, { onError, ...settings });
			expect(error).toBeUndefined();
			const place = outputFor(WAIT_OUTCOMES, 'Failed');
			expect(outputs[place].map(({ json }) => json)).toEqual(
				ITEMS.map(({ row }) =>
					expect.objectContaining({
						row,
						...(onError === 'continueRegularOutput' && { outcome: 'Failed' }),
						error: expect.objectContaining({ message: expect.stringContaining(reason) }),
					}),
				),
			);
			expect(outputs.flat()).toHaveLength(ITEMS.length);
			expect(await queries()).toBe(0);
		},
	);

	it('an item with an unknown app fails alone, and the other is checked', async () => {
		const parameters = {
			...WAIT,
			...byPhone({ appId: { __rl: true, mode: 'id', value: '={{ $json.app }}' } }),
		};
		const items = [{ app: 'UNKNOWN' }, { app: simulated.appId }];
		const { outputs } = await run(parameters, items, { onError });
		expect(outputs[0]).toMatchObject([{ json: { app: simulated.appId, outcome: 'Full' } }]);
		expect(outputs[outputFor(WAIT_OUTCOMES, 'Failed')]).toMatchObject([
			{ json: { app: 'UNKNOWN', error: { httpCode: '404', item: 0 } } },
		]);
	});

	it('an expression that cannot divide the results is an error before anything is sent', async () => {
		const parameters = { ...WAIT, itemPer: `={{ ${BROKEN} }}` };
		const { outputs } = await run(parameters, ITEMS, { onError });
		expect(outputs[outputFor(WAIT_OUTCOMES, 'Failed')]).toHaveLength(ITEMS.length);
		expect(outputs.flat()).toHaveLength(ITEMS.length);
		const single = await run({ ...parameters, outputMode: 'single' }, ITEMS, { onError });
		expect(single.outputs[outputFor(['main'], 'main')]).toHaveLength(ITEMS.length);
		expect(await queries()).toBe(0);
	});

	it('Parse Notification sends a request to Refused when the credential is missing', async () => {
		const parameters = { operation: 'parseNotification', secretFrom: 'credential' };
		const { outputs } = await run(parameters, [{ headers: {} }], {
			onError,
			credentials: new CredentialStore(),
		});
		expect(outputs[outputFor(PARSE_OUTPUTS.perOutcome, 'Refused')]).toHaveLength(1);
		expect(outputs.flat()).toHaveLength(1);
	});

	it.each<[string, INodeParameters]>([
		['Check reachability', { operation: 'query', ...byPhone() }],
		['Contact: Get', { resource: 'contact', operation: 'get', contactId: 'C' }],
		['Contact: Delete', { resource: 'contact', operation: 'delete', contactId: 'C' }],
		['Webhook: Get Many', { resource: 'webhook', operation: 'getAll' }],
	])('%s marks each item with the error when the credential is missing', async (_, parameters) => {
		const { outputs } = await run(parameters, ITEMS, {
			onError,
			credentials: new CredentialStore(),
		});
		expect(outputs[outputFor(['main'], 'main')]).toMatchObject([
			{ json: { error: { item: 0 } } },
			{ json: { error: { item: 1 } } },
		]);
		expect(outputs.flat()).toHaveLength(ITEMS.length);
	});

	it.each<[string, INodeParameters]>([
		['a rate', { requestsPerSecond: '={{ $json.row === 1 ? "x" : 400 }}' }],
		['an expression', { requestId: `={{ $json.row === 1 ? ${BROKEN} : "" }}` }],
	])('the first item alone fails because of %s that cannot be used', async (_, options) => {
		const parameters = { operation: 'query', ...byPhone(options) };
		const { outputs } = await run(parameters, ITEMS, { onError });
		const failed = outputs.flat().filter(({ json }) => 'error' in json);
		expect(failed).toMatchObject([{ json: { row: 1, error: { item: 0 } } }]);
		expect(await queries()).toBe(1);
	});
});

it('a rate of the first item that cannot be used is an error when On Error is set to stop', async () => {
	const { error } = await run(
		{ operation: 'query', ...byPhone({ requestsPerSecond: 'x' }) },
		ITEMS,
	);
	expect(error?.message).toContain("'Requests per Second'");
	expect(await queries()).toBe(0);
});

it('a contact that cannot be created gives its place among the awaited answers back', async () => {
	const dispatch = simulated.demo.apps.find((app) => app.processingMode === 'DISPATCH')!;
	const options = {
		createContact: true,
		appId: { __rl: true, mode: 'id', value: dispatch.appId },
	};
	const parameters = { operation: 'query', ...byPhone(options) };
	await run(parameters, ITEMS, { onError: 'continueRegularOutput' });
	expect(answerPaceOf(dispatch.appId).window['sent'].size).toBe(0);
});
