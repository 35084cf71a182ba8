import { randomUUID } from 'node:crypto';
import { TRIGGER_TYPE } from '../../../sandbox/demo/setup.mts';
import { startParts, type Parts } from '../../../sandbox/harness/parts.mts';
import { startN8n, type N8nInstance } from '../../../sandbox/n8n/instance.mts';
import type { Credential, Workflow } from '../../../sandbox/n8n/types.mts';
import { createCredential, Harness, SIMULATOR } from './harness.mts';
import { recordTokens } from '../receiver/tokenRecorder.mts';

export const TRIGGER_NAME = 'Sinch Capability Trigger';

/** The harness for tests of the trigger: it knows every secret, and sets up workflows of a trigger. */
export class ReceiverHarness extends Harness {
	private constructor(
		parts: Parts<N8nInstance>,
		credential: Credential,
		private readonly tokens: string[],
	) {
		super(parts, credential);
	}

	/**
	 * @param env added to n8n's environment
	 * @param port n8n's, by default a free one
	 */
	static override async start(
		env: Record<string, string> = {},
		port?: number,
	): Promise<ReceiverHarness> {
		const tokens: string[] = [];
		const parts = await startParts({
			simulator: SIMULATOR,
			start: async (options) => await startN8n({ ...options, env, port }),
		});
		const auth = await recordTokens(parts.simulator.url, tokens);
		parts.onEnd(auth.close);
		const credential = await createCredential(parts, { authUrl: auth.url });
		return new ReceiverHarness(parts, credential, tokens);
	}

	/** The secrets that must not appear anywhere, except webhook secrets. */
	get secrets(): { keyId: string; keySecret: string; tokens: string[] } {
		const { keyId, keySecret } = this.demo.project;
		return { keyId, keySecret, tokens: this.tokens };
	}

	/** A workflow of a trigger and one more node, with a credential. */
	async addReceiver(
		parameters: Record<string, unknown> = { outputMode: 'single' },
	): Promise<Workflow> {
		return await this.add({
			name: `Receiver ${randomUUID()}`,
			nodes: [
				{
					id: randomUUID(),
					name: TRIGGER_NAME,
					type: TRIGGER_TYPE,
					typeVersion: 1,
					position: [0, 0],
					parameters,
				},
				{
					id: randomUUID(),
					name: 'Behind it',
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					position: [240, 0],
					parameters: {},
				},
			],
			connections: { [TRIGGER_NAME]: { main: [[{ node: 'Behind it', type: 'main', index: 0 }]] } },
			settings: { executionOrder: 'v1' },
		});
	}
}
