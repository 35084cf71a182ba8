import { sleep } from 'n8n-workflow';

/** Waits until the condition holds; fails after a limit that suits a busy machine. */
export async function until(isSo: () => boolean | Promise<boolean>, seconds = 120): Promise<void> {
	const deadline = Date.now() + seconds * 1000;
	while (!(await isSo())) {
		if (Date.now() > deadline) throw new Error(`Not so within ${seconds} s: ${isSo.toString()}`);
		await sleep(10);
	}
}
