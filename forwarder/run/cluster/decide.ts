/** What to do after a beat, from nothing but what was seen. A mistake here costs repeats or delay, never an event: each write is fenced. */
import { POISON } from '../../store/cluster';
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
	readonly living: readonly WorkerRow[];
	readonly unowned: number;
	/** Left alone for a while, because their owners keep ending. */
	readonly poisoned: readonly number[];
}

export function decide(situation: Situation): Decision {
	const { me, view, seen, now, held } = situation;
	const lost = lostOf(held, me, view);
	const counted = count(situation, new Set([...held.keys()].filter((shard) => !lost.includes(shard))));
	const beats = new Map(view.workers.map(({ id, beat }) => [id, beat]));
	const isDone = ({ id }: WorkerRow) => id !== me && seen.isDead(id, now) && counted.owned(id) === 0;
	return {
		lost,
		take: taken(situation, counted).map(({ shard, epoch, owner }) => {
			const beat = beats.get(owner ?? '');
			return { shard, epoch, owner, ...(beat !== undefined && { beat }) };
		}),
		release: given(situation, counted),
		bury: view.workers.filter(isDone),
		share: counted.share,
		living: counted.living,
		unowned: view.shards.filter(({ owner }) => owner === null || seen.isDead(owner, now)).length,
		poisoned: counted.free.filter((row) => isLeftAlone(row, situation)).map(({ shard }) => shard),
	};
}

/** What of this others have by now. */
export function lostOf(held: ReadonlyMap<number, Lease>, me: string, { shards }: View): number[] {
	const isLost = ({ shard, owner, epoch }: ShardRow) =>
		held.has(shard) && (owner !== me || held.get(shard)!.epoch !== epoch);
	return shards.filter(isLost).map(({ shard }) => shard);
}

interface Counted {
	/** Who shares the work: those that leave, and commands, do not. */
	living: readonly WorkerRow[];
	share: number;
	/** Of others in the table, and of nobody: to be had. */
	free: readonly ShardRow[];
	/** Ours in the table, but not at hand: a take whose answer did not come, or a relay that ended. */
	again: readonly ShardRow[];
	/** At hand, and not being given back. */
	kept: readonly ShardRow[];
	owned(id: string): number;
	isWanted(row: ShardRow): boolean;
}

function count({ me, view, seen, now, releasing }: Situation, mine: ReadonlySet<number>): Counted {
	const isAlive = (id: string) => id === me || (view.workers.some((row) => row.id === id) && !seen.isDead(id, now));
	const living = view.workers.filter(
		({ id, leaving, drained, command }) => !leaving && !drained && !command && isAlive(id),
	);
	const isWanted = ({ wantedBy }: ShardRow) => wantedBy !== null && wantedBy !== me && isAlive(wantedBy);
	const others = view.shards.filter((row) => !mine.has(row.shard) && !isWanted(row));
	return {
		living,
		share: Math.ceil(view.shards.length / Math.max(1, living.length)),
		free: others.filter(({ owner }) => owner === null || (owner !== me && seen.isDead(owner, now))),
		again: others.filter(({ owner }) => owner === me),
		kept: view.shards.filter(({ shard }) => mine.has(shard) && !releasing.has(shard)),
		owned: (id) => view.shards.filter(({ owner }) => owner === id).length,
		isWanted,
	};
}

function taken(situation: Situation, { living, share, free, again, kept, owned }: Counted): ShardRow[] {
	const { me, seen, now, beatMs } = situation;
	if (!living.some(({ id }) => id === me)) return [];
	const open = free.filter((row) => !isLeftAlone(row, situation));
	const roomOf = (id: string) => Math.max(0, share - (id === me ? kept.length + again.length : owned(id)));
	// who sees the same takes another part of it, so that they do not meet
	const before = living.filter(({ id }) => id < me).reduce((sum, { id }) => sum + roomOf(id), 0);
	// not all at once when we are the first: the others are about to come
	const part = open.slice(before, before + Math.min(roomOf(me), Math.ceil(share / 2)));
	// the share is a wish, and an unowned shard is a fault
	const isOverdue = (row: ShardRow) => !part.includes(row) && seen.freeFor(row.shard, now) > OVERDUE * beatMs;
	return [...again, ...part, ...open.filter(isOverdue)];
}

/** In beats: for so long it is left to those whose share it is. */
const OVERDUE = 1.5;

/** What is asked for, and one above the share while somebody who surely lives has less. */
function given({ me, seen, now, releasing, random }: Situation, counted: Counted): number[] {
	const { living, share, kept, owned, isWanted } = counted;
	const all = kept.map(({ shard }) => shard);
	if (!living.some(({ id }) => id === me)) return all;
	const wanted = kept.filter(isWanted).map(({ shard }) => shard);
	if (wanted.length > 0 || kept.length <= share || releasing.size > 0) return wanted;
	const hasRoom = living.some(({ id }) => id !== me && owned(id) < share && seen.isProven(id, now));
	return hasRoom ? [all[Math.floor(random() * all.length)]!] : [];
}

function isLeftAlone({ shard, owner, falls }: ShardRow, { seen, now, ttlMs }: Situation): boolean {
	return owner !== null && seen.freeFor(shard, now) < quarantine(falls, ttlMs);
}

/** After three owners that ended with it within ten minutes it may be what ends them: it waits, longer each time. */
function quarantine(falls: number, ttlMs: number): number {
	return falls < POISON ? 0 : Math.min(10 * 60_000, ttlMs * 2 ** (falls - POISON));
}
