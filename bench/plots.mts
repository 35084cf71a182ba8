/** Draws the plots of docs/benchmarks.md and fills its tables, both from `bench/results.json`. */
import { readFile, writeFile } from 'node:fs/promises';
import { init } from 'echarts';
import { PROJECT_FOLDER } from '../sandbox/n8n/package.mts';
import { grouped, spreadOf, usual } from './support/figures.mts';
import { withTables } from './support/pageTables.mts';
import { labelOf } from './support/receivers.mts';
import { ANSWERS_PER_SECOND, readResults, type ResultsFile } from './support/results.mts';

const SIZE = { width: 760, height: 420 };
const PAGE = `${PROJECT_FOLDER}docs/benchmarks.md`;

interface Theme {
	suffix: string;
	background: string;
	text: string;
	faint: string;
	/** By receiver; people with any kind of color blindness can tell them apart (Okabe and Ito). */
	colors: Record<string, string>;
}

const THEMES: Theme[] = [
	{
		suffix: '',
		background: '#ffffff',
		text: '#1f2328',
		faint: '#8c959f',
		colors: { trigger: '#0072b2', parse: '#d55e00', switch: '#6e7781', wait: '#009e73' },
	},
	{
		suffix: '-dark',
		background: '#0d1117',
		text: '#e6edf3',
		faint: '#6e7681',
		colors: { trigger: '#56b4e9', parse: '#e69f00', switch: '#8b949e', wait: '#2fc18c' },
	},
];

/** One point of a line, with what was measured in each run. */
interface Point {
	x: number;
	y: number;
	runs: number[];
}

interface Line {
	receiver: string;
	points: Point[];
	/** For a second line of the same receiver. */
	dashed?: string;
}

interface Plot {
	file: string;
	part: 'jobs' | 'receivers';
	title: string;
	x: string;
	y: string;
	/** Whether the vertical axis is. */
	logarithmic?: boolean;
	lines: Line[];
	/** @property below whether the name stands below the line */
	limits: Array<{ name: string; points: Array<[number, number]>; below?: boolean }>;
}

/** Larger jobs, which only the tables show, would make the smaller ones indistinguishable. */
const MOST_CONTACTS = 1000;

const SHOWN = ['trigger', 'parse', 'switch', 'wait'];

function linesOf<Row extends { receiver: string }>(
	rows: readonly Row[],
	xOf: (row: Row) => number,
	yOf: (row: Row) => number | undefined,
	dashed?: string,
): Line[] {
	return SHOWN.flatMap((receiver) => {
		const own = rows.filter((row) => row.receiver === receiver);
		const points = grouped(own, (row) => [xOf(row)]).flatMap((group) => {
			const figure = spreadOf(group, yOf);
			const runs = group.flatMap((row) => yOf(row) ?? []);
			return figure ? { x: xOf(group[0]), y: figure.median, runs } : [];
		});
		points.sort((one, other) => one.x - other.x);
		return points.length > 0 ? { receiver, points, dashed } : [];
	});
}

/** A plot for each part that was measured. */
function plotsOf(results: ResultsFile): Plot[] {
	const receivers = usual(results.receivers, results);
	const jobs = usual(results.jobs, results).filter(
		({ contacts, channels }) => contacts <= MOST_CONTACTS && channels === 1,
	);
	const rates = receivers.map(({ perSecond }) => perSecond);
	const [lowest, highest] = [Math.min(...rates), Math.max(...rates)];
	const sizes = jobs.map(({ contacts }) => contacts);
	const [fewest, most] = [Math.min(...sizes), Math.max(...sizes)];
	const plots: Plot[] = [
		{
			...{ file: 'benchmark-accepted', part: 'receivers' },
			title: 'Answers accepted against answers sent',
			x: 'answers sent a second',
			y: 'accepted a second',
			lines: linesOf(
				receivers,
				({ perSecond }) => perSecond,
				({ goodput }) => goodput,
			),
			limits: [
				{
					name: 'all of them',
					points: [
						[lowest, lowest],
						[highest, highest],
					],
				},
				{
					name: 'what Sinch delivers for an app',
					points: [
						[ANSWERS_PER_SECOND, 0],
						[ANSWERS_PER_SECOND, highest],
					],
				},
			],
		},
		{
			...{ file: 'benchmark-response', part: 'receivers' },
			title: 'Response time against rate: median, and 95 of 100 (dashed)',
			x: 'answers sent a second',
			y: 'milliseconds',
			logarithmic: true,
			lines: [
				...linesOf(
					receivers,
					({ perSecond }) => perSecond,
					({ p50 }) => p50,
				),
				...linesOf(
					receivers,
					({ perSecond }) => perSecond,
					({ p95 }) => p95,
					'dashed',
				),
			],
			limits: [
				{
					name: 'counts as sustained below',
					points: [
						[lowest, 2000],
						[highest, 2000],
					],
				},
			],
		},
		{
			...{ file: 'benchmark-jobs', part: 'jobs' },
			title: 'Whole job against contacts',
			x: 'contacts, one channel each',
			y: 'seconds until the last answer is on its branch',
			lines: linesOf(
				jobs,
				({ contacts }) => contacts,
				({ seconds }) => seconds,
			),
			limits: [
				{
					...{ name: "Sinch's own time", below: true },
					points: [fewest, most].map((contacts) => [contacts, contacts / ANSWERS_PER_SECOND]),
				},
			],
		},
	];
	return plots.filter(({ lines }) => lines.length > 0);
}

/** A logarithmic axis has no 0. */
const scale = (logarithmic = false) => (logarithmic ? { type: 'log' } : { type: 'value', min: 0 });

function draw(plot: Plot, source: string, { background, text, faint, colors }: Theme): string {
	const axis = {
		nameLocation: 'middle',
		nameTextStyle: { color: text, fontSize: 13 },
		axisLabel: { color: text },
		axisLine: { lineStyle: { color: faint } },
		splitLine: { lineStyle: { color: faint, opacity: 0.25 } },
	};
	const measured = plot.lines.flatMap(({ receiver, points, dashed }) => {
		const color = colors[receiver];
		const common = { name: labelOf(receiver), itemStyle: { color }, symbol: 'circle' };
		return [
			{
				...{ ...common, type: 'line', symbolSize: 7 },
				lineStyle: { color, width: 2.5, type: dashed ?? 'solid' },
				data: points.map(({ x, y }) => [x, y]),
			},
			{
				...{ ...common, type: 'scatter', symbolSize: 5, silent: true },
				itemStyle: { color, opacity: 0.5 },
				data: points.flatMap(({ x, runs }) => (runs.length > 1 ? runs.map((y) => [x, y]) : [])),
			},
		];
	});
	const limits = plot.limits.map(({ name, points, below }) => ({
		...{ name, type: 'line', symbol: 'none', data: points, color: faint },
		lineStyle: { color: faint, width: 1.5, type: 'dotted' },
		endLabel: {
			show: true,
			formatter: name,
			color: faint,
			align: 'right',
			offset: [0, below ? 32 : -10],
		},
	}));
	const names = [...new Set(plot.lines.map(({ receiver }) => labelOf(receiver)))];
	const chart = init(null, null, { renderer: 'svg', ssr: true, ...SIZE });
	chart.setOption({
		animation: false,
		backgroundColor: background,
		textStyle: { fontFamily: 'sans-serif', color: text },
		title: {
			...{ text: plot.title, subtext: source, left: 16, top: 10 },
			textStyle: { color: text, fontSize: 16 },
			subtextStyle: { color: faint, fontSize: 11 },
		},
		legend: { data: names, bottom: 8, itemGap: 32, textStyle: { color: text }, icon: 'roundRect' },
		grid: { left: 72, right: 32, top: 76, bottom: 92 },
		xAxis: { ...axis, ...scale(), name: plot.x, nameGap: 28 },
		yAxis: { ...axis, ...scale(plot.logarithmic), name: plot.y, nameGap: 52 },
		series: [...limits, ...measured],
	});
	const svg = chart.renderToSVGString();
	chart.dispose();
	return svg;
}

const results = await readResults();
const { versions, parts } = results;
for (const plot of plotsOf(results)) {
	const { measuredAt, commit, machine } = parts[plot.part];
	const source = `${measuredAt.slice(0, 10)}, n8n ${versions.n8n}, package ${versions.package} (${commit}), ${machine}`;
	for (const theme of THEMES) {
		const file = `${PROJECT_FOLDER}docs/images/${plot.file}${theme.suffix}.svg`;
		await writeFile(file, `${draw(plot, source, theme)}\n`);
	}
}
await writeFile(PAGE, withTables(await readFile(PAGE, 'utf8'), results));
