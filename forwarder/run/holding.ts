/** What a process works on at a moment: everything, or the shards that it holds. Seen as one, for health, metrics and the status page. */
import type { SourceConfig } from '../config/types';
import type { DeliveryStatus } from '../delivery/health';
import type { Nanos } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import { StaleLeaseError } from '../store/contract';
import type { DestinationSummary, Summary } from '../store/summary';
import type { Refused } from './readings';
import type { Relay } from './relay';
import type { WatchedStore, WriteFailure } from './watchStore';

export interface Holding {
	sources(): readonly SourceConfig[];
	/** Sources that cannot be read as they are configured, by name. */
	refused(): ReadonlyMap<string, Refused>;
	/** By source. */
	domains(): ReadonlyMap<string, Domain>;
	/** By destination. */
	deliveries(): ReadonlyMap<string, DeliveryStatus>;
	summary(): Promise<Summary>;
	isFull(): boolean;
	isDiskLow(): boolean;
	/** Absent when the last write succeeded, or when there was none yet. */
	failure(): WriteFailure | undefined;
	setAside?: string;
}

export function holdingOf(relay: Pick<Relay, 'status'>, watched: WatchedStore): Holding {
	const { store, failure } = watched;
	return {
		sources: () => relay.status().sources,
		refused: () => relay.status().refused,
		domains: () => relay.status().domains,
		deliveries: () => relay.status().deliveries,
		summary: () => store.summary(),
		isFull: () => store.isFull(),
		isDiskLow: () => store.isDiskLow(),
		failure,
		...(store.setAside !== undefined && { setAside: store.setAside }),
	};
}

/** @param all those that are held now */
export function together(all: () => readonly Holding[]): Holding {
	const some = (test: (holding: Holding) => boolean) => all().some(test);
	return {
		sources: () => all().flatMap((holding) => holding.sources()),
		refused: () => new Map(all().flatMap((holding) => [...holding.refused()])),
		domains: () => new Map(all().flatMap((holding) => [...holding.domains()])),
		deliveries: () => merged(all().map((holding) => holding.deliveries())),
		summary: async () => summed(await Promise.all(all().map((holding) => holding.summary().catch(nothingOfLost)))),
		isFull: () => some((holding) => holding.isFull()),
		isDiskLow: () => some((holding) => holding.isDiskLow()),
		failure: () =>
			all()
				.flatMap((holding) => holding.failure() ?? [])
				.sort((a, b) => b.at - a.at)[0],
	};
}

/** It was given back or lost at this moment. */
function nothingOfLost(error: unknown): Summary {
	if (error instanceof StaleLeaseError) return { streams: [], destinations: [], past: [], unseen: [], paused: [] };
	throw error;
}

/** How the receiver is doing is the same for all of them; what is being sent is not. */
function merged(each: readonly ReadonlyMap<string, DeliveryStatus>[]): Map<string, DeliveryStatus> {
	const result = new Map<string, DeliveryStatus>();
	for (const [name, status] of each.flatMap((one) => [...one])) {
		const known = result.get(name);
		result.set(name, known ? { ...known, inFlight: { ...known.inFlight, ...status.inFlight } } : status);
	}
	return result;
}

function summed(each: readonly Summary[]): Summary {
	const destinations = new Map<string, DestinationSummary>();
	for (const one of each.flatMap((summary) => summary.destinations)) {
		const known = destinations.get(one.name);
		destinations.set(one.name, known ? added(known, one) : one);
	}
	return {
		streams: each.flatMap(({ streams }) => streams).sort(byName),
		destinations: [...destinations.values()].sort(byName),
		past: each.flatMap(({ past }) => past),
		unseen: each.flatMap(({ unseen }) => unseen),
		paused: each.flatMap(({ paused }) => paused),
	};
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

function added(a: DestinationSummary, b: DestinationSummary): DestinationSummary {
	return {
		...((a.lastErrorAt ?? 0n) >= (b.lastErrorAt ?? 0n) ? { ...b, ...a } : { ...a, ...b }),
		waitingSince: earlier(a.waitingSince, b.waitingSince),
		shipped: a.shipped + b.shipped,
		waiting: a.waiting + b.waiting,
		deadLetters: a.deadLetters + b.deadLetters,
		doubtful: a.doubtful + b.doubtful,
	};
}

function earlier(a?: Nanos, b?: Nanos): Nanos | undefined {
	return a === undefined || (b !== undefined && b < a) ? b : a;
}
