import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What has been started and has to end, last started first. */
export class Cleanup {
	private readonly endings: Array<() => Promise<void>> = [];
	private ending: Promise<void> | undefined;

	add(end: () => Promise<void>): void {
		this.endings.push(end);
	}

	/** A new folder that is gone when this process is, however it ends. */
	async temporaryFolder(): Promise<string> {
		const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-'));
		const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
		process.once('exit', remove);
		return folder;
	}

	/** Ends everything; called twice it does so once. One failure does not keep the rest alive. */
	async run(): Promise<void> {
		this.ending ??= (async () => {
			for (const end of this.endings.reverse()) {
				await end().catch((error: Error) => console.error(error.message));
			}
		})();
		await this.ending;
	}
}
