import { randomUUID } from 'node:crypto';
import { sleep } from 'n8n-workflow';

import { Delivery } from '../../../nodes/SinchCapability/trigger/deliveries';
import { flowOf, type GroupMember } from '../../../nodes/SinchCapability/trigger/executions';

/** The executions of a new trigger node, whose workflow goes on although the next execution may follow. */
function longWorkflow() {
	const flow = flowOf(randomUUID());
	const ends: Array<(isAccepted: boolean) => void> = [];
	const newMember = (): GroupMember => ({
		emission: {} as never,
		delivery: new Delivery(),
		reception: {
			isWanted: () => true,
			isAccepted: async () => await new Promise((resolve) => ends.push(resolve)),
			untilNext: async () => await Promise.resolve(true),
		},
	});
	/** Sends answers together. @returns how many of them were refused */
	const receive = async (count: number) => {
		const members = Array.from({ length: count }, newMember);
		const outcomes = await Promise.all(members.map(async (one) => await flow.group(one, 0)));
		return outcomes.filter((outcome) => outcome === 'refused').length;
	};
	return { flow, ends, receive };
}

it('a trigger holds 1,000 answers, those of executions that go on included, and refuses further ones', async () => {
	const { ends, receive } = longWorkflow();
	expect([await receive(400), await receive(400), await receive(400)]).toEqual([0, 0, 200]);
	expect(await receive(1)).toBe(1);
	ends.shift()?.(true);
	await sleep(0);
	expect([await receive(400), await receive(1)]).toEqual([0, 1]);
});

it('a trigger has room again for the answers of an execution that has failed', async () => {
	const { ends, receive } = longWorkflow();
	expect(await receive(1_001)).toBe(1);
	ends.shift()?.(false);
	await sleep(0);
	expect(await receive(1_001)).toBe(1);
});

it('a trigger holds 1,000 repeats of its answers, and no more than ten of the same answer', async () => {
	const { flow, receive } = longWorkflow();
	const deliveries = Array.from({ length: 101 }, () => new Delivery());
	/** @returns how many of so many repeats of each delivery are held */
	const repeat = (some: Delivery[], times: number) =>
		some.flatMap((one) => Array.from({ length: times }, () => flow.follow(one))).filter(Boolean)
			.length;
	expect(repeat(deliveries.slice(0, 1), 11)).toBe(10);
	expect(repeat(deliveries.slice(1), 10)).toBe(990);
	// They take no place of an answer.
	expect(await receive(1_000)).toBe(0);
	deliveries[0].settle(true);
	await sleep(0);
	expect(repeat(deliveries.slice(100), 9)).toBe(0);
	expect(repeat([new Delivery()], 10)).toBe(10);
});
