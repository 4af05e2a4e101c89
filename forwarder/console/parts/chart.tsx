/** A time as lines (uPlot), and the same numbers as a table for whoever reads instead of looking. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Spark } from '../api/types';
import { duration, moment } from '../format';
import { useMedia } from '../hooks';
import type { Line } from './line';

const HEIGHT = 160;
/** Of so few points no line can be seen. */
const FEW = 2;

interface Given {
	title: string;
	lines: readonly Line[];
	/** When the last step began, and how long each is. */
	of: Pick<Spark, 'lastAt' | 'stepMs'>;
	/** A value with its unit. */
	text: (value: number, most?: number) => string;
}

export function Chart({ title, lines, of, text }: Given) {
	const { lastAt, stepMs } = of;
	const id = useId();
	const box = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot>(undefined);
	const [pointed, point] = useState<number | null>(null);
	const isDark = useMedia('(prefers-color-scheme: dark)');
	const length = Math.max(0, ...lines.map(({ points }) => points.length));
	const times = Array.from({ length }, (_, i) => (lastAt - (length - 1 - i) * stepMs) / 1000);
	const labels = lines.map(({ label }) => label).join();

	// before anybody sees the page: what is drawn and what is written beside it are of the same time
	useLayoutEffect(() => {
		const place = box.current!;
		plot.current = new uPlot(optionsOf(lines, place, { text, stepMs }, point), dataOf(times, lines), place);
		const size = new ResizeObserver(() => plot.current!.setSize({ width: place.clientWidth, height: HEIGHT }));
		size.observe(place);
		return () => {
			size.disconnect();
			plot.current!.destroy();
		};
	}, [labels, isDark, stepMs]);
	useLayoutEffect(() => plot.current!.setData(dataOf(times, lines)), [lines, lastAt]);

	const at = pointed !== null && pointed < length ? pointed : length - 1;
	return (
		<figure class="chart" aria-labelledby={id}>
			<figcaption id={id}>
				<b>{title}</b>
				{lines.map(({ label, points, text: own = text }, i) => (
					<span key={label} class={`line${i}`}>
						{lines.length > 1 && `${label} `}
						{shown(points[at], own)}
					</span>
				))}
				{pointed !== null && <span class="quiet">at {moment(times[at]! * 1000, lastAt)}</span>}
			</figcaption>
			<div ref={box} aria-hidden="true" />
			<Numbers title={title} lines={lines} times={times} of={of} text={text} />
		</figure>
	);
}

function Numbers({ title, lines, times, of: { lastAt }, text }: Given & { times: readonly number[] }) {
	const [isOpen, setOpen] = useState(false);
	return (
		<details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
			<summary>
				In numbers<span class="unseen">: {title}</span>
			</summary>
			{isOpen && (
				<div class="scroll" role="region" aria-label={`${title} in numbers`} tabIndex={0}>
					<table>
						<thead>
							<tr>
								<th scope="col">From</th>
								{lines.map(({ label }) => (
									<th key={label} scope="col">
										{label}
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{times
								.map((time, i) => (
									<tr key={time}>
										<th scope="row">{moment(time * 1000, lastAt)}</th>
										{lines.map(({ label, points, text: own = text }) => (
											<td key={label}>{shown(points[i], own)}</td>
										))}
									</tr>
								))
								.reverse()}
						</tbody>
					</table>
				</div>
			)}
		</details>
	);
}

const shown = (value: number | null | undefined, text: Given['text']) =>
	typeof value === 'number' ? text(value) : '–';

/** Steps of an axis of durations: as clocks have them. */
const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200]
	.concat([1, 2, 5, 10, 20, 50, 100, 365, 730, 1825, 3650].map((days) => days * 86_400))
	.map((seconds) => seconds * 1000);

const minutes = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

const dataOf = (times: number[], lines: readonly Line[]) =>
	[times, ...lines.map(({ points }) => points)] as uPlot.AlignedData;

function optionsOf(
	lines: readonly Line[],
	place: HTMLElement,
	{ text, stepMs }: Pick<Given, 'text'> & { stepMs: number },
	point: (index: number | null) => void,
): uPlot.Options {
	const time = stepMs < 60_000 ? seconds : minutes;
	const style = getComputedStyle(place);
	const color = (name: string) => style.getPropertyValue(name).trim();
	const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { show: false } };
	return {
		width: place.clientWidth,
		height: HEIGHT,
		// half of the last time below the chart
		padding: [null, stepMs < 60_000 ? 30 : null, null, null],
		legend: { show: false },
		cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
		scales: { y: { range: (_plot, _least, most) => [0, Math.max(most * 1.1, text === duration ? 1000 : 1)] } },
		axes: [
			{
				...axis,
				size: 28,
				space: stepMs < 60_000 ? 80 : 50,
				values: (_plot, ticks) => ticks.map((tick) => time.format(tick * 1000)),
			},
			{
				...axis,
				size: 64,
				...(text === duration && { incrs: TIMES }),
				values: (_plot, ticks) => ticks.map((tick) => text(tick, ticks.at(-1))),
			},
		],
		series: [
			{},
			...lines.map(({ label }, i) => ({
				label,
				stroke: color(`--line${i % 6}`),
				width: 1.5,
				...(lines.length === 1 && { fill: `${color('--line0')}22` }),
				points: {
					show: (plot: uPlot, at: number) =>
						Array.from(plot.data[at]!).filter((value) => typeof value === 'number').length <= FEW,
				},
			})),
		],
		hooks: { setCursor: [(plot) => point(plot.cursor.idx ?? null)] },
	};
}
