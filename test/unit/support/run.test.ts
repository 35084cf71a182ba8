import { connect, itemsOf, nodeOf, runNode, runWorkflow } from '../../support/engine';
import { Doubler, sampleTrigger, Sleeper } from './samples';

describe('runNode', () => {
	it('resolves expressions for each item and keeps the order', async () => {
		const run = await runNode(new Doubler(), {}, [{ n: 1 }, { n: '2' }]);
		expect(run.outputs).toEqual([
			[
				{ json: { double: 2 }, pairedItem: { item: 0 } },
				{ json: { double: 4 }, pairedItem: { item: 1 } },
			],
		]);
		expect(run).toMatchObject({ status: 'success', error: undefined });
	});

	it('leaves the parameters it was given as they are', async () => {
		const parameters = { number: '={{ $json.n + 1 }}' };
		const { outputs } = await runNode(new Doubler(), parameters, [{ n: 1 }]);
		expect(outputs[0][0].json).toEqual({ double: 4 });
		expect(parameters).toEqual({ number: '={{ $json.n + 1 }}' });
	});

	it('stops at the first error by default', async () => {
		const run = await runNode(new Doubler(), {}, [{ n: 1 }, { n: 'x' }]);
		expect(run.status).toBe('error');
		expect(run.outputs).toEqual([]);
		expect(run.error).toMatchObject({
			name: 'NodeOperationError',
			message: 'Not a number',
			context: { itemIndex: 1 },
		});
	});

	it('puts the error into its item with continueRegularOutput', async () => {
		const run = await runNode(new Doubler(), {}, [{ n: 'x' }, { n: 2 }], {
			onError: 'continueRegularOutput',
		});
		expect(run.outputs).toHaveLength(1);
		expect(run.outputs[0].map(({ json }) => json)).toEqual([
			{ error: 'Not a number' },
			{ double: 4 },
		]);
		expect(run.status).toBe('success');
	});

	it('sends failed items to the error output with continueErrorOutput', async () => {
		const run = await runNode(new Doubler(), {}, [{ n: 'x' }, { n: 2 }], {
			onError: 'continueErrorOutput',
		});
		expect(run.outputs.map((items) => items.map(({ json }) => json))).toEqual([
			[{ double: 4 }],
			[{ error: 'Not a number' }],
		]);
	});

	it('cancels an execution', async () => {
		const signal = AbortSignal.timeout(20);
		const run = await runNode(new Sleeper(), {}, [{}], { signal });
		expect(run.status).toBe('canceled');
	});

	it('refuses parameters the editor would mark red, as n8n does', async () => {
		const node = new Doubler();
		node.description.properties[0] = { ...node.description.properties[0], required: true };
		await expect(runNode(node, { number: '' })).rejects.toThrow(/issues/);
	});
});

describe('runWorkflow', () => {
	const trigger = sampleTrigger(undefined);
	trigger.webhook = async () => ({});
	const nodes = [
		nodeOf(trigger, {}, { name: 'Trigger' }),
		...['First', 'Second', 'Third'].map((name) => nodeOf(new Doubler(), {}, { name })),
	];
	const options = {
		nodes,
		connections: connect(
			['Trigger', 0, 'First'],
			['Trigger', 1, 'Second'],
			['Trigger', 2, 'Third'],
		),
		nodeTypes: [trigger, new Doubler()],
	};

	it('runs only the branch that got items', async () => {
		const run = await runWorkflow({ ...options, input: [[], itemsOf({ n: 4 }), []] });
		expect(Object.keys(run.nodes)).toEqual(['Trigger', 'Second']);
		expect(run.nodes.Second?.outputs[0][0].json).toEqual({ double: 8 });
		expect(run.nodes.Trigger?.outputs).toEqual([[], itemsOf({ n: 4 }).map(expectItem), []]);
	});

	it('runs every branch that got items', async () => {
		const run = await runWorkflow({
			...options,
			input: [itemsOf({ n: 1 }), [], itemsOf({ n: 3 })],
		});
		expect(Object.keys(run.nodes).sort()).toEqual(['First', 'Third', 'Trigger']);
	});

	it('uses pinned data in place of a node', async () => {
		const run = await runWorkflow({
			...options,
			mode: 'manual',
			pinData: { Trigger: itemsOf({ n: 5 }) },
		});
		expect(run.nodes.First?.outputs[0][0].json).toEqual({ double: 10 });
	});

	it('says which node failed', async () => {
		const run = await runWorkflow({ ...options, input: [itemsOf({ n: 'x' })] });
		expect(run).toMatchObject({ status: 'error', error: { message: 'Not a number' } });
		expect(run.nodes.First?.error).toMatchObject({ node: { name: 'First' } });
	});
});

function expectItem(item: object): unknown {
	return expect.objectContaining(item);
}
