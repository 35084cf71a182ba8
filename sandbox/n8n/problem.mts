/** An error that the user can fix: its message says how. */
export class Problem extends Error {
	override name = 'Problem';
}

/**
 * Waits for `work`, at most `seconds` from now.
 * @throws Problem with `sentence` when the time is over. The work itself continues.
 */
export async function within<T>(seconds: number, sentence: string, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const timeIsOver = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Problem(sentence)), seconds * 1000);
	});
	try {
		return await Promise.race([work, timeIsOver]);
	} finally {
		clearTimeout(timer);
	}
}
