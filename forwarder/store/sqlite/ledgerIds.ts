/**
 * Which ids the ledger holds, whatever the time they are listed with. The ledger is ordered by time, and an order of ids beside it
 * would touch as many pages of the file as there are events: four times the cost of a commit, measured. So a filter in memory
 * answers for nearly every id that is new, and only what it does not rule out is looked for in the file: at its own time first, which
 * finds what a coarse filter of the provider lists again, then in one pass through the ledger. The file decides: a filter
 * that still holds what was forgotten since costs a look, never an event.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { EventKey, Nanos } from '../../../core/contract';
import { IdFilter, type IdHash } from '../idFilter';
import { hashOf } from '../idFilter';
import { prepared } from './prepared';

/** Rows that are read at once to fill the filter. */
const CHUNK = 100_000;
const LEAST = 1_024;
const LAST: Nanos = 2n ** 63n - 1n;

export interface LedgerIds {
	/** The ids of those that the ledger holds. */
	among(events: readonly EventKey[]): string[];
	/** What is being added to the ledger. */
	add(id: string): IdHash;
	/** Rows were taken out of the ledger. */
	forgot(): void;
}

export function openLedgerIds(db: DatabaseSync, stream: string): LedgerIds {
	const count = prepared(db, 'SELECT count(*) AS n FROM ledger WHERE stream = ?');
	const after = prepared(db, 'SELECT time FROM ledger WHERE stream = ? AND time >= ? ORDER BY time LIMIT 1 OFFSET ?');
	after.setReadBigInts(true);
	const part = prepared(
		db,
		`SELECT json_group_array((id >> 32) & 4294967295) AS high, json_group_array(id & 4294967295) AS low
		 FROM ledger WHERE stream = ? AND time BETWEEN ? AND ?`,
	);
	const atItsTime = prepared(
		db,
		`SELECT key AS at FROM json_each(?)
		 WHERE EXISTS (SELECT 1 FROM ledger WHERE stream = ? AND time = value ->> 0 AND id = value ->> 1)`,
	);
	const anywhere = prepared(db, 'SELECT id FROM ledger WHERE stream = ? AND id IN (SELECT value FROM json_each(?))');
	anywhere.setReadBigInts(true);
	let filter: IdFilter | undefined;
	let hasForgotten = false;
	/** Of the last events asked for: what is new among them is added next. */
	let hashes = new Map<string, IdHash>();

	function filled(): IdFilter {
		const n = Number(count.get(stream)?.['n']);
		const result = new IdFilter(Math.max(LEAST, n + (n >> 1)));
		const timeAfter = (from: Nanos, rows: number) => after.get(stream, from, rows)?.['time'] as Nanos | undefined;
		for (let from = timeAfter(-LAST, 0); from !== undefined;) {
			const next: Nanos | undefined = timeAfter(from + 1n, CHUNK);
			const { high, low } = part.get(stream, from, next === undefined ? LAST : next - 1n) as Record<string, string>;
			const [highs, lows] = [JSON.parse(high!) as number[], JSON.parse(low!) as number[]];
			highs.forEach((one, index) => result.add({ high: one, low: lows[index]! }));
			from = next;
		}
		return result;
	}

	function inFile(events: readonly (EventKey & IdHash)[]): readonly EventKey[] {
		const asked = events.map(({ time, short }) => `[${time},${short}]`);
		const found = new Set(atItsTime.all(`[${asked.join(',')}]`, stream).map(({ at }) => at as number));
		const rest = events.filter((_, index) => !found.has(index));
		if (rest.length === 0) return events;
		const rows = anywhere.all(stream, `[${rest.map(({ short }) => short).join(',')}]`);
		const elsewhere = new Set(rows.map(({ id }) => id as bigint));
		// what was forgotten is listed again: without it in the filter, the next page costs no such pass
		if (hasForgotten && rest.some(({ short }) => !elsewhere.has(short))) filter = undefined;
		return events.filter(({ short }, index) => found.has(index) || elsewhere.has(short));
	}

	return {
		among(events) {
			if (events.length === 0) return [];
			if (!filter || filter.isFull) {
				filter = filled();
				hasForgotten = false;
			}
			const mayHold = filter.mayHold.bind(filter);
			hashes = new Map(events.map(({ id }) => [id, hashOf(id)]));
			const maybe = events.map(({ id, time }) => ({ id, time, ...hashes.get(id)! })).filter(mayHold);
			return maybe.length === 0 ? [] : inFile(maybe).map(({ id }) => id);
		},
		add(id) {
			const known = hashes.get(id) ?? hashOf(id);
			filter?.add(known);
			return known;
		},
		forgot: () => void (hasForgotten = true),
	};
}
