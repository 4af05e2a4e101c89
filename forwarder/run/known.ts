/** What a process knows of its sources and destinations beside the state, from what passes: for people who look. */
import type { Clock } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import { toMillis } from '../../core/time';
import type { StreamState } from '../../core/walk/contract';
import { applied } from '../../core/walk/state';
import type { Config, DestinationConfig, SourceConfig } from '../config/types';
import type { Verified } from '../store/verified';
import { History, type Outcome } from './history/history';
import type { Monitor } from './monitor';
import { createRecordTap, type RecordTap } from './recordTap';
import type { RelayReport } from './report';
import { withNotice, type Stop } from './stops';
import type { StoreListener } from './watchStore';

export interface Known {
	/** As they are configured now. */
	sources: Map<string, SourceConfig>;
	destinations: Map<string, DestinationConfig>;
	histories: Histories;
	/** Where the walk of each source is. */
	positions: ReadonlyMap<string, StreamState>;
	/** The last completeness check of each source. */
	checks: ReadonlyMap<string, { at: number; result: Verified }>;
	/** Answers of each destination, by status; `none`: no answer. */
	answers: ReadonlyMap<string, ReadonlyMap<string, number>>;
	/** When each destination took nothing, the newest first. */
	stops: ReadonlyMap<string, readonly Stop[]>;
	tap: RecordTap;
}

export interface Histories {
	/** Events: new ones, stored. Lag: of the watermark, behind the provider's clock. */
	sources: History;
	/** Events: records, acknowledged. Lag: how long they had waited. Pauses: halts. */
	destinations: History;
}

export interface Knowing {
	known: Known;
	report: RelayReport;
	store: StoreListener;
	/** These are configured now. */
	configured(sources: readonly SourceConfig[], destinations: readonly DestinationConfig[]): void;
	/** It is read from now on as it is configured here. */
	opened(source: SourceConfig, domain: Pick<Domain, 'onPause'>): void;
}

/** A halt lasts until it is told that it is over. */
const FOR_EVER_MS = 10 * 365 * 86_400_000;

export function createKnown(
	{ sources, destinations }: Pick<Config, 'sources' | 'destinations'>,
	clock: Clock,
	monitor: Pick<Monitor, 'of'>,
): Knowing {
	/** What ends listening to the pauses of each source. */
	const pauses = new Map<string, () => void>();
	const positions = new Map<string, StreamState>();
	const answers = new Map<string, Map<string, number>>();
	const stops = new Map<string, readonly Stop[]>();
	const checks = new Map<string, { at: number; result: Verified }>();
	const now = () => clock.now();
	const lagAt = (name: string, atMs: number) => {
		const position = positions.get(name);
		return position && Math.max(0, atMs + (monitor.of(name).skewMs ?? 0) - toMillis(position.watermark));
	};
	const histories = { sources: new History(now, sources.length, lagAt), destinations: new History(now) };
	const known: Known = {
		sources: new Map(sources.map((one) => [one.name, one])),
		destinations: new Map(destinations.map((one) => [one.name, one])),
		...{ histories, positions, checks, answers, stops },
		tap: createRecordTap(clock, (source) => known.sources.get(source)?.provider),
	};
	return {
		known,
		configured(sources, destinations) {
			replace(known.sources, sources);
			replace(known.destinations, destinations);
		},
		opened(source, domain) {
			const { name } = source;
			known.sources.set(name, source);
			pauses.get(name)?.();
			pauses.set(
				name,
				domain.onPause((ms) => histories.sources.pause(name, ms)),
			);
		},
		store: {
			loaded: (stream, state) => void positions.set(stream, state),
			committed(stream, change) {
				const before = positions.get(stream);
				if (before) positions.set(stream, applied(before, change));
				if (change.fresh?.length) histories.sources.events(stream, change.fresh.length);
				known.tap.committed(stream, change);
			},
		},
		report: {
			requested({ to, name, source = name, status }) {
				const isProvider = to === 'provider';
				histories[isProvider ? 'sources' : 'destinations'].request(source, outcomeOf(status));
				if (isProvider) return;
				const counts = answers.get(name) ?? new Map<string, number>();
				answers.set(name, counts);
				const key = String(status ?? 'none');
				counts.set(key, (counts.get(key) ?? 0) + 1);
			},
			delivery(destination, notice) {
				const before = stops.get(destination) ?? [];
				const after = withNotice(before, notice, clock.now());
				if (after !== before) stops.set(destination, after);
				const history = histories.destinations;
				if (notice.kind === 'acknowledged') {
					history.events(destination, notice.shipped);
					history.lag(destination, Math.max(0, clock.now() - toMillis(notice.observed)));
				} else if (notice.kind === 'halted') history.pause(destination, FOR_EVER_MS);
				else if (notice.kind === 'resumed') history.pause(destination, 0);
			},
			verify(source, notice) {
				if (notice.kind !== 'failed') checks.set(source, { at: clock.now(), result: notice.result });
			},
		},
	};
}

function replace<T extends { name: string }>(map: Map<string, T>, by: readonly T[]): void {
	map.clear();
	for (const one of by) map.set(one.name, one);
}

function outcomeOf(status: number | undefined): Outcome {
	if (status === undefined || status >= 500) return 'failed';
	if (status === 429) return 'limited';
	return status >= 300 ? 'refused' : 'ok';
}
