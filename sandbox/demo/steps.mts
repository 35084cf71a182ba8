import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';

/** Replaces the line below the step's title, for example with what it is waiting for. */
export type Say = (detail: string) => void;

const IS_TERMINAL = process.stdout.isTTY === true;
/** Milliseconds between progress updates of a long step: longer in a log file than on a terminal. */
const BEAT_MS = IS_TERMINAL ? 1000 : 30_000;

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** Repeats the last detail with the seconds since it appeared. */
function sayWithClock(task: Task): { say: Say; end: () => void } {
	let detail = '';
	let since = performance.now();
	const show = () => {
		const seconds = Math.round((performance.now() - since) / 1000);
		if (detail) task.output = seconds > 0 ? `${detail}, ${seconds} s so far` : detail;
	};
	const timer = setInterval(show, BEAT_MS);
	const say = (text: string) => {
		if (text === detail) return;
		detail = text;
		since = performance.now();
		show();
	};
	return { say, end: () => clearInterval(timer) };
}

/**
 * Runs one step of the demo and shows it: a spinner on a terminal, plain lines elsewhere.
 * @param work may call `say`
 * @returns the result of `work`
 */
export async function step<T>(title: string, work: (say: Say) => Promise<T>): Promise<T> {
	let result: T;
	let failure: unknown;
	const list = new Listr(
		[
			{
				title,
				task: async (_context, task) => {
					const { say, end } = sayWithClock(task as Task);
					try {
						result = await work(say);
					} catch (error) {
						failure = error;
						// Without a message: the caller prints it, once and in full.
						throw new Error('');
					} finally {
						end();
					}
				},
			},
		],
		{
			concurrent: false,
			registerSignalListeners: false,
			renderer: 'default',
			fallbackRenderer: 'simple',
			rendererOptions: { showErrorMessage: false },
		},
	);
	await list.run().catch(() => undefined);
	if (failure !== undefined) throw failure;
	return result!;
}
