/**
 * Which ids the ledger holds, whatever the time they are listed with. The ledger is ordered by time, and an order of ids beside it
 * would touch as many pages of the file as there are events: four times the cost of a commit, measured. So a filter in memory
 * answers for nearly every id that is new, and only what it does not rule out is looked for in the file: at its own time first, which
 * finds what a coarse filter of the provider lists again, then in one pass through the ledger. The file decides: a filter
 * that still holds what was forgotten since costs a look, never an event.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { EventKey, Nanos } from '../../../core/contract';
import { hashOf, IdFilter, type IdHash } from '../idFilter';
import { perDatabase, prepared } from './prepared';

/** Rows that are read at once to fill the filter. */
const CHUNK = 100_000;
/** Ids that there is room for at first: most of thousands of sources have few, and a filter takes 4 bytes for each. */
const LEAST = 128;
const LAST: Nanos = 2n ** 63n - 1n;

const statementsIn = perDatabase((db) => {
	const after = prepared(db, 'SELECT time FROM ledger WHERE stream = ? AND time >= ? ORDER BY time LIMIT 1 OFFSET ?');
	after.setReadBigInts(true);
	const anywhere = prepared(db, 'SELECT id FROM ledger WHERE stream = ? AND id IN (SELECT value FROM json_each(?))');
	anywhere.setReadBigInts(true);
	return {
		count: prepared(db, 'SELECT count(*) AS n FROM ledger WHERE stream = ?'),
		after,
		part: prepared(
			db,
			`SELECT json_group_array((id >> 32) & 4294967295) AS high, json_group_array(id & 4294967295) AS low
			 FROM ledger WHERE stream = ? AND time BETWEEN ? AND ?`,
		),
		atItsTime: prepared(
			db,
			`SELECT key AS at FROM json_each(?)
			 WHERE EXISTS (SELECT 1 FROM ledger WHERE stream = ? AND time = value ->> 0 AND id = value ->> 1)`,
		),
		anywhere,
	};
});

/** Of one stream. */
export class LedgerIds {
	readonly #db: DatabaseSync;
	readonly #stream: string;
	#filter: IdFilter | undefined;
	#hasForgotten = false;
	/** Of the events asked for since the last commit: what is new among them is added next. */
	#hashes: Map<string, IdHash> | undefined;

	constructor(db: DatabaseSync, stream: string) {
		this.#db = db;
		this.#stream = stream;
	}

	/** The ids of those that the ledger holds. */
	among(events: readonly EventKey[]): string[] {
		if (events.length === 0) return [];
		if (!this.#filter || this.#filter.isFull) {
			this.#filter = this.#filled();
			this.#hasForgotten = false;
		}
		const filter = this.#filter;
		const hashes = new Map(events.map(({ id }) => [id, hashOf(id)]));
		this.#hashes = hashes;
		const all = events.map(({ id, time }) => ({ id, time, ...hashes.get(id)! }));
		const maybe = all.filter((one) => filter.mayHold(one));
		return maybe.length === 0 ? [] : this.#inFile(maybe).map(({ id }) => id);
	}

	/** What is being added to the ledger. */
	add(id: string): IdHash {
		const known = this.#hashes?.get(id) ?? hashOf(id);
		this.#filter?.add(known);
		return known;
	}

	/** All of a page is added. */
	added(): void {
		this.#hashes = undefined;
	}

	/** Rows were taken out of the ledger. */
	forgot(): void {
		this.#hasForgotten = true;
	}

	#filled(): IdFilter {
		const stream = this.#stream;
		const { count, after, part } = statementsIn(this.#db);
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

	#inFile(events: readonly (EventKey & IdHash)[]): readonly EventKey[] {
		const { atItsTime, anywhere } = statementsIn(this.#db);
		const asked = events.map(({ time, short }) => `[${time},${short}]`);
		const found = new Set(atItsTime.all(`[${asked.join(',')}]`, this.#stream).map(({ at }) => at as number));
		const rest = events.filter((_, index) => !found.has(index));
		if (rest.length === 0) return events;
		const rows = anywhere.all(this.#stream, `[${rest.map(({ short }) => short).join(',')}]`);
		const elsewhere = new Set(rows.map(({ id }) => id as bigint));
		// what was forgotten is listed again: without it in the filter, the next page costs no such pass
		if (this.#hasForgotten && rest.some(({ short }) => !elsewhere.has(short))) this.#filter = undefined;
		return events.filter(({ short }, index) => found.has(index) || elsewhere.has(short));
	}
}
