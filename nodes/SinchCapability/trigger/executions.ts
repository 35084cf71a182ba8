import { sleep } from 'n8n-workflow';

import type { Emission } from '../notification/outputs';
import { createDeferred } from '../shared/promises';
import type { Reception } from './acknowledgement';

/** How many requests of one trigger wait for the next execution; they are held outside n8n's handler. */
const MAX_HELD = 1000;

/** How many requests of one trigger wait inside n8n's handler, which needs much memory for each. */
const MAX_INSIDE = 50;

/** Leaves time for n8n to accept requests while more arrive than it can execute. */
const PAUSE_MS = 300;

/** One notification, and the request that brought it. */
export interface GroupMember {
	emission: Emission;
	reception: Reception;
}

/**
 * What becomes of a request: it carries an execution, has to be sent again, or is held: then n8n's
 * handler returns at once, and the response follows when `accepted` is known.
 */
export type GroupResult = { carries: Emission[] } | { accepted: Promise<boolean> } | 'refused';

const isWanted = ({ reception }: GroupMember): boolean => reception.isWanted();

/** The execution that comes next: the request that carries it, and those held for it. */
class NextExecution {
	readonly held: GroupMember[] = [];

	readonly accepted = createDeferred<boolean>();
}

/** The executions of one trigger node: one at a time, so that n8n is never given more than it can do. */
export class Flow {
	/** Resolves when the next execution may follow the last one. */
	private underWay: Promise<unknown> = Promise.resolve();

	private isBusy = false;

	private inside = 0;

	private next: NextExecution | undefined;

	/**
	 * Starts the execution at once when none is being accepted; requests that arrive in the meantime form the next one.
	 *
	 * @param windowMs how long to wait for further requests even then
	 */
	async group(member: GroupMember, windowMs: number): Promise<GroupResult> {
		if (this.next) {
			return this.hold(this.next, member);
		}
		const next = new NextExecution();
		this.next = next;
		const wasBusy = this.isBusy;
		await Promise.all([this.underWay, windowMs > 0 && sleep(windowMs)]);
		if (wasBusy && next.held.length > 0) {
			await sleep(PAUSE_MS);
		}
		this.next = undefined;
		return this.carry(member, next);
	}

	/** Starts an execution for this request alone, after those that came before it. */
	async queue(member: GroupMember): Promise<GroupResult> {
		if (this.inside >= MAX_INSIDE) {
			return 'refused';
		}
		this.inside += 1;
		const before = this.underWay;
		const own = createDeferred();
		this.underWay = own.promise;
		await before;
		this.inside -= 1;
		if (!isWanted(member)) {
			own.resolve();
			return 'refused';
		}
		void member.reception.untilNext().then(() => own.resolve());
		return { carries: [member.emission] };
	}

	private hold(next: NextExecution, member: GroupMember): GroupResult {
		if (next.held.length >= MAX_HELD) {
			return 'refused';
		}
		next.held.push(member);
		return { accepted: next.accepted.promise };
	}

	/**
	 * Leaves out requests whose sender has disconnected: Sinch will deliver them again. The request
	 * carries the others even when its own sender has disconnected.
	 */
	private carry(carrier: GroupMember, next: NextExecution): GroupResult {
		const members = [carrier, ...next.held].filter(isWanted);
		if (members.length === 0) {
			next.accepted.resolve(false);
			return 'refused';
		}
		this.isBusy = true;
		void carrier.reception.responded.then((isAccepted) => next.accepted.resolve(isAccepted));
		this.underWay = carrier.reception.untilNext().then(() => {
			this.isBusy = false;
		});
		return { carries: members.map(({ emission }) => emission) };
	}
}

const flows = new Map<string, Flow>();

/** @param trigger the name of the trigger node that the executions belong to */
export function flowOf(trigger: string): Flow {
	const flow = flows.get(trigger) ?? new Flow();
	flows.set(trigger, flow);
	return flow;
}
