/**
 * Which ids of a stream were stored. A filter in memory answers for nearly every id that is new, a cache of those that are likely to be listed
 * again for nearly every repeat. Only the rest is looked for in the database: in the pages of its own time first, which finds what a coarse
 * filter of the provider lists again, then in all of them, because an id is the same event at whatever time it is listed with.
 */
import type { Listed } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import { IdFilter, type IdHash } from '../idFilter';
import { hashesIn, hashOfName, unpacked, type Entry } from '../packedIds';
import { RecentIds } from './recentIds';
import { sql, type Sql } from './sql';

/** Pages that are read at once. */
const CHUNK = 2_000;
const LEAST = 256;

interface Place {
	day: string;
	shard: number;
	seq: bigint;
}

/** `hashes` alone when the times do not matter. */
export interface PageRow extends Place {
	n: number;
	dropped: number;
	times: Uint8Array;
	hashes: Uint8Array;
	others: Uint8Array;
}

export interface Pages {
	/** Of the stream, as far as they count. */
	where(): Sql;
	read<T>(what: Sql): Promise<T[]>;
}

export class KnownIds {
	readonly #pages: Pages;
	#filter?: IdFilter;
	#filling?: Promise<void>;
	readonly #recent = new RecentIds();
	/** Of the ids that were asked for since the last commit: what is new among them is stored next. */
	#asked: Map<string, IdHash> | undefined;

	constructor(pages: Pages) {
		this.#pages = pages;
	}

	/** The ids of those that were stored. */
	async among(elements: readonly Listed[], now: Nanos): Promise<Set<string>> {
		if (elements.length === 0) return new Set();
		await this.#filled();
		this.#asked = new Map(elements.map(({ id }) => [id, hashOfName(id)]));
		const asked = elements.map((element) => ({ ...element, ...this.hashOf(element.id) }));
		const maybe = asked.filter((one) => this.#filter!.mayHold(one));
		const rest = maybe.filter((one) => !this.#recent.has(one));
		if (rest.length > 0) {
			const found = await this.#inPages(rest, now);
			const missing = rest.filter(({ short }) => !found.has(short));
			if (missing.length > 0) {
				const others = new Set(missing.map(({ id }) => id));
				return new Set(maybe.flatMap(({ id }) => (others.has(id) ? [] : id)));
			}
		}
		return new Set(maybe.map(({ id }) => id));
	}

	hashOf(id: string): IdHash {
		return this.#asked?.get(id) ?? hashOfName(id);
	}

	/** What was just stored. Nothing tells when an event with an old time is listed again, so `now` counts as well. */
	add(events: readonly Entry[], others: readonly IdHash[], now: Nanos): void {
		this.#asked = undefined;
		for (const one of [...events, ...others]) this.#filter?.add(one);
		for (const one of events) this.#recent.add(one, one.time > now ? one.time : now);
		for (const one of others) this.#recent.add(one, now);
	}

	forgetBelow(time: Nanos): void {
		this.#recent.forgetBelow(time);
	}

	/** Ids were taken out of the pages, or the pages count no more. */
	forgot(): void {
		this.#filter = undefined;
		this.#filling = undefined;
		this.#recent.clear();
	}

	async #filled(): Promise<void> {
		if (this.#filter?.isFull) this.#filling = undefined;
		this.#filling ??= this.#fill().catch((error: unknown) => {
			this.#filling = undefined;
			throw error;
		});
		await this.#filling;
	}

	async #fill(): Promise<void> {
		const [count] = await this.#pages.read<{ n: bigint }>(
			sql`SELECT coalesce(sum(n + octet_length(others) / 8), 0) AS n FROM @pages ${this.#pages.where()}`,
		);
		const n = Number(count!.n);
		// what is stored meanwhile is added to it as well
		const filter = new IdFilter(Math.max(LEAST, n + (n >> 1)));
		this.#filter = filter;
		for await (const { hashes, others } of this.#all())
			for (const one of [...hashesIn(hashes), ...hashesIn(others)]) filter.add(one);
	}

	async *#all(): AsyncIterable<Pick<PageRow, 'hashes' | 'others'>> {
		for (let last: Place | undefined; ;) {
			const after = last
				? sql`AND (day, shard, seq) > (${last.day}::date, ${last.shard}::int, ${String(last.seq)}::bigint)`
				: sql``;
			const rows = await this.#pages.read<PageRow>(
				sql`SELECT day::text AS day, shard, seq, hashes, others FROM @pages ${this.#pages.where()} ${after}
					ORDER BY day, shard, seq LIMIT ${CHUNK}::int`,
			);
			yield* rows;
			if (rows.length < CHUNK) return;
			last = rows.at(-1);
		}
	}

	async #inPages(rest: readonly (Listed & IdHash)[], now: Nanos): Promise<Set<bigint>> {
		const found = await this.#atTheirTimes(rest, now);
		const elsewhere = new Map(rest.filter(({ short }) => !found.has(short)).map((one) => [one.short, one]));
		if (elsewhere.size === 0) return found;
		for await (const { hashes, others } of this.#all())
			for (const { short } of [...hashesIn(hashes), ...hashesIn(others)])
				if (elsewhere.has(short)) {
					found.add(short);
					this.#recent.add(elsewhere.get(short)!, now);
				}
		return found;
	}

	/** All ids of a page that is read stay at hand: what is listed next to one of them comes next. */
	async #atTheirTimes(rest: readonly (Listed & IdHash)[], now: Nanos): Promise<Set<bigint>> {
		const times = rest.flatMap(({ time }) => time ?? []).sort((a, b) => (a < b ? -1 : 1));
		if (times.length === 0) return new Set();
		const rows = await this.#pages.read<PageRow>(touching(this.#pages.where(), times));
		const entries = rows.flatMap(unpacked);
		for (const one of entries) this.#recent.add(one, now);
		const there = new Set(entries.map(({ short }) => short));
		return new Set(rest.flatMap(({ short }) => (there.has(short) ? short : [])));
	}
}

/** Pages that have one of these times between their first and their last. In order. */
export function touching(where: Sql, times: readonly Nanos[]): Sql {
	return sql`SELECT day::text AS day, shard, seq, n, dropped, times, hashes, others FROM @pages ${where} AND high >= ${times[0]!}::bigint AND low <= ${times.at(-1)!}::bigint
		AND EXISTS (SELECT 1 FROM unnest(${[...times]}::bigint[]) t WHERE t BETWEEN low AND high)`;
}
