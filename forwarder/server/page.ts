/** The status page: everything on one screen, without scripts or assets. Refreshes by itself. */
import { formatInstant, fromMillis } from '../../core/time';
import { streamState, type DestinationSnapshot, type Snapshot, type StreamSnapshot } from '../run/snapshot';
import { stateOf, type HealthProblem } from './readiness';

const REFRESH_SECONDS = 10;

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 76rem; padding: 0 1rem; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid #8884; white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.ok { color: #1a7f37; } .warn { color: #9a6700; } .bad { color: #cf222e; font-weight: 600; }
@media (prefers-color-scheme: dark) { .ok { color: #3fb950; } .warn { color: #d29922; } .bad { color: #f85149; } }
footer { opacity: .7; }`;

type Tone = 'ok' | 'warn' | 'bad';
type Cell = string | number | { text: string; tone: Tone };

export function statusPage(snapshot: Snapshot, problems: readonly HealthProblem[], version: string): string {
	const state = stateOf(problems);
	const [word, tone]: [string, Tone] =
		state === 'ready'
			? ['ready', 'ok']
			: state === 'degraded'
				? ['ready, with warnings', 'warn']
				: ['not ready', 'bad'];
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${REFRESH_SECONDS}">
<title>Audit Relay: ${word}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Audit Relay</h1>
<p role="status"><strong class="${tone}">${word}</strong></p>
${problems.length ? `<ul>\n${problems.map(problemItem).join('\n')}\n</ul>` : ''}
${table(
	'Sources',
	['Source', 'Provider', 'State', 'Lag', 'Last poll', 'Shipped', 'Waiting', 'Dead letters', 'Open gaps', 'Verified'],
	snapshot.streams.map(streamRow),
)}
${table(
	'Destinations',
	[
		'Destination',
		'State',
		'Since',
		'Shipped',
		'Waiting',
		'Oldest waits for',
		'In flight',
		'Dead letters',
		'Last error',
	],
	snapshot.destinations.map((destination) => destinationRow(destination, snapshot.at)),
)}
</main>
<footer>audit-relay ${escape(version)} · ${formatInstant(fromMillis(snapshot.at), 0)} ·
<a href="/readyz">readyz</a> · <a href="/livez">livez</a> · <a href="/metrics">metrics</a></footer>
</body>
</html>
`;
}

function problemItem({ rule, severity, since, message, fix, ...about }: HealthProblem): string {
	const { source, destination, notification } = about;
	const who = Object.entries({ source, destination, notification })
		.flatMap(([kind, name]) => (name === undefined ? [] : `${kind} ${name}: `))
		.join('');
	return `<li class="${severity === 'not_ready' ? 'bad' : 'warn'}">${escape(`${who}${rule}: ${[message, since && `since ${since}`, fix].filter(Boolean).join('; ')}`)}</li>`;
}

function streamRow(stream: StreamSnapshot): Cell[] {
	const { name, provider, stored, openGaps, lagMs, lastSuccessAgeMs } = stream;
	const state = streamState(stream);
	return [
		name,
		provider,
		{ text: state, tone: state === 'ok' ? 'ok' : state === 'refused' ? 'bad' : 'warn' },
		lagMs === undefined ? '–' : duration(lagMs),
		lastSuccessAgeMs === undefined ? 'never' : `${duration(lastSuccessAgeMs)} ago`,
		stored?.shipped ?? '–',
		stored?.waiting ?? '–',
		stored ? count(stored.deadLetters) : '–',
		count(openGaps),
		verdict(stored),
	];
}

function verdict(stored: StreamSnapshot['stored']): Cell {
	if (stored?.lastVerdict === undefined) return '–';
	if (stored.lastVerdict !== 'broken') return stored.lastVerdict;
	return stored.verdictAcknowledged === undefined ? { text: 'broken', tone: 'bad' } : 'broken, seen';
}

function destinationRow(destination: DestinationSnapshot, now: number): Cell[] {
	const { name, state, since, lastError, shipped, waiting, oldestUnacknowledgedMs, inFlight, deadLetters } =
		destination;
	return [
		name,
		{ text: state, tone: state === 'ok' ? 'ok' : state === 'halted' ? 'bad' : 'warn' },
		formatInstant(fromMillis(since), 0),
		shipped,
		waiting,
		waiting > 0 ? duration(oldestUnacknowledgedMs) : '–',
		inFlight,
		count(deadLetters),
		lastError ? `${lastError.message.slice(0, 100)} (${duration(now - lastError.at)} ago)` : '–',
	];
}

function count(value: number): Cell {
	return value > 0 ? { text: String(value), tone: 'warn' } : 0;
}

function table(caption: string, head: readonly string[], rows: readonly Cell[][]): string {
	const numeric = (column: number) => typeof rows[0]?.[column] === 'number';
	const heads = head.map((text, i) => `<th scope="col"${numeric(i) ? ' class="number"' : ''}>${escape(text)}</th>`);
	const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
	return `<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr>${heads.join('')}</tr></thead>
<tbody>
${body.join('\n')}
</tbody></table></div>`;
}

function cell(value: Cell): string {
	if (typeof value === 'number') return `<td class="number">${value}</td>`;
	if (typeof value === 'string') return `<td>${escape(value)}</td>`;
	return `<td class="${value.tone}">${escape(value.text)}</td>`;
}

/** `45 s`, `12 min`, `3 h`, `2 d`, `11 y`. */
function duration(ms: number): string {
	const steps: [number, string][] = [
		[31_536_000_000, 'y'],
		[86_400_000, 'd'],
		[3_600_000, 'h'],
		[60_000, 'min'],
	];
	const [unit, name] = steps.find(([length]) => ms >= 2 * length) ?? [1000, 's'];
	return `${Math.round(ms / unit)} ${name}`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escape(text: string): string {
	return text.replace(/[&<>"']/g, (char) => ENTITIES[char]!);
}
