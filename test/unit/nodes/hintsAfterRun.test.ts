import type { INodeExecutionData, WorkflowExecuteMode } from 'n8n-workflow';

import {
	hintAtDispatch,
	hintAtEmptyItem,
	hintAtListeners,
	hintAtOutcomes,
} from '../../../nodes/SinchCapability/actions/capability/hints';
import type { Recipient } from '../../../nodes/SinchCapability/sinch/types';
import type { BestResult } from '../../../nodes/SinchCapability/waiting/contactResult';
import { Listeners } from '../../../nodes/SinchCapability/waiting/listeners';
import { useClock } from '../../support/clock';
import {
	newApp,
	newTrigger,
	newWebhookNode,
	startExecution,
	triggerIn,
	unpublished,
	webhook,
	webhookNode,
	webhooksOf,
} from '../../support/execution';

useClock();

const PRODUCTION: WorkflowExecuteMode = 'trigger';

const full: BestResult = { outcome: 'Full', best_channel: 'RCS' };
const none: BestResult = { outcome: 'None', best_channel: null };
const failed: BestResult = { outcome: 'Failed', best_channel: null };

const item = (json: INodeExecutionData['json'] = {}): INodeExecutionData => ({ json });

describe('the outcomes of a wait', () => {
	async function hintsAt(
		results: BestResult[],
		outputs: INodeExecutionData[][],
		settings: Parameters<typeof startExecution>[0] = {},
	) {
		const { context, hints } = await startExecution(settings);
		hintAtOutcomes(context, results, outputs);
		return hints;
	}

	it.each([
		['a usable channel', [full], '1 contact: Full on RCS.'],
		['no usable channel', [none], '1 contact: None.'],
		['several contacts', [none, full, none], '3 contacts: Full 1, None 2.'],
	])('the hint after a manual run tells the outcomes: %s', async (_, results, message) => {
		const outputs = [results.map(() => item())];
		expect(await hintsAt(results, outputs)).toEqual([{ message, type: 'info' }]);
	});

	it.each([
		['an answer is Failed', {}, 'continueErrorOutput', 'Failed'],
		['the query could not be sent', { error: 'No' }, 'continueErrorOutput', 'Error'],
		['an error has no output of its own', { error: 'No' }, 'continueRegularOutput', 'Failed'],
	])(
		'the hint after a manual run names the tab on which n8n puts the item when %s',
		async (_, json, onError, tab) => {
			const [hint] = await hintsAt([failed], [[], [item(json)]], { node: { onError } });
			expect(hint.message).toBe(`1 contact: Failed. Its item is on the tab ${tab} Branch.`);
		},
	);

	it.each([
		['several items for the contact', [[item()], [item()]]],
		['a single output', [[item()]]],
	])('the hint after a manual run names no tab with %s', async (_, outputs) => {
		expect((await hintsAt([full], outputs))[0].message).toBe('1 contact: Full on RCS.');
	});

	it.each([
		['in production', [full], PRODUCTION],
		['after a manual run without items', [], 'manual'],
	] as const)('there is no hint at outcomes %s', async (_, results, mode) => {
		expect(await hintsAt([...results], [[]], { mode })).toEqual([]);
	});
});

it.each([
	['is named when the first of several outputs is empty', true, [[], [item()]], true],
	['is named when all outputs are empty', true, [[], []], true],
	['is not named when the first output has an item', true, [[item()], []], false],
	['is not named with a single output', true, [[]], false],
	['is not named without Always Output Data', false, [[], [item()]], false],
])('the empty item of n8n 1 and 2 %s', async (_, alwaysOutputData, outputs, isNamed) => {
	const { context, hints } = await startExecution({
		mode: PRODUCTION,
		node: { alwaysOutputData },
	});
	hintAtEmptyItem(context, outputs);
	const expected = { message: expect.stringContaining("'Always Output Data'"), type: 'warning' };
	expect(hints).toEqual(isNamed ? [expected] : []);
});

describe('contacts of an app in DISPATCH mode', () => {
	const contact: Recipient = { contact_id: 'C' };
	const number: Recipient = {
		identified_by: { channel_identities: [{ channel: 'SMS', identity: '46701234567' }] },
	};

	async function hintsAt(mode: WorkflowExecuteMode, ...queries: Array<[string, Recipient]>) {
		const { context, client, hints, askedOfSinch } = await startExecution({
			mode,
			sinch: {
				'/apps/DISPATCH': { id: 'DISPATCH', processing_mode: 'DISPATCH' },
				'/apps/CONVERSATION': { id: 'CONVERSATION', processing_mode: 'CONVERSATION' },
			},
		});
		const sent = queries.map(([app_id, recipient], index) => {
			return { app_id, recipient, project_id: 'p', request_id: `request ${index}` };
		});
		await hintAtDispatch(context, client, sent);
		return { hints, askedOfSinch };
	}

	it('an app without contacts is named once after a manual run that queried contacts', async () => {
		const { hints, askedOfSinch } = await hintsAt(
			'manual',
			['CONVERSATION', contact],
			['DISPATCH', contact],
			['DISPATCH', contact],
			['unknown', contact],
		);
		expect(hints).toEqual([
			{
				message: expect.stringMatching(
					/^The app DISPATCH is in DISPATCH mode and stores no contacts\. /,
				),
				type: 'warning',
			},
		]);
		expect(askedOfSinch).toEqual(['/apps/CONVERSATION', '/apps/DISPATCH', '/apps/unknown']);
	});

	it('no app is looked up after a manual run that queried no contact', async () => {
		const { hints, askedOfSinch } = await hintsAt('manual', ['DISPATCH', number]);
		expect([hints, askedOfSinch]).toEqual([[], []]);
	});

	it('no app is looked up in production', async () => {
		const { hints, askedOfSinch } = await hintsAt(PRODUCTION, ['DISPATCH', contact]);
		expect([hints, askedOfSinch]).toEqual([[], []]);
	});
});

describe('where the answers to Check Reachability arrive', () => {
	/** For one app: its webhooks post to such an address, or Sinch does not find the app. */
	async function hintsAt(
		receiver: 'trigger' | 'unpublished trigger' | 'Webhook node' | 'none' | 'unknown app',
		count = 1,
		mode: WorkflowExecuteMode = 'manual',
	) {
		const appId = newApp();
		const target = receiver === 'Webhook node' ? newWebhookNode() : newTrigger();
		const webhooks = receiver === 'none' ? [] : [webhook(appId, target)];
		const respond = {
			trigger: triggerIn('another'),
			'Webhook node': webhookNode,
		}[receiver as string];
		const { context, client, hints, askedOfSinch } = await startExecution({
			mode,
			sinch: receiver === 'unknown app' ? {} : { [webhooksOf(appId)]: { webhooks } },
			addresses: { [target]: respond ?? unpublished },
		});
		const registered = new Map([[appId, count]]);
		await hintAtListeners(context, new Listeners(context, client), registered);
		return { appId, hints, askedOfSinch };
	}

	it.each(['unpublished trigger', 'none'] as const)(
		'answers that no workflow receives will be lost: %s',
		async (receiver) => {
			const { appId, hints } = await hintsAt(receiver);
			expect(hints).toEqual([
				{
					message: expect.stringContaining(
						`Sinch registered 1 query, but no published workflow in this n8n receives the answers of app ${appId}, so they will be lost. Publish `,
					),
					type: 'warning',
				},
			]);
		},
	);

	it('answers start the workflow of a published trigger', async () => {
		const { hints } = await hintsAt('trigger', 2);
		expect(hints).toEqual([
			{
				message: expect.stringMatching(
					/^Sinch registered 2 queries\. The answers start every published workflow /,
				),
				type: 'info',
			},
		]);
	});

	it.each(['Webhook node', 'unknown app'] as const)(
		'nothing is said about where the answers arrive: %s',
		async (receiver) => {
			expect((await hintsAt(receiver)).hints).toEqual([]);
		},
	);

	it('no one is asked where the answers arrive in production', async () => {
		const { hints, askedOfSinch } = await hintsAt('none', 1, PRODUCTION);
		expect([hints, askedOfSinch]).toEqual([[], []]);
	});
});
