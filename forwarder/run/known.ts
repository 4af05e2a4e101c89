/** What a process knows of its sources and destinations beside the state, from what passes: for people who look. */
import type { Clock } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import { toMillis } from '../../core/time';
import type { StreamState } from '../../core/walk/contract';
import { applied } from '../../core/walk/state';
import type { Config, DestinationConfig, SourceConfig } from '../config/types';
import type { Verified } from '../store/verified';
import type { Outcome } from './history/history';
import { FINE, Layers } from './history/layers';
import { lagOf } from './lag';
import type { Monitor } from './monitor';
import { createRecordTap, type RecordTap } from './recordTap';
import { sourcesOf } from './paused';
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
	sources: Layers;
	/** Events: records, acknowledged. Lag: how long they had waited. Pauses: halts. In flight: records in requests. */
	destinations: Layers;
	/** All sources of this process together, as `TOTAL`. Lag: of the one that is furthest behind. */
	total: Layers;
}

export const TOTAL = '';

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
	/** By a person: how far behind it is then is what he wants. */
	isPaused: (source: string) => boolean = () => false,
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
		if (!position) return undefined;
		const { start, watermark } = position;
		const { skewMs = 0, polls } = monitor.of(name);
		const isComplete = polls.succeeded > 0 || watermark > start;
		return lagOf({ watermark, latenessMs: known.sources.get(name)?.latenessMs ?? 0, isComplete }, atMs + skewMs);
	};
	let lastTotal: { atMs: number; most: number | undefined } | undefined;
	const totalLagAt = (_total: string, atMs: number) => {
		// exact at the end of a step; between, those who look every second must not have all sources looked through each time
		const isOld = !lastTotal || atMs < lastTotal.atMs || atMs - lastTotal.atMs >= FINE.stepMs;
		if (!isOld && atMs % FINE.stepMs !== 0) return lastTotal!.most;
		let most: number | undefined;
		for (const name of positions.keys()) {
			const lag = isPaused(name) ? undefined : lagAt(name, atMs);
			if (lag !== undefined && (most === undefined || lag > most)) most = lag;
		}
		lastTotal = { atMs, most };
		return most;
	};
	const histories = {
		sources: new Layers(now, { rows: sources.length, lagAt }),
		destinations: new Layers(now),
		total: new Layers(now, { rows: 1, lagAt: totalLagAt }),
	};
	const flying = new Map<string, number>();
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
			const isSource = (name: string) => sourcesOf(name).some((one) => known.sources.has(one));
			for (const name of positions.keys()) if (!isSource(name)) positions.delete(name);
			histories.sources.keep(isSource);
			histories.destinations.keep((name) => known.destinations.has(name));
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
			left: (stream) => void positions.delete(stream),
			committed(stream, change) {
				const before = positions.get(stream);
				if (before) positions.set(stream, applied(before, change));
				const fresh = change.fresh?.length ?? 0;
				if (fresh > 0) {
					histories.sources.events(stream, fresh);
					histories.total.events(TOTAL, fresh);
				}
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
			sending(destination, records) {
				const count = (flying.get(destination) ?? 0) + records;
				flying.set(destination, count);
				histories.destinations.inFlight(destination, count);
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
