/**
 * The benchmark: `npm run bench`, or one part of it with `npm run bench -- queries`. Measures on a
 * real n8n and the simulator, prints tables; only a whole run writes `bench/results.json`.
 */
import { benchNotifications } from './notifications.mts';
import { benchBatching, benchQueries } from './queries.mts';
import { Stand } from './support/stand.mts';

const [part] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const quick = process.argv.includes('--quick');
const stand = await Stand.start();
try {
	if (part === 'queries') await benchQueries(stand, quick);
	if (part === 'notifications') await benchNotifications(stand, quick);
	if (part === 'batching') await benchBatching(stand);
} finally {
	await stand.stop();
}
