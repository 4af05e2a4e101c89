/** What one worker has itself seen of the others, on its own clock: no clock is compared with another's. */
import type { View } from '../../store/lease';

export class Observations {
	readonly #ttl: number;
	/** By worker: its last beat (absent: it is not in the table), and since when that has not changed. */
	readonly #beats = new Map<string, { beat: number | undefined; since: number; moved: boolean }>();
	/** By shard: since when nobody alive has it. */
	readonly #free = new Map<number, number>();

	constructor(ttlMs: number) {
		this.#ttl = ttlMs;
	}

	/**
	 * After a hole in our own beats nobody is known to be dead: the database may have been away for all. Without this the first one that
	 * is back would take everything.
	 */
	startOver(): void {
		this.#beats.clear();
		this.#free.clear();
	}

	/** @param at when the answer had come: no beat that it does not show yet is older */
	add({ workers, shards }: View, at: number): void {
		const owners = shards.flatMap(({ owner }) => owner ?? []);
		const known = new Map<string, number | undefined>(owners.map((id) => [id, undefined]));
		for (const { id, beat } of workers) known.set(id, beat);
		for (const id of this.#beats.keys()) if (!known.has(id)) this.#beats.delete(id);
		for (const [id, beat] of known) {
			const before = this.#beats.get(id);
			if (!before || before.beat !== beat) this.#beats.set(id, { beat, since: at, moved: before !== undefined });
		}
		for (const { shard, owner } of shards) {
			if (owner !== null && !this.isDead(owner, at)) this.#free.delete(shard);
			else if (!this.#free.has(shard)) this.#free.set(shard, at);
		}
	}

	/** @param now when the statement began that saw it last */
	isDead(id: string, now: number): boolean {
		const seen = this.#beats.get(id);
		return seen !== undefined && now - seen.since >= this.#ttl;
	}

	/** Its beat was seen to change: it is not the row of one that died before we came. */
	isProven(id: string, now: number): boolean {
		return this.#beats.get(id)?.moved === true && !this.isDead(id, now);
	}

	freeFor(shard: number, now: number): number {
		return Math.max(0, now - (this.#free.get(shard) ?? now));
	}
}
