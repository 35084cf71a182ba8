import { type ReceivingProcesses, startProcesses } from '../../support/processes';
import { until } from '../../support/until';
import { LIMIT_MS, phones, useWorker } from './support';

const { simulated, start, run, executions } = useWorker();
let another: ReceivingProcesses;

afterEach(async () => await another.stop());

it(
	'the answers to a wait in a worker start the workflow of another n8n with the same app at once, and only there',
	async () => {
		await start(2);
		another = await startProcesses(simulated, 2, {}, 'another n8n');
		const { outputs, error } = await run(phones(10));
		expect(error).toBeUndefined();
		expect(outputs[5] ?? []).toEqual([]);
		expect(outputs.flat()).toHaveLength(10);
		expect(executions()).toBe(0);
		const items = () => another.received.flatMap(({ call }) => (call?.workflowData ?? []).flat());
		await until(() => items().length === 10);
		// None was refused first.
		expect(another.received).toHaveLength(10);
	},
	LIMIT_MS,
);
