/**
 * What happened in each minute of the last hour, for each source or destination: always recorded, in memory only. There is no timer:
 * whoever writes or reads first in a new minute closes those before it.
 */
import { columnsFor, MINUTES, type Columns } from './columns';

const MINUTE_MS = 60_000;
/** Rows that are added at a time, at least. */
const MORE_ROWS = 16;

export type Outcome = 'ok' | 'limited' | 'refused' | 'failed';

/** Lists of one point for each minute, the oldest first; the last one is of the minute that runs. Null: it was not watched yet, or not known. */
export interface Points {
	/** When the last minute began, milliseconds since the epoch. */
	lastAt: number;
	events: (number | null)[];
	/** Milliseconds. */
	lagMs: (number | null)[];
	requests: Record<Outcome, number[]>;
	/** Milliseconds, in whole seconds. */
	pausedMs: number[];
}

export class History {
	readonly #rows = new Map<string, number>();
	readonly #free: number[] = [];
	#columns: Columns;
	#capacity: number;
	/** The one that runs, counted from the epoch. */
	#minute: number;

	/**
	 * @param rows to make room for
	 * @param lagAt asked at the end of each minute how far something is behind, in milliseconds. Default: what `lag` was told
	 */
	constructor(
		readonly now: () => number,
		rows = 0,
		readonly lagAt: (name: string, atMs: number) => number | undefined = () => undefined,
	) {
		this.#minute = Math.floor(now() / MINUTE_MS);
		this.#capacity = rows;
		this.#columns = columnsFor(rows);
	}

	events(name: string, count: number): void {
		const at = this.#point(name);
		this.#columns.points.events[at]! += count;
	}

	/** The largest of a minute is kept. */
	lag(name: string, ms: number): void {
		const at = this.#point(name);
		const { lag } = this.#columns.points;
		lag[at] = Math.max(lag[at]!, stored(ms));
	}

	request(name: string, outcome: Outcome): void {
		const at = this.#point(name);
		const column = this.#columns.points[outcome];
		if (column[at]! < (outcome === 'ok' ? 0xffff : 0xff)) column[at]!++;
	}

	/** From now on, for so long; 0 ends it. */
	pause(name: string, ms: number): void {
		const now = this.#advance();
		const row = this.#row(name);
		const { pausedFrom, pausedUntil } = this.#columns;
		this.#countPause(row, now);
		pausedFrom[row] = now;
		pausedUntil[row] = ms > 0 ? Math.max(pausedUntil[row]!, now + ms) : now;
	}

	/** It is not watched any more. */
	forget(name: string): void {
		const row = this.#rows.get(name);
		if (row === undefined) return;
		this.#rows.delete(name);
		this.#free.push(row);
	}

	/** Events in a minute, over the last five. */
	perMinute(name: string): number {
		const now = this.#advance();
		const row = this.#rows.get(name);
		if (row === undefined) return 0;
		const { points, since } = this.#columns;
		const full = Math.min(5, this.#minute - since[row]!);
		let sum = 0;
		for (let back = 0; back <= full; back++) sum += points.events[pointOf(row, this.#minute - back)]!;
		// what began a moment ago would seem to go on like that
		return sum / Math.max(1, full + now / MINUTE_MS - this.#minute);
	}

	of(name: string): Points {
		const now = this.#advance();
		const row = this.#rows.get(name);
		if (row !== undefined) this.#countPause(row, now);
		const { points, since } = this.#columns;
		const first = row === undefined ? Infinity : since[row]!;
		const each = <T>(read: (at: number) => number, unknown: T) =>
			Array.from({ length: MINUTES }, (_, index) => {
				const minute = this.#minute - MINUTES + 1 + index;
				return minute < first ? unknown : read(pointOf(row!, minute));
			});
		const lagMs = each<number | null>((at) => points.lag[at]! - 1, null).map((seconds) =>
			seconds === null || seconds < 0 ? null : seconds * 1000,
		);
		if (row !== undefined) lagMs[MINUTES - 1] = this.lagAt(name, now) ?? lagMs[MINUTES - 1]!;
		const requests = (outcome: Outcome) => each((at) => points[outcome][at]!, 0);
		return {
			lastAt: this.#minute * MINUTE_MS,
			events: each<number | null>((at) => points.events[at]!, null),
			lagMs,
			requests: {
				ok: requests('ok'),
				limited: requests('limited'),
				refused: requests('refused'),
				failed: requests('failed'),
			},
			pausedMs: each((at) => points.paused[at]! * 1000, 0),
		};
	}

	#point(name: string): number {
		this.#advance();
		return pointOf(this.#row(name), this.#minute);
	}

	#row(name: string): number {
		const known = this.#rows.get(name);
		if (known !== undefined) return known;
		const row = this.#free.pop() ?? this.#rows.size;
		if (row >= this.#capacity) {
			this.#capacity += Math.max(MORE_ROWS, Math.ceil(this.#capacity / 8));
			this.#columns = columnsFor(this.#capacity, this.#columns);
		}
		const { points, since, pausedFrom, pausedUntil } = this.#columns;
		for (const column of Object.values(points)) column.fill(0, row * MINUTES, (row + 1) * MINUTES);
		since[row] = this.#minute;
		pausedFrom[row] = pausedUntil[row] = 0;
		this.#rows.set(name, row);
		return row;
	}

	/** Closes the minutes that are over. Returns the time, which never lies before the minute that runs. */
	#advance(): number {
		const now = this.now();
		const minute = Math.floor(now / MINUTE_MS);
		// set back by a little: the minute goes on; by more: what is recorded would stand in the future
		if (minute < this.#minute - 1) this.#beginAnew(minute);
		// after a long sleep only the last hour matters
		if (minute - this.#minute > MINUTES) this.#minute = minute - MINUTES;
		while (this.#minute < minute) this.#close();
		return Math.max(now, this.#minute * MINUTE_MS);
	}

	#close(): void {
		const end = (this.#minute + 1) * MINUTE_MS;
		const { lag } = this.#columns.points;
		for (const [name, row] of this.#rows) {
			const ms = this.lagAt(name, end);
			if (ms !== undefined) lag[pointOf(row, this.#minute)] = stored(ms);
			this.#countPause(row, end);
		}
		this.#minute++;
		this.#clear(this.#minute);
	}

	#beginAnew(minute: number): void {
		for (const column of Object.values(this.#columns.points)) column.fill(0);
		for (const row of this.#rows.values()) {
			this.#columns.since[row] = minute;
			this.#columns.pausedFrom[row] = this.#columns.pausedUntil[row] = 0;
		}
		this.#minute = minute;
	}

	#clear(minute: number): void {
		const columns = Object.values(this.#columns.points);
		for (const row of this.#rows.values()) for (const column of columns) column[pointOf(row, minute)] = 0;
	}

	/** Up to an instant of the minute that runs. */
	#countPause(row: number, until: number): void {
		const { points, pausedFrom, pausedUntil } = this.#columns;
		const from = Math.max(pausedFrom[row]!, this.#minute * MINUTE_MS);
		const seconds = Math.floor((Math.min(until, pausedUntil[row]!) - from) / 1000);
		if (seconds <= 0) return;
		pausedFrom[row] = from + seconds * 1000;
		const at = pointOf(row, this.#minute);
		points.paused[at] = Math.min(60, points.paused[at]! + seconds);
	}
}

const pointOf = (row: number, minute: number) => row * MINUTES + (minute % MINUTES);

/** Seconds + 1: 0 stands for not known. */
const stored = (ms: number) => Math.min(0xffffffff, Math.round(ms / 1000) + 1);
