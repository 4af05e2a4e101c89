/** What of a page is new, and what of it is shipped. */
import type { InvalidEvent, Page, SourceEvent } from '../providers/contract';
import type { Anchor, Gap, Nanos, StreamStore, Walk, WalkOptions } from './contract';

export interface Sifted {
	fresh: SourceEvent[];
	/** Every element of the page that later pages must not ship again. */
	seen: Anchor[];
	invalid: InvalidEvent[];
	/** Says aloud that there were such elements. */
	gaps?: Gap[];
	/** New, but not shipped by configuration. */
	dropped: number;
}

/**
 * The name by which an element that is no event is remembered. It has no time of its own, so nobody knows where in a list it
 * stands: read upwards from there, and events below it would never be seen.
 */
const mark = '?';

export function isEventId(id: string): boolean {
	return !id.startsWith(mark);
}

export async function sift(
	page: Page,
	walk: Walk,
	start: Nanos,
	store: StreamStore,
	{ drop, rewrite }: WalkOptions,
): Promise<Sifted> {
	const nameOf = ({ id }: InvalidEvent) => mark + id;
	const nameless = page.invalid.map((element) => ({ id: nameOf(element) }));
	const known = new Set(await store.seen(nameless.length > 0 ? [...page.events, ...nameless] : page.events));
	const isNew = (id: string) => !known.has(id) && Boolean(known.add(id));
	// coarse day filters return events from before the configured start
	const events = page.events.filter((event) => event.time >= start && isNew(event.id));
	const invalid = page.invalid.filter((element) => isNew(nameOf(element)));
	const shipped = drop ? events.filter((event) => !drop(event)) : events;
	return {
		fresh: rewrite ? shipped.map(rewrite) : shipped,
		// an element without a time stays known as long as this walk's range can return it
		seen: [
			...events.map(({ id, time }) => ({ id, time })),
			...invalid.map((element) => ({ id: nameOf(element), time: walk.startedAt! })),
		],
		invalid,
		...(invalid.length > 0 && { gaps: [notEvents(invalid)] }),
		dropped: events.length - shipped.length,
	};
}

function notEvents(invalid: readonly InvalidEvent[]): Gap {
	const reasons = [...new Set(invalid.map(({ reason }) => reason))].join(', ');
	return {
		reason: 'rejected',
		detail: `${invalid.length} elements of a page are no events (${reasons}); kept as dead letters`,
	};
}
