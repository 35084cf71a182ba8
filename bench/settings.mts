import { GROUPING } from './notifications.mts';
import type { Plan } from './support/plan.mts';
import { OURS, OURS_GROUPED, ourReceiver, verifiedReceiver } from './support/receivers.mts';
import { printReceivers, rowOf, runReceiver } from './support/receiverRun.mts';
import type { SettingsRow } from './support/results.mts';
import type { Stand } from './support/stand.mts';

const LAZY = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };
const CACHE = { N8N_EXPRESSION_ENGINE_COMPILE_CACHE: 'true' };
const UNSAVED = { EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none' };

/** The setting of n8n that helps an instance that gets many notifications, beside the default. */
const SETTINGS: Array<Record<string, string>> = [{}, LAZY];

/** Settings that help less, or not at every n8n; measured only when this part runs alone. */
const MORE_SETTINGS: typeof SETTINGS = [
	CACHE,
	UNSAVED,
	{ ...LAZY, ...UNSAVED },
	{ ...LAZY, ...CACHE },
	{ ...LAZY, ...CACHE, ...UNSAVED },
	{ N8N_EXPRESSION_ENGINE: 'legacy' },
	{ N8N_EXPRESSION_ENGINE_POOL_SIZE: '4' },
	{ N8N_CONCURRENCY_PRODUCTION_LIMIT: '10' },
	{ N8N_EXPRESSION_ENGINE_OBSERVABILITY_ENABLED: 'false' },
];

const label = (env: Record<string, string>) =>
	Object.entries(env)
		.map(([name, value]) => `${name}=${value}`)
		.join(' ') || 'default';

/** The same notifications, with n8n started anew for each set of settings. */
export async function benchSettings(
	stand: Stand,
	{ settings: times }: Plan,
	all: boolean,
): Promise<SettingsRow[]> {
	const credential = await stand.newCredential();
	const receivers = [
		await ourReceiver(stand, credential, OURS),
		await ourReceiver(stand, credential, OURS_GROUPED, GROUPING),
		...(all ? [await verifiedReceiver(stand)] : []),
	];
	const rows: SettingsRow[] = [];
	for (const env of [...SETTINGS, ...(all ? MORE_SETTINGS : [])]) {
		await stand.restart(env);
		const row: SettingsRow = { settings: label(env), rows: [] };
		for (const receiver of receivers) {
			row.rows.push(rowOf(receiver.name, [await runReceiver(stand, receiver, times)]));
		}
		rows.push(row);
	}
	const lines = rows.flatMap(({ settings, rows: measured }) =>
		measured.map((row) => ({ ...row, receiver: `${row.receiver}: ${settings}` })),
	);
	printReceivers('Notifications with other settings of n8n', lines);
	return rows;
}
