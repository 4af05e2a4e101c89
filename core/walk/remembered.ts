/** How far back it is known which events were read, and what is logged when a provider lists older ones anyway. */
import type { Nanos, Source, SourceEvent } from '../contract';
import type { Gap, StreamState, StreamStore, WalkOptions } from './contract';

/** A provider that keeps to its filters lists no event from before this instant any more, so that ids are kept from here on. */
export function returnableFrom(
	{ watermark, kept }: Pick<StreamState, 'watermark' | 'kept'>,
	{ reach = 0n, memory }: Pick<Source, 'reach' | 'memory'>,
	{ keepSeen }: Pick<WalkOptions, 'keepSeen'>,
): Nanos {
	const inRange = watermark - reach - keepSeen;
	const lowest = memory?.lowest(kept);
	return lowest !== undefined && lowest < inRange ? lowest : inRange;
}

/**
 * From here on an unknown id is an event that was never read, however late it comes. Below, its id may just be forgotten: a
 * provider that ignores its filters would have it shipped again by every poll.
 */
export async function floorOf(
	unknown: readonly SourceEvent[],
	returnable: Nanos,
	store: Pick<StreamStore, 'rememberedFrom'>,
): Promise<Nanos> {
	if (unknown.every(({ time }) => time >= returnable)) return returnable;
	const remembered = await store.rememberedFrom();
	return remembered !== undefined && remembered < returnable ? remembered : returnable;
}

/** Events that are older than what is remembered. */
export interface Older {
	count: number;
	from: Nanos;
	to: Nanos;
}

export function withOlder(older: Older | undefined, events: readonly SourceEvent[]): Older | undefined {
	return events.reduce<Older | undefined>((sum, { time }) => {
		if (!sum) return { count: 1, from: time, to: time };
		return { count: sum.count + 1, from: time < sum.from ? time : sum.from, to: time > sum.to ? time : sum.to };
	}, older);
}

export function filterIgnored({ count, from, to }: Older): Gap {
	const what = count === 1 ? 'event older than what is remembered is' : 'events older than what is remembered are';
	const detail = `the provider ignores its time filter: ${count} ${what} listed again and again, and not shipped`;
	return { reason: 'filter_ignored', from, to, detail };
}
