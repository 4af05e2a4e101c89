/** Loads the fixture events into logs, as they are or moved in time. */
import { entries, sandboxNames, type SandboxName } from './entries';
import type { Entry } from './entry';
import { eventLog, type EventLog } from './eventLog';
import { member, replaced } from './rawJson';
import { formatMicros, parseMicros } from './time';

export type SeededLogs = Readonly<Record<SandboxName, EventLog>>;

/**
 * @param newestAt milliseconds; moves all events by the same distance, so that the newest of all providers
 * happened then. Without it every text stays as it is in the fixture.
 */
export function seededLogs(newestAt?: number): SeededLogs {
	const seeds = sandboxNames.map((name) => [name, read(entries[name].seed)] as const);
	const newest = Math.max(...seeds.flatMap(([, events]) => events.map(({ micros }) => micros)));
	const shift = newestAt === undefined ? 0 : Math.round(newestAt * 1000) - newest;
	const logs = seeds.map(([name, events]) => [name, eventLog(events.map((event) => moved(event, shift)))]);
	return Object.fromEntries(logs) as SeededLogs;
}

interface Seed {
	readonly id: string;
	readonly micros: number;
	readonly raw: string;
	readonly timeKey: string;
}

function read({ texts, idKey, timeKey }: Entry<never, never>['seed']): Seed[] {
	return texts.map((raw) => {
		const value = (key: string) => JSON.parse(member(raw, key)!) as string;
		return { id: value(idKey), micros: parseMicros(value(timeKey))!, raw, timeKey };
	});
}

function moved({ id, micros, raw, timeKey }: Seed, shift: number): { id: string; micros: number; raw: string } {
	if (shift === 0) return { id, micros, raw };
	return { id, micros: micros + shift, raw: replaced(raw, timeKey, JSON.stringify(formatMicros(micros + shift))) };
}
