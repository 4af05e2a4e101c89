/** What to do after a beat: pure, from what was seen. A mistake here costs repeats or delay, never an event: each write is fenced. */
import type { Lease, Seen, ShardRow, View, WorkerRow } from '../../store/lease';
import type { Observations } from './observations';

export interface Situation {
	readonly me: string;
	readonly view: View;
	readonly seen: Observations;
	/** When the beat began. */
	readonly now: number;
	readonly beatMs: number;
	readonly ttlMs: number;
	/** What we hold, and what of it we are giving back already. */
	readonly held: ReadonlyMap<number, Lease>;
	readonly releasing: ReadonlySet<number>;
	/** At least 0, below 1. */
	readonly random: () => number;
}

export interface Decision {
	/** Others have them. */
	readonly lost: readonly number[];
	readonly take: readonly Seen[];
	readonly release: readonly number[];
	/** Dead, and owners of nothing. */
	readonly bury: readonly WorkerRow[];
	/** For people. */
	readonly share: number;
	readonly living: number;
	readonly unowned: number;
	/** Left alone for a while, because their owners keep ending. */
	readonly poisoned: readonly number[];
}

export function decide(situation: Situation): Decision {
	const { me, view, seen, now, held, releasing } = situation;
	const worker = new Map(view.workers.map((row) => [row.id, row]));
	const isAlive = (id: string) => worker.has(id) && !seen.isDead(id, now);
	const counts = ({ id, leaving: leaves, drained, command }: WorkerRow) =>
		!leaves && !drained && !command && (id === me || isAlive(id));

	const isLost = ({ shard, owner, epoch }: ShardRow) =>
		held.has(shard) && (owner !== me || held.get(shard)!.epoch !== epoch);
	const lost = view.shards.filter(isLost).map(({ shard }) => shard);
	const mine = new Set([...held.keys()].filter((shard) => !lost.includes(shard)));

	const living = view.workers.filter(counts);
	const share = Math.ceil(view.shards.length / Math.max(1, living.length));
	const isDrained = !living.some(({ id }) => id === me);

	// ours in the table, but not at hand: a take whose answer did not come, or a relay that ended
	const isAgain = ({ shard, owner }: ShardRow) => owner === me && !mine.has(shard);
	const isFree = ({ owner }: ShardRow) => owner === null || seen.isDead(owner, now);
	const isWanted = ({ wantedBy }: ShardRow) => wantedBy !== null && wantedBy !== me && isAlive(wantedBy);
	const free = view.shards.filter((row) => isFree(row) && !mine.has(row.shard) && !isWanted(row));
	seen.noteFree(
		free.map(({ shard }) => shard),
		now,
	);
	const waits = (row: ShardRow) =>
		row.owner !== null && seen.freeFor(row.shard, now) < quarantine(row.falls, situation.ttlMs);
	const poisoned = free.filter(waits);
	const open = shuffled(
		free.filter((row) => !waits(row)),
		situation.random,
	);
	const again = view.shards.filter((row) => isAgain(row) && !isWanted(row));
	const keeps = mine.size - releasing.size;
	// not all at once when we are the first: the others are about to come
	const room = Math.min(Math.max(0, share - keeps - again.length), Math.ceil(share / 2));
	// the share is a wish, and an unowned shard is a fault
	const isOverdue = (row: ShardRow) => seen.freeFor(row.shard, now) > 1.5 * situation.beatMs;
	const taken = isDrained ? [] : [...again, ...open.slice(0, room), ...open.slice(room).filter(isOverdue)];

	return {
		lost,
		take: taken.map(({ shard, epoch, owner }) => {
			const beat = owner === null ? undefined : worker.get(owner)?.beat;
			return { shard, epoch, owner, ...(beat !== undefined && { beat }) };
		}),
		release: isDrained
			? [...mine].filter((shard) => !releasing.has(shard))
			: given(situation, mine, keeps, share, isWanted, living),
		bury: view.workers.filter(
			({ id }) => id !== me && seen.isDead(id, now) && !view.shards.some(({ owner }) => owner === id),
		),
		share,
		living: living.length,
		unowned: view.shards.filter(isFree).length,
		poisoned: poisoned.map(({ shard }) => shard),
	};
}

/** What is asked for, and one above the share while somebody who surely lives has less. */
function given(
	{ me, view, seen, now, releasing, random }: Situation,
	mine: ReadonlySet<number>,
	keeps: number,
	share: number,
	isWanted: (row: ShardRow) => boolean,
	living: readonly WorkerRow[],
): number[] {
	const mayGo = view.shards.filter(({ shard }) => mine.has(shard) && !releasing.has(shard));
	const wanted = mayGo.filter(isWanted).map(({ shard }) => shard);
	if (wanted.length > 0 || keeps <= share || releasing.size > 0) return wanted;
	const owned = (id: string) => view.shards.filter(({ owner }) => owner === id).length;
	const hasRoom = living.some(({ id }) => id !== me && seen.isProven(id, now) && owned(id) < share);
	return hasRoom
		? shuffled(mayGo, random)
				.slice(0, 1)
				.map(({ shard }) => shard)
		: [];
}

/** After three owners that ended with it within ten minutes it may be what ends them: it waits, longer each time. */
function quarantine(falls: number, ttlMs: number): number {
	return falls < 3 ? 0 : Math.min(10 * 60_000, ttlMs * 2 ** (falls - 3));
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
	return items
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map(({ item }) => item);
}
