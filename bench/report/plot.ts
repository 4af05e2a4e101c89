/** `bench/results.svg`: bars, one group for each way of running, one bar for each subject; the three providers together. */
import type { Subject } from '../measure/run';
import { ofKind, type Figures, type Kind } from './figures';

const COLORS: Record<Subject, string> = {
	download: '#c9ced6',
	floor: '#8b95a5',
	stock: '#d97706',
	'without state': '#60a5fa',
	forwarder: '#2563eb',
	declared: '#1e3a8a',
};
const SUBJECTS = Object.keys(COLORS) as Subject[];

const PANELS: [title: string, kind: Kind, value: (one: Figures) => number][] = [
	['CPU µs per event', { compression: 'none', answerMs: 0, pageMs: 0 }, ({ cpuMicros }) => cpuMicros],
	['µs per event', { compression: 'none', answerMs: 0, pageMs: 0 }, ({ rate }) => 1e6 / rate],
	[
		'µs per event, receiver answers after 50 ms',
		{ compression: 'none', answerMs: 50, pageMs: 0 },
		({ rate }) => 1e6 / rate,
	],
	['µs per event, gzip', { compression: 'gzip', answerMs: 0, pageMs: 0 }, ({ rate }) => 1e6 / rate],
];

const [WIDTH, PANEL, BAR, LEFT] = [720, 150, 18, 130];

export function plot(all: readonly Figures[]): string {
	const panels = PANELS.map(([title, kind, value], index) => panel(title, ofKind(all, kind), value, index * PANEL));
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${PANEL * PANELS.length}" font-family="system-ui, sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}

function panel(title: string, figures: readonly Figures[], value: (one: Figures) => number, top: number): string {
	const bars = SUBJECTS.map((subject) => {
		const values = figures.filter((one) => one.subject === subject).map(value);
		return { subject, mean: values.reduce((sum, one) => sum + one, 0) / values.length };
	}).filter(({ mean }) => mean > 0);
	const scale = (WIDTH - LEFT - 80) / Math.max(...bars.map(({ mean }) => mean));
	const drawn = bars.map(({ subject, mean }, index) => {
		const y = top + 30 + index * (BAR + 4);
		return `<text x="${LEFT - 8}" y="${y + 13}" text-anchor="end">${subject}</text>
<rect x="${LEFT}" y="${y}" width="${(mean * scale).toFixed(1)}" height="${BAR}" fill="${COLORS[subject]}"/>
<text x="${(LEFT + mean * scale + 6).toFixed(1)}" y="${y + 13}">${mean.toFixed(1)}</text>`;
	});
	return `<text x="8" y="${top + 18}" font-weight="600">${title}</text>\n${drawn.join('\n')}`;
}
