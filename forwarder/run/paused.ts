/** That a source is paused, in words: the same in /readyz, on the pages and in `status`. */
import { formatInstant, fromMillis, toMillis } from '../../core/time';
import type { SourceConfig } from '../config/types';
import type { PausedSource } from '../store/paused';
import type { StreamSummary } from '../store/summary';

/** What may stand in the configuration for a stream: `directory.signIns` is a part of the source `directory`. */
export function sourcesOf(stream: string): string[] {
	const dots = [...stream.matchAll(/\./g)];
	return [stream, ...dots.map(({ index }) => stream.slice(0, index))];
}

/** Under which of these names a stream is paused. */
export const pausedAs = (stream: string, paused: { has(source: string): boolean }): string[] =>
	sourcesOf(stream).filter((name) => paused.has(name));

export interface PausedSnapshot {
	/** Milliseconds since the epoch, as below. */
	sinceMs: number;
	by: string;
	/** Why, in that one's words. */
	note?: string;
	/** How long the provider keeps events: absent when that is not known. */
	retentionMs?: number;
	/** From then on it drops events that were not read. Absent when that is not known, or nothing was read yet. */
	losesAtMs?: number;
}

export function pausedSnapshot(
	{ since, by, note }: PausedSource,
	{ retentionMs }: Pick<SourceConfig, 'retentionMs'>,
	stored: Pick<StreamSummary, 'watermark'> | undefined,
): PausedSnapshot {
	const { watermark } = stored ?? {};
	return {
		...{ sinceMs: toMillis(since), by },
		...(note !== undefined && { note }),
		...(retentionMs !== undefined && { retentionMs }),
		...(retentionMs !== undefined && watermark !== undefined && { losesAtMs: toMillis(watermark) + retentionMs }),
	};
}

/** Without `now`: nothing is said of the provider's retention, which only the process knows. */
export function pausedText(paused: Omit<PausedSnapshot, 'sinceMs'>, now?: number): string {
	const { by, note } = paused;
	const what = `paused by ${by}${note === undefined ? '' : ` (${note})`}: nothing is read, what was read is still shipped`;
	return now === undefined ? what : `${what}; ${losing(paused, now)}`;
}

function losing({ retentionMs, losesAtMs }: Omit<PausedSnapshot, 'sinceMs'>, now: number): string {
	if (retentionMs === undefined) return 'how long its provider keeps events is not known';
	if (losesAtMs === undefined) return 'nothing of it was read yet';
	const at = formatInstant(fromMillis(losesAtMs), 0);
	return losesAtMs > now
		? `from ${at} on its provider drops events that were not read`
		: `since ${at} its provider has been dropping events that were not read`;
}

export const resumeIt = (source: string): string => `run audit-relay resume ${source}`;
