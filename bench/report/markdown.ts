/** `bench/results.md`. */
import { cpus } from 'node:os';
import type { Kind, Figures } from './figures';
import { ofKind } from './figures';
import { isMet, words, type Target } from './targets';

const KINDS: [title: string, kind: Kind][] = [
	['Everybody answers at once', { compression: 'none', answerMs: 0, pageMs: 0 }],
	['The receiver answers after 50 ms', { compression: 'none', answerMs: 50, pageMs: 0 }],
	['With gzip', { compression: 'gzip', answerMs: 0, pageMs: 0 }],
	['The provider answers after 50 ms', { compression: 'none', answerMs: 0, pageMs: 50 }],
];

export function markdown(
	all: readonly Figures[],
	memory: { few: Figures; many: Figures },
	aims: readonly Target[],
	rounds: number,
): string {
	const parts = KINDS.map(([title, kind]) => [title, ofKind(all, kind)] as const)
		.filter(([, rows]) => rows.length > 0)
		.map(([title, rows]) => `## ${title}\n\n${table(rows)}\n`);
	return `# Benchmark results

Written by \`npm run bench\`; [README](README.md) says what is measured and how. Node ${process.versions.node}, ${cpus().length} cores
(${cpus()[0]?.model.trim() ?? 'unknown'}), ${new Date().toISOString().slice(0, 10)}, medians of ${rounds} round${rounds === 1 ? '' : 's'}.

${aimTable(aims)}

![Events per second and CPU time per event](results.svg)

${parts.join('\n')}
## Memory of the forwarder

${table([memory.few, memory.many])}
`;
}

function aimTable(aims: readonly Target[]): string {
	const number = (value: number, unit = '') => `${value.toFixed(value < 10 ? 2 : 0)}${unit && ` ${unit}`}`;
	return rows(
		['Target', 'Aim', 'Measured', 'By CPU time', ''],
		aims.map((one) => [
			one.what,
			`${one.atLeast ? '≥' : '≤'} ${number(one.aim, one.unit)}`,
			number(one.measured, one.unit),
			one.byCpu === undefined ? '' : number(one.byCpu),
			isMet(one) ? '✓' : '✗',
		]),
	);
}

function table(all: readonly Figures[]): string {
	return rows(
		[
			...['Events of', 'Subject', 'Events', 'Events/s', 'CPU µs/event', 'Peak MB', 'Settled MB', 'Start s'],
			...['Read MB', 'Sent MB', 'Requests', 'Least'],
		],
		all.map((one) => [
			one.shape,
			one.subject,
			words(one.events),
			words(Math.round(one.rate)),
			one.cpuMicros.toFixed(1),
			Number.isNaN(one.peakMb) ? '' : one.peakMb.toFixed(0),
			one.settledMb.toFixed(0),
			one.startMs > 0 ? (one.startMs / 1000).toFixed(2) : '',
			one.readMb.toFixed(1),
			one.sentMb.toFixed(1),
			words(one.requests),
			words(one.leastRequests),
		]),
	);
}

function rows(head: string[], body: string[][]): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');
}
