import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';

/** Replaces the line below the step's title, for example by what takes so long and for how long. */
export type Say = (detail: string) => void;

const IS_TERMINAL = process.stdout.isTTY === true;
/** How often a long step tells that it is alive: in a file of lines less often than on a terminal. */
const BEAT_MS = IS_TERMINAL ? 1000 : 30_000;

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** Shows the last detail again and again with the seconds since it was said. */
function sayWithClock(task: Task): { say: Say; end: () => void } {
	let detail = '';
	let since = Date.now();
	const show = () => {
		const seconds = Math.round((Date.now() - since) / 1000);
		if (detail) task.output = seconds > 0 ? `${detail}, ${seconds} s so far` : detail;
	};
	const timer = setInterval(show, BEAT_MS);
	const say = (text: string) => {
		detail = text;
		since = Date.now();
		show();
	};
	return { say, end: () => clearInterval(timer) };
}

/**
 * Does one step of the demo and shows it: a turning wheel on a terminal, plain lines elsewhere.
 * @param work may call `say`; what it returns is returned.
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
						// Without words: who called says them, once and whole.
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
