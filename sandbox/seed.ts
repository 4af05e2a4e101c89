/** Loads the fixture events into logs, as they are or moved in time. */
import { eventLog, type EventLog } from './eventLog';
import { arcusEntries, arpioEvents, auditapiEvents } from './fixtures';
import { member, replaced } from './rawJson';
import { formatMicros, parseMicros } from './time';

export interface SeededLogs {
	readonly arpio: EventLog;
	readonly arcus: EventLog;
	readonly auditapi: EventLog;
}

/**
 * @param newestAt milliseconds; moves all events by the same distance, so that the newest of the three providers
 * happened then. Without it every text stays as it is in the fixture.
 */
export function seededLogs(newestAt?: number): SeededLogs {
	const arpio = read(arpioEvents, 'eventId', 'timestamp');
	const arcus = read(arcusEntries, 'id', 'created_at');
	const auditapi = read(auditapiEvents, 'id', 'timestamp');
	const newest = Math.max(...[...arpio, ...arcus, ...auditapi].map((event) => event.micros));
	const shift = newestAt === undefined ? 0 : Math.round(newestAt * 1000) - newest;
	const log = (events: readonly Seed[]) => eventLog(events.map((event) => moved(event, shift)));
	return { arpio: log(arpio), arcus: log(arcus), auditapi: log(auditapi) };
}

interface Seed {
	readonly id: string;
	readonly micros: number;
	readonly raw: string;
	readonly timeKey: string;
}

function read(texts: readonly string[], idKey: string, timeKey: string): Seed[] {
	return texts.map((raw) => {
		const value = (key: string) => JSON.parse(member(raw, key)!) as string;
		return { id: value(idKey), micros: parseMicros(value(timeKey))!, raw, timeKey };
	});
}

function moved({ id, micros, raw, timeKey }: Seed, shift: number): { id: string; micros: number; raw: string } {
	if (shift === 0) return { id, micros, raw };
	return { id, micros: micros + shift, raw: replaced(raw, timeKey, JSON.stringify(formatMicros(micros + shift))) };
}
