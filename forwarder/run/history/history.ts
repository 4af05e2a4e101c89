/**
 * What happened in each step of a time that goes along, for each source or destination, in memory only. There is no timer: whoever writes
 * or reads first in a new step closes those before it.
 */
import { columnsFor, type Columns } from './columns';

/** Rows that are added at a time, at least. */
const MORE_ROWS = 16;
/** What a point can hold. */
const MOST_IN_FLIGHT = 0xffff;

export type Outcome = 'ok' | 'limited' | 'refused' | 'failed';

/** Lists of one point for each step, the oldest first; the last one is of the step that runs. Null: it was not watched yet, or not known. */
export interface Points {
	/** When the last step began, milliseconds since the epoch. */
	lastAt: number;
	stepMs: number;
	events: (number | null)[];
	/** Milliseconds. */
	lagMs: (number | null)[];
	requests: Record<Outcome, (number | null)[]>;
	/** Milliseconds, in whole seconds. */
	pausedMs: (number | null)[];
	/** The most at one time. */
	inFlight: (number | null)[];
}

/** What is told as it happens. */
export interface Recorder {
	events(name: string, count: number): void;
	/** The largest of a step is kept. */
	lag(name: string, ms: number): void;
	request(name: string, outcome: Outcome): void;
	/** From now on, for so long; 0 ends it. */
	pause(name: string, ms: number): void;
	/** From now on so many are. */
	inFlight(name: string, count: number): void;
	/** It is not watched any more. */
	forget(name: string): void;
}

export interface Steps {
	/** A whole number of seconds, and a minute at most. */
	stepMs: number;
	/** So many are kept, the one that runs included. */
	points: number;
}

/** An hour. */
export const MINUTES: Steps = { stepMs: 60_000, points: 60 };

export interface HistoryOptions {
	steps?: Steps;
	/** To make room for. */
	rows?: number;
	/** Asked at the end of each step how far something is behind, in milliseconds. Default: what `lag` was told. */
	lagAt?: (name: string, atMs: number) => number | undefined;
}

export class History implements Recorder {
	readonly #rows = new Map<string, number>();
	readonly #free: number[] = [];
	#columns: Columns;
	#capacity: number;
	readonly #steps: Steps;
	readonly #lagAt: NonNullable<HistoryOptions['lagAt']>;
	/** The one that runs, counted from the epoch. */
	#step: number;

	constructor(
		readonly now: () => number,
		{ steps = MINUTES, rows = 0, lagAt = () => undefined }: HistoryOptions = {},
	) {
		this.#steps = steps;
		this.#lagAt = lagAt;
		this.#step = Math.floor(now() / steps.stepMs);
		this.#capacity = rows;
		this.#columns = columnsFor(rows, steps.points);
	}

	events(name: string, count: number): void {
		const at = this.#point(name);
		this.#columns.points.events[at]! += count;
	}

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

	pause(name: string, ms: number): void {
		const now = this.#advance();
		const row = this.#row(name);
		const { pausedFrom, pausedUntil } = this.#columns;
		this.#countPause(row, now);
		pausedFrom[row] = now;
		pausedUntil[row] = ms > 0 ? Math.max(pausedUntil[row]!, now + ms) : now;
	}

	/** For how long it still pauses. */
	pausedMs(name: string): number {
		const row = this.#rows.get(name);
		return row === undefined ? 0 : Math.max(0, this.#columns.pausedUntil[row]! - this.now());
	}

	inFlight(name: string, count: number): void {
		const at = this.#point(name);
		const { points, flying } = this.#columns;
		flying[this.#row(name)] = count;
		points.inFlight[at] = Math.max(points.inFlight[at]!, Math.min(count, MOST_IN_FLIGHT));
	}

	/** How many are in flight. */
	flying(name: string): number {
		const row = this.#rows.get(name);
		return row === undefined ? 0 : this.#columns.flying[row]!;
	}

	names(): string[] {
		return [...this.#rows.keys()];
	}

	forget(name: string): void {
		const row = this.#rows.get(name);
		if (row === undefined) return;
		this.#rows.delete(name);
		this.#free.push(row);
	}

	/** Events in a minute, over the last five steps. */
	perMinute(name: string): number {
		const now = this.#advance();
		const row = this.#rows.get(name);
		if (row === undefined) return 0;
		const { points, since } = this.#columns;
		const full = Math.min(5, this.#step - since[row]!);
		let sum = 0;
		for (let back = 0; back <= full; back++) sum += points.events[this.#at(row, this.#step - back)]!;
		// what began a moment ago would seem to go on like that
		const { stepMs } = this.#steps;
		return (sum / Math.max(1, full + now / stepMs - this.#step)) * (60_000 / stepMs);
	}

	of(name: string): Points {
		const now = this.#advance();
		const row = this.#rows.get(name);
		if (row !== undefined) this.#countPause(row, now);
		const { points, since } = this.#columns;
		const { stepMs, points: count } = this.#steps;
		const first = row === undefined ? Infinity : since[row]!;
		const each = (read: (at: number) => number) =>
			Array.from({ length: count }, (_, index) => {
				const step = this.#step - count + 1 + index;
				return step < first ? null : read(this.#at(row!, step));
			});
		const lagMs = each((at) => points.lag[at]! - 1).map((seconds) =>
			seconds === null || seconds < 0 ? null : seconds * 1000,
		);
		if (row !== undefined) lagMs[count - 1] = this.#lagAt(name, now) ?? lagMs[count - 1]!;
		const requests = (outcome: Outcome) => each((at) => points[outcome][at]!);
		return {
			...{ lastAt: this.#step * stepMs, stepMs },
			events: each((at) => points.events[at]!),
			lagMs,
			requests: {
				ok: requests('ok'),
				limited: requests('limited'),
				refused: requests('refused'),
				failed: requests('failed'),
			},
			pausedMs: each((at) => points.paused[at]! * 1000),
			inFlight: each((at) => points.inFlight[at]!),
		};
	}

	#point(name: string): number {
		this.#advance();
		return this.#at(this.#row(name), this.#step);
	}

	#row(name: string): number {
		const known = this.#rows.get(name);
		if (known !== undefined) return known;
		const row = this.#free.pop() ?? this.#rows.size;
		if (row >= this.#capacity) {
			this.#capacity += Math.max(MORE_ROWS, Math.ceil(this.#capacity / 8));
			this.#columns = columnsFor(this.#capacity, this.#steps.points, this.#columns);
		}
		const { points, since, flying, pausedFrom, pausedUntil } = this.#columns;
		const count = this.#steps.points;
		for (const column of Object.values(points)) column.fill(0, row * count, (row + 1) * count);
		flying[row] = 0;
		since[row] = this.#step;
		pausedFrom[row] = pausedUntil[row] = 0;
		this.#rows.set(name, row);
		return row;
	}

	/** Closes the steps that are over. Returns the time, which never lies before the step that runs. */
	#advance(): number {
		const now = this.now();
		const { stepMs, points } = this.#steps;
		const step = Math.floor(now / stepMs);
		// set back by a little: the step goes on; by more: what is recorded would stand in the future
		if (step < this.#step - 1) this.#beginAnew(step);
		// after a long sleep only what is kept matters
		if (step - this.#step > points) this.#step = step - points;
		while (this.#step < step) this.#close();
		return Math.max(now, this.#step * stepMs);
	}

	#close(): void {
		const end = (this.#step + 1) * this.#steps.stepMs;
		const { lag } = this.#columns.points;
		for (const [name, row] of this.#rows) {
			const ms = this.#lagAt(name, end);
			if (ms !== undefined) lag[this.#at(row, this.#step)] = stored(ms);
			this.#countPause(row, end);
		}
		this.#step++;
		this.#clear();
	}

	#beginAnew(step: number): void {
		const { points, since, pausedFrom, pausedUntil } = this.#columns;
		for (const column of Object.values(points)) column.fill(0);
		for (const row of this.#rows.values()) {
			since[row] = step;
			pausedFrom[row] = pausedUntil[row] = 0;
		}
		this.#step = step;
		this.#clear();
	}

	/** What is in flight goes on in the step that begins. */
	#clear(): void {
		const { points, flying } = this.#columns;
		const columns = Object.values(points);
		for (const row of this.#rows.values()) {
			const at = this.#at(row, this.#step);
			for (const column of columns) column[at] = 0;
			points.inFlight[at] = Math.min(flying[row]!, MOST_IN_FLIGHT);
		}
	}

	#at(row: number, step: number): number {
		const { points } = this.#steps;
		return row * points + (step % points);
	}

	/** Up to an instant of the step that runs. */
	#countPause(row: number, until: number): void {
		const { points, pausedFrom, pausedUntil } = this.#columns;
		const from = Math.max(pausedFrom[row]!, this.#step * this.#steps.stepMs);
		const seconds = Math.floor((Math.min(until, pausedUntil[row]!) - from) / 1000);
		if (seconds <= 0) return;
		pausedFrom[row] = from + seconds * 1000;
		const at = this.#at(row, this.#step);
		points.paused[at] = Math.min(this.#steps.stepMs / 1000, points.paused[at]! + seconds);
	}
}

/** Seconds + 1: 0 stands for not known. */
const stored = (ms: number) => Math.min(0xffffffff, Math.round(ms / 1000) + 1);
