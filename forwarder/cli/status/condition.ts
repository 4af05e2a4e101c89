/** How sources and destinations are doing, as far as the state tells. */
import { fromMillis } from '../../../core/time';
import type { ConfiguredNames } from '../../config/loadPart';
import { pausedAs, sourcesOf } from '../../run/paused';
import type { ToldMistake } from './told';
import type { DestinationSummary, StreamSummary, Summary } from '../../store/summary';

/** The worst first. `misconfigured`: it is not read, or as it was before a mistake. `attention`: it reads, and something waits for a person. */
export const CONDITIONS = [
	'misconfigured',
	'failing',
	'paused',
	'attention',
	'not configured',
	'never polled',
	'ok',
] as const;
export type Condition = (typeof CONDITIONS)[number];

export interface SourceRow extends StreamSummary {
	condition: Condition;
	configured: boolean;
	/** The state knows it. */
	isStored: boolean;
	/** Unacknowledged gap records. */
	openGaps: number;
}

export interface DestinationRow extends DestinationSummary {
	condition: 'not configured' | 'not tried yet' | 'ok' | 'failing' | 'halted';
}

/** Also those of which the state knows nothing yet. The worst first. */
export function sourceRows(
	{ streams, unseen, paused }: Summary,
	{ sources }: ConfiguredNames,
	mistakes: readonly ToldMistake[],
): SourceRow[] {
	const matters = new Map(unseen.map((one) => [one.stream, one]));
	const configured = new Set(sources);
	const stopped = new Set(paused.map(({ source }) => source));
	const mistaken = new Set(mistakes.flatMap(({ source }) => source ?? []));
	const stored = new Set(streams.map(({ name }) => name));
	const begun = new Set(streams.flatMap(({ name }) => sourcesOf(name)));
	const all = [...streams, ...sources.filter((name) => !begun.has(name)).map(unstarted)];
	const rows = all.map((row): SourceRow => {
		const names = sourcesOf(row.name);
		const known = names.some((name) => configured.has(name));
		const isPaused = known && pausedAs(row.name, stopped).length > 0;
		const condition = names.some((name) => mistaken.has(name))
			? 'misconfigured'
			: isPaused
				? 'paused'
				: conditionOf(row, matters.has(row.name), known);
		return {
			...row,
			condition,
			configured: known,
			isStored: stored.has(row.name),
			openGaps: matters.get(row.name)?.gaps?.count ?? 0,
		};
	});
	const rank = ({ condition }: SourceRow) => CONDITIONS.indexOf(condition);
	return rows.sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

export function destinationRows({ destinations }: Summary, configured: ConfiguredNames): DestinationRow[] {
	return destinations.map((row) => {
		const known = configured.destinations.includes(row.name);
		return { ...row, condition: known ? (row.state ?? 'not tried yet') : 'not configured' };
	});
}

const PROBLEMS: readonly Condition[] = ['misconfigured', 'failing', 'paused', 'attention'];
export const isProblem = ({ condition }: SourceRow): boolean => PROBLEMS.includes(condition);

/** It was never begun, and is not: there is nothing to tell of it. */
export const isUnknown = ({ condition, isStored }: SourceRow): boolean => condition === 'misconfigured' && !isStored;

export const isDown = ({ condition }: DestinationRow): boolean => condition === 'failing' || condition === 'halted';

function conditionOf(row: StreamSummary, matters: boolean, configured: boolean): Condition {
	const { lastError, lastErrorAt, lastSuccess } = row;
	const none = fromMillis(0);
	if (configured && lastError !== undefined && (lastErrorAt ?? none) > (lastSuccess ?? none)) return 'failing';
	if (matters) return 'attention';
	if (!configured) return 'not configured';
	return lastSuccess === undefined ? 'never polled' : 'ok';
}

function unstarted(name: string): StreamSummary {
	return { name, shipped: 0, waiting: 0, waitingBytes: 0, deadLetters: 0, doubtful: 0, gaps: 0, gapReasons: {} };
}
