/**
 * Finds the records that a receiver refused when it says how many and not which: parts of the request are sent again, and
 * counted. That is harmless where every record carries its id (`log.record.uid`). Pure: the caller sends.
 */

/** Records sent again, in requests. */
const BUDGET = 2;
/** Three parts for each refused record send half as much again as there is, whatever their number; two would send twice as much. */
const PARTS_PER_REFUSED = 3;
/** More are rarely single records at fault: what is too old, for instance, stands together. */
const MOST_PARTS = 16;

/**
 * A record is taken when some request that it was in was taken whole, and refused when one was refused whole and all counts
 * add up. What is neither is in doubt; nothing is ever concluded from a count alone.
 */
export class Search<T> {
	readonly taken: T[] = [];
	readonly refused: { item: T; message: string }[] = [];
	/** Why the rest is in doubt; absent when there is no rest. */
	failure?: string;
	readonly #all: readonly T[];
	readonly #rejected: number;
	/** The receiver's last words. */
	#words: string;
	#budget: number;
	/** Parts that hold refused records and others, to be cut. */
	readonly #mixed: Part<T>[] = [];
	/** What the one that was cut last holds, and what its parts have told so far. */
	#cut: Cut<T> = { parts: [], rejected: 0, found: 0, mixed: [], whole: [] };

	/** `rejected` and `message`: what was said about all of `items`. */
	constructor(items: readonly T[], rejected: number, message: string) {
		this.#all = items;
		this.#rejected = Math.min(rejected, items.length);
		this.#words = message;
		this.#budget = BUDGET * items.length;
		if (rejected >= items.length) this.refused = items.map((item) => ({ item, message }));
		else this.#mixed.push({ items, rejected });
	}

	/** What to send now, the same until it is answered. Undefined at the end. */
	next(): readonly T[] | undefined {
		if (this.failure !== undefined) return undefined;
		if (this.#cut.parts.length === 0) {
			const part = this.#mixed.pop();
			if (!part) return undefined;
			this.#cut = { parts: parts(part), rejected: part.rejected, found: 0, mixed: [], whole: [] };
		}
		return this.#cut.parts[0];
	}

	/** What was said about the records that `next` gave. */
	answered(rejected: number, message: string): void {
		const cut = this.#cut;
		const items = cut.parts.shift()!;
		this.#budget -= items.length;
		if (rejected > 0 && message) this.#words = message;
		if (rejected > 0 && isDuplicate(message)) return this.giveUp('it refuses what it already has');
		cut.found += rejected;
		if (rejected === 0) this.taken.push(...items);
		else if (rejected === items.length) cut.whole.push(...items.map((item) => ({ item, message })));
		else cut.mixed.push({ items, rejected });
		if (cut.found > cut.rejected || cut.found + size(cut.parts) < cut.rejected || rejected > items.length) {
			return this.giveUp('its counts changed when parts were sent again');
		}
		// all that is mixed is sent once more at least
		const least = size(cut.parts) + size([...cut.mixed, ...this.#mixed].map((part) => part.items));
		if (least > this.#budget) return this.giveUp('finding out would resend too much');
		if (cut.parts.length > 0) return;
		this.refused.push(...cut.whole);
		this.#mixed.push(...cut.mixed.reverse());
	}

	/** Leaves in doubt what is not found yet. */
	giveUp(why: string): void {
		this.failure ??= why;
	}

	/** Those that were neither taken nor refused, in their order. */
	get doubtful(): T[] {
		const known = new Set([...this.taken, ...this.refused.map(({ item }) => item)]);
		return this.#all.filter((item) => !known.has(item));
	}

	/** For people: what the receiver said, and why it is not known which records it meant. */
	get doubt(): string {
		const said = this.#words ? `: ${this.#words}` : '';
		return `${this.#rejected} of ${this.#all.length} records refused${said}; unknown which, because ${this.failure}`;
	}
}

interface Part<T> {
	items: readonly T[];
	rejected: number;
}

interface Cut<T> {
	/** Not answered yet. */
	parts: (readonly T[])[];
	/** How many were refused when all of them were one request, and how many were found in those that are answered. */
	rejected: number;
	found: number;
	mixed: Part<T>[];
	whole: { item: T; message: string }[];
}

/** Of about the same size. */
function parts<T>({ items, rejected }: Part<T>): T[][] {
	const count = Math.min(items.length, MOST_PARTS, PARTS_PER_REFUSED * rejected);
	const ends = Array.from({ length: count + 1 }, (_, index) => Math.round((index * items.length) / count));
	return ends.slice(1).map((end, index) => items.slice(ends[index], end));
}

function size(some: readonly (readonly unknown[])[]): number {
	return some.reduce((sum, { length }) => sum + length, 0);
}

/** Receivers that know ids refuse a copy: what they say of a part that is sent again says nothing about its records. */
export function isDuplicate(message: string): boolean {
	return /^status 409\b|duplicate|already (exist|ingested|indexed|present|received|stored)/i.test(message);
}

/** So many in a row that found nothing out: then what is refused in part is in doubt at once, without sending more. */
const HOPELESS = 3;

/** The searches of one receiver. */
export class Searches {
	#failed = 0;

	begin<T>(items: readonly T[], rejected: number, message: string): Search<T> {
		const search = new Search(items, rejected, message);
		if (this.#failed >= HOPELESS && search.refused.length === 0) {
			search.giveUp(`the last ${HOPELESS} searches found nothing`);
		}
		return search;
	}

	ended(search: Search<unknown>): void {
		this.#failed = search.failure === undefined ? 0 : this.#failed + 1;
	}

	/** A request was taken whole at once. */
	taken(): void {
		this.#failed = 0;
	}
}
