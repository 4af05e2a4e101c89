/**
 * The leases of one worker: a beat that it raises, and what it does about what it sees with it. Taken after the counters of the Kinesis
 * client library: a worker is dead when others have themselves seen its beat unchanged for the whole time to live.
 */
import type { About, Lease, LeaseTable, Seen, View } from '../../store/lease';
import { decide, lostOf, type Decision } from './decide';
import { Observations } from './observations';

export interface LeasesDeps {
	id: string;
	table: LeaseTable;
	ttlMs: number;
	about: About;
	/** Milliseconds that only go forward. */
	now: () => number;
	/** The clock on the wall: it goes on while a whole machine is frozen. */
	wall: () => number;
	sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
	random: () => number;
	/** Bytes of events that wait in the shards that are held. */
	outbox: () => number;
	report?: LeaseReport;
}

export interface LeaseReport {
	/** `again`: it was ours and is taken anew. */
	taken?(leases: readonly Lease[], from: 'free' | 'dead' | 'again'): void;
	/** A beat or another statement. */
	failed?(error: unknown): void;
	/** Somebody else took it, or this is not the database any more that gave it to us. */
	lost?(shards: readonly number[]): void;
	/** Said once, as long as they are left alone. */
	poisoned?(shards: readonly number[]): void;
	/** After each beat that succeeded. */
	looked?(view: View, decision: Decision): void;
}

/** Who runs a relay for each shard. None of these may throw. */
export interface Holder {
	taken(lease: Lease): void;
	/** Stop at once: nothing of it can be stored any more. */
	lost(shard: number): void;
	/** Stop in order. Resolves when nothing of it moves any more. */
	release(shard: number): Promise<void>;
}

export interface LeaseStatus {
	id: string;
	held: readonly number[];
	/** Since the beginning of the last beat that succeeded. */
	beatAgeMs: number;
	view?: View;
	decision?: Decision;
}

export interface Leases {
	/** Until `signal` aborts; then gives everything back. Resolves when that is done. */
	run(signal: AbortSignal, holder: Holder): Promise<void>;
	/**
	 * Ask before each request to a provider and before each send: no other can have taken our shards yet. What the fence of the
	 * database cannot reach must have begun before that.
	 */
	mayAct(): boolean;
	/** Its relay has ended by itself, or does not know what was stored: it is taken anew, with another epoch. */
	renew(shard: number): void;
	/** Of all that share the database. Undefined before the first beat. */
	status(): LeaseStatus;
}

export const BEATS_PER_TTL = 5;
/** In beats: after a longer one nobody is known to be dead. */
const LONGEST_STEP = 2.5;
/** What is left of the time to live for clocks that do not run alike. */
const SELF_CHECK = 0.8;

export function createLeases(deps: LeasesDeps): Leases {
	const { id, table, ttlMs, now, wall, sleep, random, report = {} } = deps;
	const beatMs = ttlMs / BEATS_PER_TTL;
	const held = new Map<number, Lease>();
	const releasing = new Set<number>();
	const giving = new Set<Promise<unknown>>();
	const seen = new Observations(ttlMs);
	let beat = 0;
	/** The last beat that succeeded: when it began by both clocks, and when its answer had come. */
	let last: { began: number; beganWall: number; came: number } | undefined;
	let view: View | undefined;
	let decision: Decision | undefined;

	const age = () => (last ? Math.max(now() - last.began, wall() - last.beganWall) : Infinity);

	const told = (error: unknown): undefined => void report.failed?.(error);

	function forget(shard: number): void {
		held.delete(shard);
		releasing.delete(shard);
	}

	function drop(shards: readonly number[], holder: Holder): void {
		const known = shards.filter((shard) => held.has(shard));
		for (const shard of known) {
			forget(shard);
			holder.lost(shard);
		}
		if (known.length > 0) report.lost?.(known);
	}

	function give(shard: number, holder: Holder): void {
		const lease = held.get(shard)!;
		releasing.add(shard);
		const isOurs = () => held.get(shard) === lease;
		const given = holder
			.release(shard)
			// what cannot be given back is taken by others when our beat has stopped
			.then(() => (isOurs() ? table.release([lease]) : undefined))
			.catch(told)
			.finally(() => {
				giving.delete(given);
				if (isOurs()) forget(shard);
			});
		giving.add(given);
	}

	async function look(leaving: boolean): Promise<{ view: View; began: number }> {
		const [began, beganWall] = [now(), wall()];
		const self = { id, beat: ++beat, shards: held.size, outbox: deps.outbox(), leaving, command: false };
		let next: View;
		try {
			next = await table.beat({ ...self, about: deps.about });
		} catch (error) {
			seen.startOver();
			throw error;
		}
		const came = now();
		if (!last || came - last.came > LONGEST_STEP * beatMs) seen.startOver();
		last = { began, beganWall, came };
		seen.add(next, came);
		return { view: next, began };
	}

	async function once(holder: Holder): Promise<void> {
		const [before, alone] = [view?.server, decision?.poisoned ?? []];
		const looked = await look(false);
		({ view } = looked);
		if (before !== undefined && before !== view.server) drop([...held.keys()], holder);
		decision = decide({ me: id, view, seen, now: looked.began, beatMs, ttlMs, held, releasing, random });
		drop(decision.lost, holder);
		for (const shard of decision.release) give(shard, holder);
		report.looked?.(view, decision);
		const poisoned = decision.poisoned.filter((shard) => !alone.includes(shard));
		if (poisoned.length > 0) report.poisoned?.(poisoned);
		if (decision.take.length > 0) await take(decision.take, holder);
		if (decision.bury.length > 0) await table.bury(decision.bury);
	}

	async function take(wanted: readonly Seen[], holder: Holder): Promise<void> {
		const leases = await table.take(id, wanted);
		for (const lease of leases) {
			held.set(lease.shard, lease);
			holder.taken(lease);
		}
		for (const from of ['free', 'dead', 'again'] as const) {
			const some = leases.filter(({ shard }) => origin(wanted.find((one) => one.shard === shard)!.owner, id) === from);
			if (some.length > 0) report.taken?.(some, from);
		}
	}

	/** The others know of it before anything is free: so nothing comes back to us, and the shares are right at once. */
	async function leave(holder: Holder): Promise<void> {
		do {
			const looked = await look(true).catch(told);
			if (looked) drop(lostOf(held, id, looked.view), holder);
			for (const shard of held.keys()) if (!releasing.has(shard)) give(shard, holder);
			// taken without our having heard of it
			const ours = looked?.view.shards.filter(({ shard, owner }) => owner === id && !held.has(shard)) ?? [];
			if (ours.length > 0) await table.release(ours.map((row) => ({ ...row, owner: id }))).catch(told);
			await Promise.race([Promise.all(giving), sleep(beatMs)]);
		} while (giving.size > 0);
		await table.leave(id).catch(told);
	}

	return {
		async run(signal, holder) {
			while (!signal.aborted) {
				const began = now();
				const rest = await once(holder).then(
					() => beatMs - (now() - began),
					(error: unknown) => {
						report.failed?.(error);
						// there is little time
						return beatMs / 4;
					},
				);
				await sleep(Math.max(0, rest), signal);
			}
			await leave(holder);
		},
		mayAct: () => age() < SELF_CHECK * ttlMs,
		renew: forget,
		status: () => ({
			...{ id, held: [...held.keys()], beatAgeMs: age() },
			...(view && { view }),
			...(decision && { decision }),
		}),
	};
}

const origin = (owner: string | null, me: string) => (owner === null ? 'free' : owner === me ? 'again' : 'dead');
