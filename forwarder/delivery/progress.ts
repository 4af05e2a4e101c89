/** How far batches that travel together are. Kept while its destination is halted, so that nothing that was accepted is sent again. */
import { formatInstant } from '../../core/time';
import type { Nanos } from '../../core/contract';
import type { Search } from '../../core/otlp/search';
import { DOUBTFUL, type DeadLetter } from '../store/contract';
import { chunk, type RequestLimits } from '../export/chunk';
import type { Item } from '../records/item';

export interface Piece {
	items: readonly Item[];
	/** Part of a request that was given up after 408 or 500. */
	givenUp?: boolean;
	/** Taken in part: which one is being found out by sending parts of it again. */
	search?: Search<Item>;
	/** Sent again because the receiver has taken other records since: its next refusal counts. */
	second?: boolean;
	/** One record of a batch that was refused as a whole, to see whether that is still so. */
	trial?: boolean;
	/** How often all of it was answered with 408 or 500. */
	maybes?: number;
	/** How often the receiver had taken something when this was sent first. */
	seen?: number;
}

export interface Refusal {
	item: Item;
	reason: 'too_old' | 'too_large' | 'rejected' | typeof DOUBTFUL;
	detail: string;
	certain: boolean;
}

export interface Progress {
	/** Everything that was to be sent. */
	items: Item[];
	/** What is not answered yet, in order. */
	todo: Piece[];
	/** Records that the receiver accepted. */
	shipped: number;
	refusals: Refusal[];
	trials: number;
}

export interface RecordLimits {
	/** Events with an earlier time are not sent. */
	oldest?: Nanos;
	/** Larger records are not sent: the receiver would cut them off and say it is well. */
	bytes?: number;
}

export function beginProgress(all: readonly Item[], records: RecordLimits, requests: RequestLimits): Progress {
	const items: Item[] = [];
	const refusals: Refusal[] = [];
	for (const item of all) {
		const refusal = unsendable(item, records);
		if (refusal) refusals.push({ item, certain: true, ...refusal });
		else items.push(item);
	}
	return { items, todo: pieces(items, requests), shipped: 0, refusals, trials: 0 };
}

function unsendable(item: Item, { oldest, bytes }: RecordLimits): Pick<Refusal, 'reason' | 'detail'> | undefined {
	if (oldest !== undefined && item.time !== undefined && (item.restamped ?? item.time) < oldest) {
		return { reason: 'too_old', detail: `the destination accepts no events before ${formatInstant(oldest, 0)}` };
	}
	if (bytes !== undefined && item.bytes > bytes) {
		return { reason: 'too_large', detail: `about ${item.bytes} bytes, the destination takes ${bytes}` };
	}
	return undefined;
}

function pieces(items: readonly Item[], limits: RequestLimits): Piece[] {
	return chunk(items, limits).map((part) => ({ items: part }));
}

/** No receiver has a limit this low: one that finds such a record too large refuses everything. */
const SURELY_FITS_BYTES = 64_000;

/** Whether the receiver refused every single record: then the fault is hardly in the records. */
export function refusedAll({ items, shipped, refusals }: Progress): boolean {
	const plain = refusals.filter(
		({ item, reason }) => reason === 'rejected' || (reason === 'too_large' && item.bytes <= SURELY_FITS_BYTES),
	);
	return items.length > 0 && shipped === 0 && plain.length === items.length;
}

/**
 * Starts over with one record alone. Another one each time: the one that is tried may be the only bad record by the time
 * the configuration is right again.
 */
export function startOver(progress: Progress, limits: RequestLimits): void {
	const { items } = progress;
	const index = progress.trials++ % items.length;
	const sent = new Set(items);
	progress.refusals = progress.refusals.filter(({ item }) => !sent.has(item));
	progress.shipped = 0;
	progress.todo = [{ items: [items[index]!], trial: true }, ...pieces(items.toSpliced(index, 1), limits)];
}

export function deadLetters({ refusals }: Progress, stream: string, destination: string): DeadLetter[] {
	// what is in doubt is one entry, with one text
	const doubt = [...new Set(refusals.filter(({ reason }) => reason === DOUBTFUL).map(({ detail }) => detail))]
		.join('; ')
		.slice(0, DETAIL_LENGTH);
	return refusals.map(({ item, reason, detail }) => ({
		stream,
		destination,
		eventId: item.eventId,
		raw: item.raw,
		...(item.isReplaced && { isReplaced: item.isReplaced }),
		...(item.time !== undefined && { time: item.time }),
		observed: item.observed,
		reason,
		detail: reason === DOUBTFUL ? doubt : detail,
	}));
}

const DETAIL_LENGTH = 2000;
