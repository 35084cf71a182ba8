import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TRIGGER_TYPE } from '../../../sandbox/demo/setup.mts';
import type { WorkflowFile } from '../../../sandbox/n8n/types.mts';

const TRIGGER_NAME = 'Sinch Capability Trigger';

/** How long the workflow works on an answer, as if it sent a message. */
const WORK_SECONDS = 1;

/**
 * A slow workflow that reports to a server outside n8n when it begins and ends.
 *
 * @param address of that server, without a slash at the end
 */
export function slowReceiver(acknowledge: 'stored' | 'finished', address: string): WorkflowFile {
	const node = (name: string, type: string, typeVersion: number, parameters: object) => ({
		id: randomUUID(),
		name,
		type,
		typeVersion,
		position: [0, 0] as [number, number],
		parameters: { ...parameters },
	});
	const report = (name: string, path: string) =>
		node(name, 'n8n-nodes-base.httpRequest', 4.2, {
			url: `=${address}/${path}/{{ $('${TRIGGER_NAME}').item.json.identity }}`,
		});
	const to = (name: string) => ({ main: [[{ node: name, type: 'main' as const, index: 0 }]] });
	return {
		name: `Receiver ${randomUUID()}`,
		nodes: [
			node(TRIGGER_NAME, TRIGGER_TYPE, 1, { outputMode: 'single', options: { acknowledge } }),
			report('Begin', 'begun'),
			node('Work', 'n8n-nodes-base.wait', 1.1, { amount: WORK_SECONDS, unit: 'seconds' }),
			report('End', 'finished'),
		],
		connections: { [TRIGGER_NAME]: to('Begin'), Begin: to('Work'), Work: to('End') },
		settings: { executionOrder: 'v1' },
	};
}

/** Receives these reports: how often workflows began and ended with each answer. */
export class WorkflowReports {
	readonly begun = new Map<string, number>();
	readonly finished = new Map<string, number>();
	private onBegin = () => {};

	private readonly server = createServer(({ url = '' }, response) => {
		const [, what, identity] = url.split('/');
		const counts = what === 'begun' ? this.begun : this.finished;
		counts.set(identity, (counts.get(identity) ?? 0) + 1);
		response.end();
		if (what === 'begun') this.onBegin();
	});

	/** @returns its address */
	async start(): Promise<string> {
		this.server.listen(0, '127.0.0.1');
		await once(this.server, 'listening');
		// A test that fails does not stop it.
		this.server.unref();
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	stop(): void {
		this.server.close();
		this.server.closeAllConnections();
	}

	/** Resolves during an execution, once `count` answers have begun. */
	async untilBegun(count: number): Promise<void> {
		await new Promise<void>((resolve) => {
			this.onBegin = () => {
				if (this.begun.size >= count) resolve();
			};
		});
	}
}
