import type { IDataObject } from 'n8n-workflow';

import { runNode } from '../support/engine';
import { inOwnProcess } from '../support/ownProcess';
import { useSimulator } from '../support/simulated';

const LIMIT_MS = 300_000;

/** A small part of Sinch's limit, which also a busy computer exceeds. */
const PROJECT_LIMIT = 40;
const REQUESTS_PER_SECOND = 40;
const WORKERS = 3;
const ITEMS = 60;

type ActionModule = typeof import('../../nodes/SinchCapability/SinchCapability.node');

const simulated = useSimulator();

/** The node with its own pace, as in each n8n worker. */
function loadWorker() {
	const { SinchCapability } = inOwnProcess(() =>
		jest.requireActual<ActionModule>('../../nodes/SinchCapability/SinchCapability.node'),
	);
	return new SinchCapability();
}

it(
	'several workers that together ask faster than Sinch allows get every item through',
	async () => {
		await simulated.control.settings({ requestsPerSecond: PROJECT_LIMIT });
		const items: IDataObject[] = Array.from({ length: ITEMS }, () => ({
			contactId: simulated.demo.contacts[0].contactId,
		}));
		const runs = await Promise.all(
			Array.from({ length: WORKERS }, async () =>
				runNode(
					loadWorker(),
					{
						recipientType: 'contact',
						contactId: { __rl: true, mode: 'id', value: '={{ $json.contactId }}' },
						options: { requestsPerSecond: REQUESTS_PER_SECOND },
					},
					items,
					{ credentials: simulated.store() },
				),
			),
		);
		for (const { outputs, error } of runs) {
			expect(error).toBeUndefined();
			expect(outputs[0]).toHaveLength(ITEMS);
		}
		const { requests, totals } = await simulated.control.log();
		const queries = requests.filter(({ path }) => path.endsWith('capability:query'));
		const refused = queries.filter(({ status }) => status === 429).length;
		expect(totals.queries).toBe(WORKERS * ITEMS);
		// Three times 40/s over 40/s. How few are refused is proved without a clock in paceOfSeveralProcesses.
		expect(refused).toBeGreaterThan(0);
	},
	LIMIT_MS,
);
