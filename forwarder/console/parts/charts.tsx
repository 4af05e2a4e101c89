/** The last hour as charts; or the last ten minutes, which the process records finer for as long as somebody looks. */
import { useState } from 'preact/hooks';
import type { History } from '../api/types';
import { count, duration } from '../format';
import { settled } from '../settled';
import { Chart } from './chart';
import type { Line } from './line';
import { requestLines } from './requests';

export interface ChartOf {
	/** `step`: `minute`, or `5 s`. */
	title: string | ((step: string) => string);
	lines: (history: History) => Line[];
	/** A value with its unit; `most`: of an axis that goes so far. */
	text: (value: number, most?: number) => string;
}

export const REQUESTS: ChartOf = {
	title: 'Requests a minute',
	lines: requestLines,
	text: count,
};

export const PAUSES: ChartOf = {
	title: (step) => `Pauses, in each ${step}`,
	lines: ({ pausedMs }) => [{ label: 'paused', points: pausedMs }],
	text: duration,
};

interface Given {
	history: History;
	fine: History | undefined;
	charts: readonly ChartOf[];
}

/** Chosen once for all pages. */
let wasFine = false;

export function Charts({ history, fine, charts }: Given) {
	const [isFine, choose] = useState(wasFine);
	const shown = settled((isFine ? fine : undefined) ?? history);
	const step = shown.stepMs === 60_000 ? 'minute' : `${shown.stepMs / 1000} s`;
	const option = (label: string, value: boolean) => (
		<label>
			<input type="radio" name="span" checked={isFine === value} onChange={() => choose((wasFine = value))} /> {label}
		</label>
	);
	return (
		<>
			{fine && (
				<fieldset class="span">
					<legend class="unseen">Time that the charts show</legend>
					{option('Last hour', false)}
					{option('Last 10 minutes, since you look', true)}
				</fieldset>
			)}
			<div class="charts">
				{charts.map(({ title, lines, text }, i) => (
					<Chart
						key={i}
						title={typeof title === 'string' ? title : title(step)}
						lines={lines(shown)}
						of={shown}
						text={text}
					/>
				))}
			</div>
		</>
	);
}
