import { randomUUID } from 'node:crypto';
import { sleep } from 'n8n-workflow';

import { Delivery } from '../../../nodes/SinchCapability/trigger/deliveries';
import { createDeferred } from '../../../nodes/SinchCapability/shared/promises';
import {
	flowOf,
	type GroupMember,
	type Outcome,
} from '../../../nodes/SinchCapability/trigger/executions';
import { pass, useClock } from '../../support/clock';

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

/** A new trigger node, and the answers that its executions carry, by number. */
function newTrigger() {
	const flow = flowOf(randomUUID());
	const executions: Array<{ answers: number[]; mayFollow: () => void }> = [];
	const refused: number[] = [];
	const hungUp = new Set<number>();
	const receive = (number: number, start: (member: GroupMember) => Promise<Outcome>) => {
		const next = createDeferred<boolean>();
		const member: GroupMember = {
			emission: number as never,
			delivery: new Delivery(),
			reception: {
				isWanted: () => !hungUp.has(number),
				isAccepted: async () => await new Promise(() => {}),
				untilNext: async () => await next.promise,
			},
		};
		void start(member).then((outcome) => {
			if (outcome === 'refused') refused.push(number);
			if (typeof outcome === 'string') return;
			const answers = outcome.carries.map(Number);
			executions.push({ answers, mayFollow: () => next.resolve(true) });
		});
	};
	return {
		executions,
		refused,
		hungUp,
		/** Answers that share executions. */
		group: (numbers: number[], windowMs = 0) =>
			numbers.forEach((one) => receive(one, async (member) => await flow.group(member, windowMs))),
		/** Answers that each have an execution of their own. */
		queue: (numbers: number[]) =>
			numbers.forEach((one) => receive(one, async (member) => await flow.queue(member))),
		/** Lets the next execution follow the latest one. */
		mayFollow: () => executions.at(-1)?.mayFollow(),
		carried: () => executions.map(({ answers }) => answers),
	};
}

describe('the executions of a trigger', () => {
	useClock();

	it('an execution starts at once, and answers that arrive in the meantime share the next one after 0.3 seconds', async () => {
		const { group, carried, mayFollow } = newTrigger();
		group([1]);
		await pass(0);
		expect(carried()).toEqual([[1]]);
		group([2, 3]);
		await pass(5_000);
		expect(carried()).toEqual([[1]]);
		mayFollow();
		await pass(299);
		group([4]);
		expect(carried()).toEqual([[1]]);
		await pass(1);
		expect(carried()).toEqual([[1], [2, 3, 4]]);
		group([5]);
		await pass(5_000);
		expect(carried()).toHaveLength(2);
	});

	it('an execution for a single answer follows another one without a pause', async () => {
		const { group, carried, mayFollow } = newTrigger();
		group([1]);
		await pass(0);
		group([2]);
		mayFollow();
		await pass(0);
		expect(carried()).toEqual([[1], [2]]);
	});

	it('answers are collected for the time of the trigger and no longer, also after an execution', async () => {
		const { group, carried, mayFollow } = newTrigger();
		for (const [index, numbers] of [
			[1, 2],
			[3, 4],
		].entries()) {
			group(numbers, 2_000);
			await pass(1_999);
			expect(carried()).toHaveLength(index);
			await pass(1);
			expect(carried()[index]).toEqual(numbers);
			mayFollow();
			await pass(0);
		}
	});

	it('collected answers wait for the end of an execution that takes longer', async () => {
		const { group, carried, mayFollow } = newTrigger();
		group([1], 2_000);
		await pass(2_000);
		group([2], 2_000);
		await pass(5_000);
		expect(carried()).toEqual([[1]]);
		mayFollow();
		await pass(0);
		expect(carried()).toEqual([[1], [2]]);
	});

	it('an execution leaves out the answers whose senders have hung up', async () => {
		const { group, carried, mayFollow, hungUp } = newTrigger();
		group([1]);
		await pass(0);
		group([2, 3, 4]);
		[2, 4].forEach((number) => hungUp.add(number));
		mayFollow();
		await pass(300);
		expect(carried()).toEqual([[1], [3]]);
	});

	it('no execution starts when all senders have hung up, and the next answer starts one at once', async () => {
		const { group, queue, carried, hungUp, refused } = newTrigger();
		[1, 2].forEach((number) => hungUp.add(number));
		group([1]);
		await pass(0);
		queue([2]);
		await pass(0);
		expect([carried(), refused]).toEqual([[], [1, 2]]);
		group([3]);
		await pass(0);
		expect(carried()).toEqual([[3]]);
	});

	it('with one answer each, an execution starts when the one before may be followed, in the order of arrival', async () => {
		const { queue, carried, mayFollow } = newTrigger();
		queue([1, 2, 3]);
		for (const expected of [[[1]], [[1], [2]], [[1], [2], [3]]]) {
			await pass(5_000);
			expect(carried()).toEqual(expected);
			mayFollow();
		}
	});

	it('with one answer each, 50 wait for their execution and a further one is refused until one of them has it', async () => {
		const { queue, carried, mayFollow, refused } = newTrigger();
		queue([0]);
		await pass(0);
		queue(Array.from({ length: 51 }, (_, index) => index + 1));
		await pass(0);
		expect([carried(), refused]).toEqual([[[0]], [51]]);
		mayFollow();
		await pass(0);
		queue([52, 53]);
		await pass(0);
		expect([carried(), refused]).toEqual([
			[[0], [1]],
			[51, 53],
		]);
	});
});
