import type { Credential } from '../sandbox/n8n/types.mts';
import {
	FLOOR,
	floorReceiver,
	OURS,
	OURS_GROUPED,
	ourReceiver,
	UNVERIFIED,
	unverifiedReceiver,
	VERIFIED,
	verifiedReceiver,
	type Receiver,
} from './support/receivers.mts';
import {
	CONNECTIONS,
	printReceivers,
	rowOf,
	runReceiver,
	type ReceiverRun,
} from './support/receiverRun.mts';
import type { Plan } from './support/plan.mts';
import type { Results } from './support/results.mts';
import { notification } from './support/sender.mts';
import type { Stand } from './support/stand.mts';
import { ratio } from './support/statistics.mts';
import { printRatios } from './support/table.mts';

export const GROUPING = { groupNotifications: { settings: { windowMs: 300, maximum: 32 } } };

interface Dropped {
	receiver: Receiver;
	status: number;
}

/** Notifications that ours must not start an execution for. */
async function droppedBy(stand: Stand, ours: Receiver, credential: Credential): Promise<Dropped[]> {
	const again = ours.next();
	const filtered = await ourReceiver(stand, credential, 'Filtered by channel', {
		channels: ['WHATSAPP'],
	});
	return [
		{
			receiver: {
				...ours,
				name: 'Wrong signature',
				next: () => notification(stand.appId, 'another secret'),
			},
			status: 401,
		},
		{ receiver: { ...ours, name: 'Sent before', next: () => again }, status: 200 },
		{ receiver: filtered, status: 200 },
	];
}

/** Runs all in turn, several times over, so that a change of the machine's pace meets all of them. */
async function alternate<T>(
	rounds: number,
	all: readonly T[],
	run: (one: T) => Promise<ReceiverRun>,
): Promise<ReceiverRun[][]> {
	const runs: ReceiverRun[][] = all.map(() => []);
	for (let round = 0; round < rounds; round++) {
		for (const [index, one] of all.entries()) runs[index].push(await run(one));
	}
	return runs;
}

export async function benchNotifications(
	stand: Stand,
	{ receiverRounds: rounds, received, dropped: droppedTimes }: Plan,
): Promise<Results['notifications']> {
	const credential = await stand.newCredential();
	const ours = await ourReceiver(stand, credential, OURS);
	const receivers = [
		ours,
		await ourReceiver(stand, credential, OURS_GROUPED, GROUPING),
		await verifiedReceiver(stand),
		await unverifiedReceiver(stand),
		await floorReceiver(stand),
	];
	const runs = await alternate(rounds, receivers, async (receiver) =>
		runReceiver(stand, receiver, received),
	);
	const dropped = await droppedBy(stand, ours, credential);
	const droppedRuns = await alternate(rounds, dropped, async ({ receiver, status }) =>
		runReceiver(stand, receiver, droppedTimes, status),
	);
	const rows = receivers.map(({ name }, index) => rowOf(name, runs[index]));
	const droppedRows = dropped.map(({ receiver }, index) =>
		rowOf(receiver.name, droppedRuns[index]),
	);
	const rates = (name: string) =>
		runs[receivers.findIndex((receiver) => receiver.name === name)].map((run) => run.perSecond);
	const ratios = [
		[OURS, FLOOR],
		[OURS_GROUPED, FLOOR],
		[OURS_GROUPED, VERIFIED],
		[OURS_GROUPED, UNVERIFIED],
		[OURS, VERIFIED],
	].map(([over, under]) =>
		ratio(`Notifications/s, ${over} to ${under}`, rates(over), rates(under)),
	);
	printReceivers(`Notifications, ${CONNECTIONS} connections, default settings of n8n`, rows);
	printReceivers('Notifications that start no execution, Sinch Capability Trigger', droppedRows);
	printRatios(ratios);
	return { rows, dropped: droppedRows, ratios };
}
