import { nodesBehind, readAnswers, type Answer } from '../../sandbox/demo/answers.mts';
import { compare } from '../../sandbox/demo/comparison.mts';
import type { Demo } from '../../sandbox/simulator/wire.ts';
import { readExample } from '../../sandbox/demo/setup.mts';
import type { Execution, WorkflowFile } from '../../sandbox/n8n/types.mts';

/** `npm start -- --once` is a check only if it detects every possible difference. */
describe('The comparison behind npm start -- --once', () => {
	const demo = {
		contacts: [
			{
				contactId: 'C1',
				name: 'Astrid',
				channels: [
					{ channel: 'RCS', identity: '1', outcome: 'Full' },
					{ channel: 'SMS', identity: '1', outcome: 'Failed' },
				],
			},
		],
	} as unknown as Demo;
	const requestIds = ['R1'];
	let route: WorkflowFile;

	beforeAll(async () => {
		route = await readExample('route-by-capability');
	});

	const answer = (channel: string, output: string, change: Partial<Answer> = {}): Answer => ({
		executionId: '7',
		status: 'success',
		requestId: 'R1',
		contactId: 'C1',
		channel,
		identity: '1',
		capabilityStatus: 'CAPABILITY_FULL',
		reasonCode: '',
		outputs: [output],
		nodes: nodesBehind(route, output),
		...change,
	});
	const differences = (...answers: Answer[]) =>
		compare(route, demo, answers, requestIds).differences;

	it('the comparison behind npm start -- --once finds nothing when each row came once, on its branch', () => {
		const { rows } = compare(
			route,
			demo,
			[answer('RCS', 'Full'), answer('SMS', 'Failed')],
			requestIds,
		);
		expect(rows).toEqual([
			expect.objectContaining({ branch: 'Full', difference: undefined }),
			expect.objectContaining({ branch: 'Failed', difference: undefined }),
		]);
		expect(differences(answer('RCS', 'Full'), answer('SMS', 'Failed'))).toEqual([]);
	});

	it.each<[string, () => Answer[], RegExp]>([
		['an answer that never came', () => [], /Astrid, RCS: never arrived/],
		[
			'an answer that came twice',
			() => [answer('RCS', 'Full'), answer('RCS', 'Full')],
			/RCS: arrived 2 times/,
		],
		['the wrong output', () => [answer('RCS', 'None')], /RCS: left on None instead of Full/],
		[
			'a second output',
			() => [answer('RCS', 'Full', { outputs: ['Full', 'None'] })],
			/left on Full and None/,
		],
		[
			'a second node',
			() => [answer('RCS', 'Full', { nodes: ['Write on this channel', 'Tell the team'] })],
			/ran Write on this channel, Tell the team instead of Write on this channel/,
		],
		['no node', () => [answer('RCS', 'Full', { nodes: [] })], /ran no node/],
		['a failed execution', () => [answer('RCS', 'Full', { status: 'error' })], /ended as error/],
		[
			'an answer to another question',
			() => [answer('RCS', 'Full'), answer('RCS', 'Full', { requestId: 'R9' })],
			/Execution 7 belongs to no query/,
		],
	])('the comparison behind npm start -- --once finds %s', (_name, answers, sentence) => {
		const found = differences(...answers(), answer('SMS', 'Failed'));
		expect(found).toEqual([expect.stringMatching(sentence)]);
	});

	it('the comparison behind npm start -- --once reads outputs and nodes from what n8n stored', () => {
		const items = [{ json: { channel: 'RCS', reason: { code: 'RATE_LIMITED' } } }];
		const run = (startTime: number, main: unknown[]) => [
			{ startTime, executionTime: 1, data: { main } },
		];
		const execution = {
			id: '8',
			status: 'success',
			runs: {
				'Sinch answers': run(5, [[], [], [], [], items]),
				'Tell the team': run(9, [items]),
			},
		} as unknown as Execution;
		expect(readAnswers(route, execution)[0]).toMatchObject({
			outputs: ['Failed'],
			nodes: ['Tell the team'],
			reasonCode: 'RATE_LIMITED',
		});
	});
});
