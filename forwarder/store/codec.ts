/** How batches, walks and anchors are written as text. Event texts are stored as they are, side by side. */
import type { Gap, Walk } from '../../polling/contract';
import type { Interval } from '../../polling/intervals';
import type { Anchor, JsonObject, SourceEvent } from '../../providers/contract';

interface EncodedEvents {
	/** JSON: id, time and text length of each event. */
	events: string;
	/** The texts, one after the other. */
	texts: string;
}

export function encodeEvents(events: readonly Omit<SourceEvent, 'json'>[]): EncodedEvents {
	return {
		events: JSON.stringify(events.map(({ id, time, raw }) => [id, String(time), raw.length])),
		texts: events.map(({ raw }) => raw).join(''),
	};
}

export function decodeEvents({ events, texts }: EncodedEvents): SourceEvent[] {
	let at = 0;
	return (JSON.parse(events) as [string, string, number][]).map(([id, time, length]) => {
		const raw = texts.slice(at, (at += length));
		return { id, time: BigInt(time), raw, json: JSON.parse(raw) as JsonObject };
	});
}

/** Bigints become `"123n"`: walks, anchors, gaps and intervals hold no other text of that form. */
export function encodeState(value: Walk | readonly Anchor[] | readonly Gap[] | readonly Interval[]): string {
	return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
}

export function decodeState<T extends Walk | Anchor[] | Gap[] | Interval[]>(text: string): T {
	return JSON.parse(text, (_key, part: unknown) =>
		typeof part === 'string' && /^-?\d+n$/.test(part) ? BigInt(part.slice(0, -1)) : part,
	) as T;
}
