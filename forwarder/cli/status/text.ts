/** How far everything is, as people read it: in a few sentences, what needs attention, then the worst first. All counts are records. */
import type { Ui } from '../ui';
import { attention } from './attention';
import { isProblem, isUnknown, type SourceRow } from './condition';
import { destinationsText, ownerText, sourcesText } from './sentences';
import { destinationTable, pastRows, pastTable, sourceTable } from './tables';
import type { StatusView } from './view';

/** Of what needs attention, and of the past, where a terminal cannot show all. */
const FEW = 8;
/** Of sources, however low the terminal is. */
const LEAST = 5;
/** Head of the table, count of what is left out, blank line, prompt of the shell. */
const BESIDE = 4;

/** A terminal gets what fits on it; a pipe, or who asks for something in particular, gets all. */
export function statusText(view: StatusView, nowMs: number, ui: Ui): string {
	const { owner, sources, destinations, outOf, selection } = view;
	const rows = selection.problems || selection.source.length > 0 ? Infinity : ui.rows;
	const few = rows === Infinity ? Infinity : FEW;
	const told = [
		...(owner ? [owner.running ? ownerText(owner) : ui.paint('yellow', ownerText(owner))] : []),
		sourcesText(outOf.sources, nowMs),
		...(outOf.destinations.length > 0 ? [destinationsText(outOf.destinations)] : []),
	];
	const toDo = attention(view);
	const before = [
		told.map((line) => ui.table([[line]])).join(''),
		toDo.length > 0
			? `${ui.paint('bold', 'Needs attention')}\n${upTo(few, toDo, ui.table, (left) => `${left.length} more: audit-relay status --problems`)}`
			: selection.problems && `${ui.paint('green', 'No problems')}\n`,
	];
	const past = pastRows(view.past);
	const after = [
		destinations.length > 0 && destinationTable(destinations, nowMs, ui),
		past.length > 0 && upTo(few, past, (some) => pastTable(some, ui), restOf),
	];
	const others = [...before, ...after].filter((part) => part !== false);
	const taken = others.reduce((sum, part) => sum + part.split('\n').length, 0);
	const room = Math.max(LEAST, rows - taken - BESIDE);
	const { shown, left } = selection.problems ? withoutEmpty(sources) : { shown: sources, left: 0 };
	const table =
		sources.length > 0 &&
		upTo(room, shown, (some) => sourceTable(some, nowMs, ui), restOfSources) +
			(left > 0 ? `… and ${left} more that were never begun\n` : '');
	return [...before, table, ...after].filter((part) => part !== false).join('\n');
}

/** Rows of sources that were never begun say nothing that is not said above: a few of very many will do. */
function withoutEmpty(sources: readonly SourceRow[]): { shown: readonly SourceRow[]; left: number } {
	const empty = sources.filter(isUnknown);
	const left = empty.length > FEW + 1 ? new Set(empty.slice(FEW)) : new Set();
	return { shown: sources.filter((row) => !left.has(row)), left: left.size };
}

/** At most so many, and how many are left. */
function upTo<T>(
	most: number,
	all: readonly T[],
	show: (some: readonly T[]) => string,
	rest: (left: readonly T[]) => string,
): string {
	// a line that counts one is no shorter
	if (all.length <= most + 1) return show(all);
	return `${show(all.slice(0, most))}… and ${rest(all.slice(most))}\n`;
}

const restOf = (left: readonly unknown[]) => `${left.length} more: audit-relay status | less`;

function restOfSources(left: readonly SourceRow[]): string {
	const bad = left.filter(isProblem).length;
	return bad === 0 ? restOf(left) : `${left.length} more, ${bad} of them with problems: audit-relay status | less`;
}
