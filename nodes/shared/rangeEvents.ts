/** A range of a log as a list: what a `Source` gives page by page, each event once. */
import { fitting } from '../../core/walk/read';
import type { InvalidEvent, Nanos, Position, Source, SourceEvent } from '../../core/contract';
import { PositionRejected } from '../../core/http/failure';
import { objectOf } from './listEvents';

/** Pages one after the other without anything new: somebody leads in circles. */
const MOST_IDLE = 100;

/** In the order in which the provider lists them. Bounds are inclusive; the source may be asked for more, and lists overlap. */
export async function* rangeEvents(
	source: Source,
	{ from, to }: { from: Nanos; to?: Nanos },
	signal?: AbortSignal,
): AsyncGenerator<SourceEvent> {
	const known = new Set<string>();
	const used = new Set<string>();
	let position: Position | undefined;
	for (let idle = 0; idle < MOST_IDLE; idle++) {
		const page = await fitting(source).page({ lower: from, upper: to }, position, signal);
		for (const event of [...page.events, ...page.invalid.map(shown)]) {
			if (known.has(event.id)) continue;
			known.add(event.id);
			idle = 0;
			// what cannot be an event may have no time
			if (event.time === 0n || (event.time >= from && (to === undefined || event.time <= to))) yield event;
		}
		if (!page.next) return;
		position = page.next;
		const where = JSON.stringify(position);
		if (used.has(where)) throw new PositionRejected('The same next page was given twice.');
		used.add(where);
	}
	throw new PositionRejected(`${MOST_IDLE} pages in a row had nothing new, and more were announced.`);
}

/** Showing it is better than hiding it. */
function shown({ id, raw, time = 0n }: InvalidEvent): SourceEvent {
	return { id, raw, time, json: objectOf({ raw, json: parsed(raw) }) };
}

function parsed(raw: string): unknown {
	try {
		return JSON.parse(raw) as unknown;
	} catch {
		return undefined;
	}
}
