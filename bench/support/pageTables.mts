import { duration, grouped, inWords, spreadOf } from './figures.mts';
import { labelOf, RECEIVERS } from './receivers.mts';
import type { Conditions, JobRow, QueueRow, ReceiverRow, ResultsFile } from './results.mts';

const ORDER = [...RECEIVERS.map(({ key }) => key as string), 'wait'];

const byReceiver = <Row extends { receiver: string }>(rows: readonly Row[]) =>
	[...rows].sort((one, other) => ORDER.indexOf(one.receiver) - ORDER.indexOf(other.receiver));

/** What differs from an idle machine and n8n's default engine. */
const conditionsOf = ({ busyCore, engine, n8n }: Conditions, newest: string): string =>
	[busyCore && 'one core busy', engine && `engine ${engine}`, n8n !== newest && `n8n ${n8n}`]
		.filter(Boolean)
		.join(', ');

const table = (head: string[], rows: string[][]): string =>
	[head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** In every run: the seconds of a job, to those of Webhook and Switch in the same run. */
function ratiosToSwitch(rows: readonly JobRow[], all: readonly JobRow[]) {
	return rows.flatMap((row) => {
		const other = all.find(
			(one) =>
				one.receiver === 'switch' &&
				(['contacts', 'channels', 'run', 'busyCore', 'engine', 'n8n', 'measuredAt'] as const).every(
					(name) => one[name] === row[name],
				),
		);
		return other ? row.seconds / other.seconds : [];
	});
}

function jobs({ jobs: all, versions }: ResultsFile): string {
	const bySize = [...all].sort(
		(one, other) => Number(one.busyCore) - Number(other.busyCore) || one.contacts - other.contacts,
	);
	const groups = grouped(byReceiver(bySize), (row) => [
		...[row.busyCore, row.engine, row.n8n, row.contacts, row.channels, row.receiver],
	]);
	const rows = groups.map((runs) => {
		const [row] = runs;
		const routed = runs.every((run) => run.routed === run.answers);
		const missing = spreadOf(runs, (run) => run.answers - run.routed);
		return [
			[labelOf(row.receiver), conditionsOf(row, versions.n8n)].filter(Boolean).join('; '),
			...[row.contacts.toLocaleString('en-US'), row.answers.toLocaleString('en-US')],
			...[String(runs.length), routed ? 'all' : `${inWords(missing)} missing`],
			inWords(
				spreadOf(runs, ({ seconds }) => seconds),
				1,
			),
			inWords(
				spreadOf(runs, ({ seconds, sinchSeconds }) => seconds / sinchSeconds),
				2,
			),
			inWords(
				spreadOf(ratiosToSwitch(runs, all), (ratio) => ratio),
				2,
			),
			inWords(
				spreadOf(runs, ({ runsPerAnswer }) => runsPerAnswer),
				2,
			),
			inWords(spreadOf(runs, ({ executions }) => executions)),
			inWords(spreadOf(runs, ({ postponed, timedOut, failed }) => postponed + timedOut + failed)),
			inWords(
				spreadOf(runs, ({ peakMegabytes }) => peakMegabytes / 1024),
				1,
			),
		];
	});
	return table(
		[
			...['receiver', 'contacts', 'answers', 'runs', 'routed', 'seconds', "to Sinch's own time"],
			...['to *Webhook and Switch*', 'runs of the workflow per answer', 'executions'],
			...['refused or timed out', 'peak memory, GB'],
		],
		rows,
	);
}

function cellOf(rows: ReadonlyArray<ReceiverRow | QueueRow>): string {
	const accepted = spreadOf(rows, (row) => row.accepted);
	if (!accepted) return '';
	const median = spreadOf(rows, ({ p50 }) => p50);
	const late = spreadOf(rows, ({ p95 }) => p95);
	const times = median && late ? `${duration(median.median)} / ${duration(late.median)}` : '';
	const all = rows.every((row) => row.accepted === row.sent);
	const share = all ? '' : `${inWords(accepted)} of ${rows[0].sent}`;
	return [share, times].filter(Boolean).join('; ');
}

function receivers({ receivers: all, versions }: ResultsFile): string {
	const rates = [...new Set(all.map(({ perSecond }) => perSecond))].sort((a, b) => a - b);
	const groups = grouped(byReceiver(all), (row) => [
		...[row.busyCore, row.engine, row.n8n, row.receiver],
	]);
	const rows = groups.map((group) => {
		const [row] = group;
		const at = (rate: number) => group.filter(({ perSecond }) => perSecond === rate);
		const sustained = rates.filter(
			(rate) => at(rate).length > 0 && at(rate).every((one) => one.sustained),
		);
		return [
			[labelOf(row.receiver), conditionsOf(row, versions.n8n)].filter(Boolean).join('; '),
			...rates.map((rate) => cellOf(at(rate))),
			sustained.length > 0 ? `${Math.max(...sustained)}/s` : 'none',
		];
	});
	return table(['answers a second', ...rates.map(String), 'sustained'], rows);
}

function overload({ overload: all, versions }: ResultsFile): string {
	if (all.length === 0) return 'Not measured yet.';
	const groups = grouped(byReceiver(all), (row) => [
		...[row.busyCore, row.engine, row.n8n, row.perSecond, row.receiver],
	]);
	const rows = groups.map((runs) => {
		const [row] = runs;
		return [
			[labelOf(row.receiver), conditionsOf(row, versions.n8n)].filter(Boolean).join('; '),
			...[String(row.perSecond), row.answers.toLocaleString('en-US'), String(runs.length)],
			inWords(spreadOf(runs, ({ routed }) => routed)),
			inWords(
				spreadOf(runs, ({ seconds }) => seconds),
				1,
			),
			inWords(
				spreadOf(runs, ({ runsPerAnswer }) => runsPerAnswer),
				2,
			),
			inWords(spreadOf(runs, ({ postponed }) => postponed)),
			inWords(spreadOf(runs, ({ timedOut }) => timedOut)),
			inWords(
				spreadOf(runs, ({ peakMegabytes }) => peakMegabytes / 1024),
				1,
			),
		];
	});
	return table(
		[
			...['receiver', 'a second', 'answers', 'runs', 'routed', 'seconds until all are'],
			...['runs of the workflow per answer', '503', 'timed out', 'peak memory, GB'],
		],
		rows,
	);
}

function queue({ queue: all = [] }: ResultsFile): string {
	if (all.length === 0) return 'Not measured yet.';
	const rates = [...new Set(all.map(({ perSecond }) => perSecond))].sort((a, b) => a - b);
	const groups = grouped(byReceiver(all), (row) => [
		...[row.engine, row.busyCore, row.webhookProcesses, row.receiver],
	]);
	const rows = groups.map((group) => {
		const [row] = group;
		const at = (rate: number) => group.filter(({ perSecond }) => perSecond === rate);
		const lost = group.reduce(
			(sum, { accepted, routed }) => sum + Math.max(0, accepted - routed),
			0,
		);
		return [
			labelOf(row.receiver) + (row.busyCore ? '; one core busy' : ''),
			...[row.engine || 'default', String(row.webhookProcesses)],
			...rates.map((rate) => cellOf(at(rate))),
			...rates.map((rate) =>
				inWords(
					spreadOf(at(rate), ({ seconds }) => seconds),
					1,
				),
			),
			...[
				String(lost),
				inWords(
					spreadOf(group, ({ runsPerAnswer }) => runsPerAnswer),
					2,
				),
			],
		];
	});
	return table(
		[
			...['receiver', 'engine of the webhook processes', 'webhook processes'],
			...rates.map((rate) => `${rate} answers a second`),
			...rates.map((rate) => `seconds until all have run, at ${rate}`),
			...['accepted and lost', 'runs of the workflow per answer'],
		],
		rows,
	);
}

/** Versions; machine, date and commit of each part. */
function measured({ versions, parts }: ResultsFile): string {
	const machines = grouped(Object.entries(parts), ([, { machine }]) => [machine]).map((group) => {
		const dates = group.map(
			([part, { measuredAt, commit }]) => `${part} ${measuredAt.slice(0, 10)} (${commit})`,
		);
		return `On ${group[0][1].machine}, which n8n, the simulated Sinch and the senders share: ${dates.join(', ')}.`;
	});
	return `n8n ${versions.n8n} with SQLite, in queue mode PostgreSQL, on Node.js ${versions.node.slice(1)}. ${machines.join(' ')}`;
}

const TABLES = { measured, jobs, receivers, overload, queue };

/** The page with its generated parts made from the results: what stands between `<!-- jobs -->` and `<!-- end -->`. */
export function withTables(page: string, results: ResultsFile): string {
	return Object.entries(TABLES).reduce((text, [name, write]) => {
		const begin = `<!-- ${name} -->\n`;
		const from = text.indexOf(begin);
		const to = text.indexOf('\n<!-- end -->', from);
		if (from < 0 || to < 0) throw new Error(`The page has no place for the table ${name}`);
		return text.slice(0, from + begin.length) + write(results) + text.slice(to);
	}, page);
}
