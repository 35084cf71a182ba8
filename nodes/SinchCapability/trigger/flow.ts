import { sleep } from 'n8n-workflow';

import type { Emission } from '../callbacks/outputs';
import type { Reception } from './acknowledgement';

/** How many requests of one trigger wait for the next execution; they are held outside n8n's handler. */
const MAX_HELD = 1000;

/** How many requests of one trigger wait inside n8n's handler, which keeps some megabytes for each. */
const MAX_INSIDE = 50;

/** Leaves time for n8n to accept requests while more arrive than it can execute. */
const PAUSE_MS = 300;

/** One notification, and the request that brought it. */
export interface Member {
	emission: Emission;
	reception: Reception;
}

/**
 * What becomes of a request: it carries an execution, has to be sent again, or is held: then n8n's
 * handler returns at once, and the response follows when `accepted` is known.
 */
export type Part = { carries: Emission[] } | { accepted: Promise<boolean> } | 'refused';

const isWanted = ({ reception }: Member): boolean => reception.isWanted();

/** The execution that comes next: the request that carries it, and those held for it. */
class NextExecution {
	readonly held: Member[] = [];

	tellAccepted: (accepted: boolean) => void = () => {};

	readonly accepted = new Promise<boolean>((resolve) => {
		this.tellAccepted = resolve;
	});
}

/** The executions of one trigger node: one at a time, so that n8n is never given more than it can do. */
export class Flow {
	/** Resolves when the next execution may follow the last one. */
	private underWay: Promise<unknown> = Promise.resolve();

	private isBusy = false;

	private inside = 0;

	private next: NextExecution | undefined;

	/**
	 * Starts the execution at once when nothing is under way; what comes meanwhile forms the next one.
	 *
	 * @param windowMs how long to wait for further requests even then
	 */
	async group(member: Member, windowMs: number): Promise<Part> {
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
	async queue(member: Member): Promise<Part> {
		if (this.inside >= MAX_INSIDE) {
			return 'refused';
		}
		this.inside += 1;
		const before = this.underWay;
		let end: () => void = () => {};
		this.underWay = new Promise<void>((resolve) => {
			end = resolve;
		});
		await before;
		this.inside -= 1;
		if (!isWanted(member)) {
			end();
			return 'refused';
		}
		void member.reception.untilNext().then(end);
		return { carries: [member.emission] };
	}

	private hold(next: NextExecution, member: Member): Part {
		if (next.held.length >= MAX_HELD) {
			return 'refused';
		}
		next.held.push(member);
		return { accepted: next.accepted };
	}

	/**
	 * Who has hung up by now is left out: its sender comes again. The request carries the others even
	 * when its own sender has.
	 */
	private carry(carrier: Member, next: NextExecution): Part {
		const members = [carrier, ...next.held].filter(isWanted);
		if (members.length === 0) {
			next.tellAccepted(false);
			return 'refused';
		}
		this.isBusy = true;
		void carrier.reception.responded.then(next.tellAccepted);
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
