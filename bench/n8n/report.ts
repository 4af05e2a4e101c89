/** `bench/n8n-results.md`. */
import { filesReport, type FilesRow } from './files';
import type { Loading } from './loading';

interface Figures {
	ms: number;
	cpuMs: number;
	mb: number;
	requests: number;
}

export interface Row {
	name: string;
	ours: Figures;
	theirs: Figures;
}

/** What a node of the pack may add to the start of n8n. */
const MOST_MS = 30;

export function report(
	rows: Row[],
	asFiles: FilesRow[],
	files: Loading[],
	of: { events: number; rounds: number; version: string },
): string {
	const ratio = (row: Row, field: keyof Figures) => (row.ours[field] / row.theirs[field]).toFixed(2);
	const both = (row: Row, field: keyof Figures, digits = 0) =>
		`${row.ours[field].toFixed(digits)} / ${row.theirs[field].toFixed(digits)}`;
	return `# Results in n8n

Written by \`npm run bench:n8n\`: n8n ${of.version} on Node ${process.versions.node}, ${of.events.toLocaleString('en')} events in pages of 100,
medians of ${of.rounds} rounds. A webhook starts the list and answers with the number of its items, which must be all: once read by our node
(Return All), once by n8n's HTTP Request node with pagination, the same credential and Split Out. Each run has a fresh n8n. Time is that of
these nodes by n8n's log, CPU time that of the whole run; memory is the peak above what n8n had before. The pace is lifted (**Requests per
Minute** of the credential is 100,000), because it would decide everything: by default 500 pages take eight minutes at 60 requests a minute, and
two at 240.

## Our node, times HTTP Request

| Events of | Time | CPU time | Memory | Requests |
| --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row.name} | ${ratio(row, 'ms')} | ${ratio(row, 'cpuMs')} | ${ratio(row, 'mb')} | ${ratio(row, 'requests')} |`).join('\n')}

## Our node / HTTP Request

| Events of | Seconds | CPU seconds | Memory, MB | Requests |
| --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row.name} | ${seconds(row, 'ms')} | ${seconds(row, 'cpuMs')} | ${both(row, 'mb')} | ${both(row, 'requests')} |`).join('\n')}

${filesReport(asFiles)}
## Loading

Milliseconds that \`require\` of each file takes in a process that has loaded nothing else of the pack, aim ≤ ${MOST_MS}. In n8n only the first
file pays for the core that all share.

| File | ms | |
| --- | --- | --- |
${files.map(({ file, ms }) => `| ${file} | ${ms.toFixed(1)} | ${ms <= MOST_MS ? '✓' : '✗'} |`).join('\n')}
`;
}

function seconds({ ours, theirs }: Row, field: 'ms' | 'cpuMs'): string {
	return `${(ours[field] / 1000).toFixed(1)} / ${(theirs[field] / 1000).toFixed(1)}`;
}
