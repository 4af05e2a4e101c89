/**
 * The sources that a relay reads. They come, change and go while it runs, without touching the others. One that cannot be opened
 * (its key is not there, its state belongs to another log) is kept aside and tried again.
 */
import { basename } from 'node:path';
import type { Source, Clock } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import type { Integrity, Provider } from '../../core/provider';
import { fromMillis } from '../../core/time';
import type { StreamStore } from '../../core/walk/contract';
import { SecretError } from '../config/files';
import { fingerprint, kept } from '../config/fingerprint';
import { limitGroup } from '../config/limitGroup';
import type { SourceConfig } from '../config/types';
import type { Store, StreamIdentity } from '../store/contract';
import { anotherLog, StreamRefused } from '../store/stateError';
import { createBackfiller, type Backfiller } from './backfill';
import { createCrew } from './crew';
import type { Gate, Gates } from './gates';
import type { Pauses } from './pauses';
import { createPoller, walkOptions, type Poller } from './poller';
import { firstPolls } from './pollTimes';
import type { RelayReport } from './report';
import { createVerifier } from './scheduledVerify';

export interface OpenSource {
	provider: Provider;
	source: Source;
	background: () => { source: Source; integrity?: Integrity };
	domain: Domain;
}

export interface ReadingsDeps {
	store: Store;
	clock: Clock;
	random: () => number;
	open: (source: SourceConfig) => Promise<OpenSource>;
	pauses: Pauses;
	/** Other processes may have polled a moment ago: what was polled before waits until it is due, and what is new takes its turn among all. */
	takeover?: { firstInMs: (source: SourceConfig) => number };
	/** Which sources a person has paused, or wants polled at once. */
	gates: Gates;
	report: RelayReport;
}

export interface Reading {
	config: SourceConfig;
	gate: Gate;
	poller: Poller;
	backfiller: () => Backfiller;
	domain: Domain;
}

/** A source that cannot be read now. */
export interface Refused {
	config: SourceConfig;
	error: Error;
	/** Milliseconds since the epoch. */
	sinceMs: number;
}

export interface Readings {
	/**
	 * Reads these, in this order, and no others. What is the same object as before goes on untouched. Before `run` it throws what is not the
	 * fault of a source; later that is tried again too.
	 */
	set(sources: readonly SourceConfig[]): Promise<void>;
	/** Until the signal aborts. Throws only what makes further writing wrong. */
	run(signal: AbortSignal): Promise<void>;
	all(): Reading[];
	get(source: string): Reading | undefined;
	/** By source; it may be read as it was before. */
	readonly refused: ReadonlyMap<string, Refused>;
}

/** How soon a key that was put in its place is found. */
const AGAIN_MS = 5_000;

export function createReadings(deps: ReadingsDeps): Readings {
	const { store, clock, report, pauses } = deps;
	const readings = new Map<string, Reading>();
	const refused = new Map<string, Refused>();
	const crew = createCrew();
	let order: readonly SourceConfig[] = [];
	let isRunning = false;
	let last: Promise<unknown> = Promise.resolve();

	/** One change after the other. */
	function next<T>(work: () => Promise<T>): Promise<T> {
		const result = last.then(work);
		last = result.catch(() => undefined);
		return result;
	}

	function refuse(config: SourceConfig, error: Error): void {
		const before = refused.get(config.name);
		refused.set(config.name, { config, error, sinceMs: before?.sinceMs ?? clock.now() });
		if (before?.error.message !== error.message) report.unusable?.(config.name, error.message);
	}

	async function end(name: string): Promise<void> {
		await crew.end(name);
		readings.delete(name);
	}

	/** Those that open; the others are refused. */
	async function opened(sources: readonly SourceConfig[]): Promise<{ config: SourceConfig; open: OpenSource }[]> {
		const each = await Promise.all(
			sources.map(async (config) => {
				const before = readings.get(config.name);
				// what the state would say when nobody holds it any more
				if (before && fingerprint(before.config) !== fingerprint(config))
					return void refuse(config, anotherLog(config.name));
				try {
					return { config, open: await deps.open(config) };
				} catch (error) {
					if (!(error instanceof SecretError)) throw error;
					return void refuse(config, error);
				}
			}),
		);
		return each.filter((one) => one !== undefined);
	}

	async function streamsOf(sources: readonly SourceConfig[]): Promise<Map<string, StreamStore>> {
		const left = [...sources];
		for (;;) {
			try {
				const streams = await store.streams(left.map(identityOf));
				return new Map(left.map(({ name }, at) => [name, streams[at]!]));
			} catch (error) {
				const at = error instanceof StreamRefused ? left.findIndex(({ name }) => name === error.stream) : -1;
				if (at < 0) throw error;
				refuse(left.splice(at, 1)[0]!, error as Error);
			}
		}
	}

	async function begin(sources: readonly SourceConfig[]): Promise<void> {
		const firstInMs = (!isRunning && deps.takeover?.firstInMs) || firstPolls(sources);
		try {
			const ready = await opened(sources);
			await Promise.all(ready.map(({ config }) => end(config.name)));
			const streams = await streamsOf(ready.map(({ config }) => config));
			const limits = new Map(ready.map(({ config, open }) => [limitGroup(config), open.domain]));
			if (ready.length > 0) await pauses.follow(limits);
			for (const { config, open } of ready) {
				const stream = streams.get(config.name);
				if (!stream) continue;
				const { work, ...reading } = readingOf(config, stream, open, firstInMs(config));
				readings.set(config.name, reading);
				crew.add(config.name, work);
				if (refused.delete(config.name)) report.usable?.(config.name);
			}
		} catch (error) {
			if (!isRunning) throw error;
			// the state cannot be asked now
			for (const config of sources) {
				if (readings.get(config.name)?.config !== config && !refused.has(config.name)) refuse(config, error as Error);
			}
		}
		share();
	}

	/** Of those with one key, the first says how often it may ask. */
	function share(): void {
		const told = new Set<Domain>();
		for (const { name } of order) {
			const reading = readings.get(name);
			if (!reading || told.has(reading.domain)) continue;
			told.add(reading.domain);
			reading.domain.setLimits(reading.config.rateLimit);
		}
	}

	function readingOf(config: SourceConfig, stream: StreamStore, open: OpenSource, firstInMs: number) {
		const { random } = deps;
		const { name, destinations } = config;
		const { provider, source, background, domain } = open;
		const ended = new AbortController();
		const gate = deps.gates.of(name);
		let past: readonly Promise<void>[] = [];
		const poller = createPoller({
			...{ provider, source, config, store: stream, gate, clock, random, firstInMs },
			isTakeover: deps.takeover !== undefined && !isRunning,
			...(store.setAside && { stateLost: `the state file was unreadable; it is kept as ${basename(store.setAside)}` }),
			note: (error) => store.notePoll(name, error),
			report,
		});
		const backfiller = (): Backfiller => {
			const filler = createBackfiller({
				...{ provider, clock, random, source: background().source, store: store.backfills({ name, destinations }) },
				options: { ...walkOptions({ config, provider }), lateness: fromMillis(config.pastLatenessMs) },
				pollIntervalMs: config.pollIntervalMs,
				report: (notice) => report.backfill?.(name, notice),
			});
			return {
				finish: filler.finish,
				run(signal) {
					const work = gate.during(AbortSignal.any([signal, ended.signal]), filler.run);
					past = [...past, work];
					return work.finally(() => (past = past.filter((one) => one !== work)));
				},
			};
		};
		const verifier =
			config.verifyEveryMs === undefined
				? undefined
				: createVerifier({
						...{ name, provider, clock, random, ...background() },
						everyMs: config.verifyEveryMs,
						verdicts: store.verdicts({ name, destinations }),
						latenessMs: config.pastLatenessMs,
						pollIntervalMs: config.pollIntervalMs,
						report: (notice) => report.verify?.(name, notice),
					});
		/** All that reads the source, so that nothing of it is under way when it has ended. */
		function work(signal: AbortSignal): Promise<unknown> {
			const polling = gate.during(signal, poller.run);
			const both = verifier ? Promise.all([polling, gate.during(signal, verifier.run)]) : polling;
			return both.finally(() => {
				ended.abort();
				return Promise.allSettled(past);
			});
		}
		return { config, gate, poller, backfiller, domain, work };
	}

	return {
		set: (sources) =>
			next(async () => {
				order = sources;
				const wanted = new Map(sources.map((source) => [source.name, source]));
				for (const [name, { config }] of refused) if (wanted.get(name) !== config) refused.delete(name);
				const gone = [...readings.keys()].filter((name) => !wanted.has(name));
				await Promise.all(gone.map(end));
				await begin(sources.filter((source) => readings.get(source.name)?.config !== source));
			}),

		async run(signal) {
			isRunning = true;
			const again = (async () => {
				while (!signal.aborted) {
					await clock.sleep(AGAIN_MS, signal);
					if (!signal.aborted && refused.size > 0)
						await next(() => begin([...refused.values()].map(({ config }) => config)));
				}
			})();
			await Promise.all([crew.run(signal), again]);
		},

		all: () => order.flatMap(({ name }) => readings.get(name) ?? []),
		get: (source) => readings.get(source),
		refused,
	};
}

function identityOf(config: SourceConfig): StreamIdentity {
	const { name, destinations, keepLedgerMs } = config;
	return {
		...{ name, destinations, fingerprint: fingerprint(config), settings: kept(config) },
		...(keepLedgerMs !== undefined && { keepLedger: fromMillis(keepLedgerMs) }),
	};
}
