/** What of a page is new, and what of it is shipped. */
import type { InvalidEvent, Page, SourceEvent } from '../providers/contract';
import type { Anchor, Nanos, StreamStore, Walk, WalkOptions } from './contract';

export interface Sifted {
	fresh: SourceEvent[];
	/** Every element of the page that later pages must not ship again. */
	seen: Anchor[];
	invalid: InvalidEvent[];
	/** New, but not shipped by configuration. */
	dropped: number;
}

export async function sift(
	page: Page,
	walk: Walk,
	start: Nanos,
	store: StreamStore,
	{ drop, rewrite }: WalkOptions,
): Promise<Sifted> {
	const ids = [...page.events, ...page.invalid].map(({ id }) => id);
	const known = new Set(await store.seen(ids));
	const isNew = ({ id }: { id: string }) => !known.has(id) && Boolean(known.add(id));
	// coarse day filters return events from before the configured start
	const events = page.events.filter((event) => event.time >= start && isNew(event));
	const invalid = page.invalid.filter(isNew);
	const shipped = drop ? events.filter((event) => !drop(event)) : events;
	return {
		fresh: rewrite ? shipped.map(rewrite) : shipped,
		// an element without a time stays known as long as this walk's range can return it
		seen: [
			...events.map(({ id, time }) => ({ id, time })),
			...invalid.map(({ id }) => ({ id, time: walk.startedAt! })),
		],
		invalid,
		dropped: events.length - shipped.length,
	};
}
