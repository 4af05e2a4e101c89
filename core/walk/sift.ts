/** What of a page is new, and what of it is shipped. */
import type { InvalidEvent, Nanos, Page, Source, SourceEvent } from '../contract';
import { withText } from '../record/event';
import { SECOND } from '../time';
import type { EventKey, Gap, StreamState, StreamStore, Walk, WalkOptions } from './contract';
import { floorOf, returnableFrom } from './remembered';

export interface Sifted {
	fresh: SourceEvent[];
	/** Every element of the page that later pages must not ship again. */
	seen: EventKey[];
	invalid: InvalidEvent[];
	/** Reports that there were such elements. */
	gaps?: Gap[];
	/** New, but not shipped by configuration. */
	dropped: number;
	/** Of the fresh ones: became visible when the watermark had passed them. */
	late: number;
	/** Older than what is remembered: it is unknown whether they were shipped. Not shipped, and not in `seen`. */
	forgotten: readonly SourceEvent[];
}

/**
 * The name by which an element that is not an event is remembered. It has no time of its own, so it is unknown where in a list it
 * stands: read upwards from there, and events below it would never be seen.
 */
const mark = '?';

export function isEventId(id: string): boolean {
	return !id.startsWith(mark);
}

/**
 * The name by which an event is remembered whose own time says nothing of when it may be listed again: by when it was seen first. No
 * element has this name, because ids of providers do not begin with a mark.
 */
export function firstSeenName(id: string): string {
	return mark + mark + id;
}

export async function sift(
	page: Page,
	walk: Walk,
	state: StreamState,
	{
		source,
		store,
		options,
	}: { source: Pick<Source, 'reach' | 'bounds' | 'memory'>; store: StreamStore; options: WalkOptions },
	now: Nanos,
): Promise<Sifted> {
	const { drop, redact } = options;
	const nameOf = ({ id }: InvalidEvent) => mark + id;
	const isByStored = source.bounds === 'stored';
	const nameless = [
		...page.invalid.map((element) => ({ id: nameOf(element) })),
		...(isByStored ? page.events.map(({ id }) => ({ id: firstSeenName(id) })) : []),
	];
	const known = new Set(await store.seen(nameless.length > 0 ? [...page.events, ...nameless] : page.events));
	const isKnown = (id: string) => known.has(id) || (isByStored && known.has(firstSeenName(id)));
	const isNew = (id: string) => !isKnown(id) && Boolean(known.add(id));
	// of a clock that was set back: before the watermark it would be forgotten at the end of this walk
	const listed = walk.startedAt! > state.watermark ? walk.startedAt! : state.watermark;
	// coarse day filters return events from before the configured start
	const unknown = page.events.filter((event) => event.time >= state.start && isNew(event.id));
	const floor = isByStored ? undefined : await floorOf(unknown, returnableFrom(state, source, options), store);
	const isRemembered = ({ time }: SourceEvent) => floor === undefined || time >= floor;
	const events = unknown.filter(isRemembered);
	const elements = page.invalid.filter(({ time }) => time === undefined || time >= state.start);
	const invalid = elements.filter((element) => isNew(nameOf(element)));
	const shipped = drop ? events.filter((event) => !isTrue(drop, event)) : events;
	return {
		fresh: redact ? shipped.map((event) => withText(event, redact(event.raw))) : shipped,
		// an element without a time stays known as long as it is listed: a provider that ignores its filters lists it forever
		seen: [
			...events.map(({ id, time }) => ({ id, time })),
			...elements.map((element) => ({ id: nameOf(element), time: listed })),
			...(isByStored ? events.map(({ id }) => ({ id: firstSeenName(id), time: firstSeen(page, now, state) })) : []),
		],
		invalid: redact ? invalid.map((element) => ({ ...element, raw: redact(element.raw) })) : invalid,
		...(invalid.length > 0 && { gaps: [notEvents(invalid)] }),
		dropped: events.length - shipped.length,
		late: isByStored ? 0 : shipped.filter(({ time }) => time < state.watermark).length,
		forgotten: unknown.filter((event) => !isRemembered(event)),
	};
}

/** Not before the provider stored what it lists, by whichever clock is ahead; that of the provider is read in whole seconds. */
function firstSeen({ serverTime = 0n }: Page, now: Nanos, { watermark }: StreamState): Nanos {
	return [serverTime + SECOND, now].reduce((latest, instant) => (instant > latest ? instant : latest), watermark);
}

/** A filter that fails on one event must not stop all: what it cannot judge is shipped. */
function isTrue(filter: (event: SourceEvent) => boolean, event: SourceEvent): boolean {
	try {
		return filter(event);
	} catch {
		return false;
	}
}

/** As many as a person reads. */
const NAMED = 5;
const LONGEST_NAME = 100;

function notEvents(invalid: readonly InvalidEvent[]): Gap {
	const named = invalid.slice(0, NAMED).map(({ id, reason }) => `${id.slice(0, LONGEST_NAME)}: ${reason}`);
	const more = invalid.length > NAMED ? `; and ${invalid.length - NAMED} more` : '';
	const times = invalid.flatMap(({ time }) => time ?? []).sort((a, b) => (a < b ? -1 : 1));
	return {
		reason: 'rejected',
		...(times.length > 0 && { from: times[0], to: times.at(-1) }),
		detail: `${invalid.length} elements of a page cannot be shipped (${named.join('; ')}${more}); what is known of them is kept as dead letters`,
	};
}
