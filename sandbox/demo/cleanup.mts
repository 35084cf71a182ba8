import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What has been started and must be stopped, last started first. */
export class Cleanup {
	private readonly endings: Array<() => Promise<void>> = [];
	private ending: Promise<void> | undefined;

	add(end: () => Promise<void>): void {
		this.endings.push(end);
	}

	/** A new folder that is removed when this process ends, for any reason. */
	async temporaryFolder(): Promise<string> {
		const folder = await mkdtemp(join(tmpdir(), 'sinch-sandbox-'));
		const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
		process.once('exit', remove);
		return folder;
	}

	/** Stops everything, once even if called twice. One failure does not keep the rest running. */
	async run(): Promise<void> {
		this.ending ??= (async () => {
			for (const end of this.endings.reverse()) {
				await end().catch((error: Error) => console.error(error.message));
			}
		})();
		await this.ending;
	}
}
