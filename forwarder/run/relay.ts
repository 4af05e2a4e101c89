/** The forwarder as a whole: every source polled into the store, every destination served from it. */
import { basename } from 'node:path';
import type { StreamStore } from '../../core/walk/contract';
import type { WalkProgress } from '../../core/walk/walk';
import type { Clock, Nanos, Source } from '../../core/contract';
import type { Integrity, Provider } from '../../core/provider';
import type { Domain } from '../../core/http/politeness';
import { fromMillis } from '../../core/time';
import { formatDuration } from '../../core/durations';
import { fingerprint, kept } from '../config/fingerprint';
import { readSecrets } from '../config/secrets';
import type { Config, DestinationConfig, SourceConfig } from '../config/types';
import { createDelivery, type Delivery, type DeliveryNotice } from '../delivery/delivery';
import { createDestination, type Destination } from '../export/destination';
import type { DeliveryStatus } from '../delivery/health';
import type { Encode } from '../records/item';
import type { Action } from '../store/actions';
import type { Removed } from '../store/deadLetters';
import type { Store, StreamIdentity } from '../store/contract';
import { createVerifier, type Verifier, type VerifyNotice } from './scheduledVerify';
import { VERSION } from '../version';
import type { AfterFailure } from './afterFailure';
import { encoders } from './encoders';
import { noteHealth } from './noteHealth';
import type { Whereabouts } from './outageLog';
import { createBackfiller, type Backfiller, type BackfillNotice } from './backfill';
import { pass, type Reader } from './pass';
import { keepUp } from './upkeep';
import { firstPollInMs } from './pollTimes';
import { createPoller, walkOptions, type Poller } from './poller';

export interface RelayDeps {
	config: Config;
	store: Store;
	clock: Clock;
	/** At least 0, below 1. */
	random: () => number;
	env: Readonly<Record<string, string | undefined>>;
	open: (source: SourceConfig) => Promise<OpenSource>;
	report?: RelayReport;
}

/** What a person or a log may want to know. No secrets. */
export interface RelayReport {
	progress?(source: string, progress: WalkProgress): void;
	pollFailed?(source: string, failure: AfterFailure, tookMs: number): void;
	pollSucceeded?(source: string, tookMs: number): void;
	startAhead?(source: string, start: Nanos, aheadMs: number): void;
	delivery?(destination: string, notice: DeliveryNotice, whereabouts: Whereabouts): void;
	backfill?(source: string, notice: BackfillNotice): void;
	verify?(source: string, notice: VerifyNotice): void;
	/** A file with a key or a certificate cannot be used, and its last content is. */
	fileKept?(owner: { source: string } | { destination: string }, message: string): void;
	/** Somebody has changed the state by a command. */
	byHand?(action: Action): void;
	/** Dead letters were removed, because they were old enough. */
	expired?(removed: Removed): void;
	/** Upkeep of the state failed; it is tried again. */
	upkeepFailed?(message: string): void;
}

interface OpenSource {
	provider: Provider;
	source: Source;
	/** For background work, as the next one. */
	background: Source;
	integrity?: Integrity;
	domain: Domain;
}

export interface Relay {
	/** Until `stop` aborts, then for at most `graceMs` to ship what is safe already. */
	run(stop: AbortSignal, graceMs: number): Promise<void>;
	/**
	 * Reads every source to now and ships all of it. Returns what kept it from that: empty when all is acknowledged.
	 * A destination that accepts nothing for `patienceMs` is given up.
	 */
	once(stop: AbortSignal, patienceMs: number): Promise<string[]>;
	/** Begins a stream that was never polled, so that there is an end to fill up to. */
	begin(source: string): Promise<void>;
	/** Finishes the back-fill of one source, polls nothing, and ships all there is. Returns what kept it from that. */
	backfill(source: string, stop: AbortSignal): Promise<string[]>;
	/** As it is now, by name: the limiter of every source (shared by those with one key), how every destination is doing. */
	status(): { domains: ReadonlyMap<string, Domain>; deliveries: ReadonlyMap<string, DeliveryStatus> };
	close(): Promise<void>;
}

const DISK_LOW =
	'the disk of the state file is nearly full; make room on it. What is left would be needed to acknowledge';

/** While a provider answers page after page, several share a request and an acknowledgement. Too short for anybody to notice. */
const LINGER_MS = 20;

/** Throws `StateError` when the store holds another stream under the name of a source. */
export async function createRelay(deps: RelayDeps): Promise<Relay> {
	const { config, store, clock, report = {} } = deps;
	const streams = await store.streams(config.sources.map(identityOf));
	const pollers = await Promise.all(
		config.sources.map(async (source, at) => ({
			name: source.name,
			...(await openPoller(
				source,
				streams[at]!,
				deps,
				firstPollInMs(at, config.sources.length, source.pollIntervalMs),
			)),
		})),
	);
	const encodeFor = encoders({ config, clock, settings: await store.settings() });
	const outlets = config.destinations.map((destination) => outletOf(destination, encodeFor(destination), deps));
	store.onBatch(() => outlets.forEach(({ delivery }) => delivery.wake()));

	const of = (source: string) => pollers.find(({ name }) => name === source)!;

	const onePass = (stop: AbortSignal, readers: readonly Reader[], patienceMs: number, isFull = store.isFull) =>
		pass({
			readers,
			outlets: outlets.map(({ destination, delivery }) => ({ name: destination.name, delivery })),
			isFull,
			noRoom: async () => (store.isDiskLow() && !(await store.isWaiting()) ? DISK_LOW : undefined),
			clock,
			stop,
			patienceMs,
		});

	async function expire(): Promise<void> {
		const { keepDeadLettersMs: ms, sources } = config;
		if (ms === undefined) return;
		const why = `removed after ${formatDuration(ms)} (deadLetters.retention)`;
		const destinationsOf = (stream: string) => sources.find(({ name }) => name === stream)?.destinations ?? [];
		for (const removed of await store.expireLetters(fromMillis(ms), why, destinationsOf)) report.expired?.(removed);
	}

	return {
		async run(stop, graceMs) {
			const failed = new AbortController();
			const polling = AbortSignal.any([stop, failed.signal]);
			const shipping = new AbortController();
			const reading = pollers.flatMap(({ poller, backfiller, verifier }) => [
				poller.run(polling),
				backfiller.run(polling),
				...(verifier ? [verifier.run(polling)] : []),
			]);
			const upkeep = keepUp(
				{
					...{ store, clock, expire },
					onAction: (action) => report.byHand?.(action),
					onFailure: (message) => report.upkeepFailed?.(message),
				},
				polling,
			);
			const parts = [
				upkeep,
				...reading,
				...outlets.map(({ delivery }) => delivery.run(AbortSignal.any([shipping.signal, failed.signal]))),
			];
			// one part that must not go on stops all: it can only be a lost lease
			for (const part of parts) part.catch(() => failed.abort());
			await aborted(polling);
			await Promise.allSettled(reading);
			const drained = Promise.all(outlets.map(({ delivery }) => delivery.drain(shipping.signal)));
			await Promise.race([Promise.allSettled([drained]), clock.sleep(graceMs, shipping.signal)]);
			shipping.abort();
			await Promise.all(parts);
		},

		async once(stop, patienceMs) {
			await expire();
			const readers = pollers.map(({ name, poller }) => ({ name, read: poller.once }));
			return onePass(stop, readers, patienceMs);
		},
		begin: (source) => of(source).poller.begin(),
		// it may fill a part of the outbox only, and that is full soon
		backfill: (source, stop) =>
			onePass(stop, [{ name: source, read: of(source).backfiller.finish }], Infinity, () => true),

		status: () => ({
			domains: new Map(pollers.map(({ name, domain }) => [name, domain])),
			deliveries: new Map(outlets.map(({ destination, delivery }) => [destination.name, delivery.status()])),
		}),

		close: async () => {
			await Promise.allSettled(outlets.map(({ destination }) => destination.close()));
			await store.close();
		},
	};
}

interface Reading {
	poller: Poller;
	backfiller: Backfiller;
	/** Absent: switched off. */
	verifier?: Verifier;
	domain: Domain;
}

function identityOf(config: SourceConfig): StreamIdentity {
	const { name, destinations, keepLedgerMs } = config;
	return {
		...{ name, destinations, fingerprint: fingerprint(config), settings: kept(config) },
		...(keepLedgerMs !== undefined && { keepLedger: fromMillis(keepLedgerMs) }),
	};
}

async function openPoller(
	config: SourceConfig,
	stream: StreamStore,
	deps: RelayDeps,
	firstInMs: number,
): Promise<Reading> {
	const { store, clock, random, open, report = {} } = deps;
	const { name, destinations } = config;
	const { provider, source, background, integrity, domain } = await open(config);
	const poller = createPoller({
		provider,
		source,
		config,
		store: stream,
		...{ clock, random, firstInMs },
		...(store.setAside && { stateLost: `the state file was unreadable; it is kept as ${basename(store.setAside)}` }),
		note: (error) => store.notePoll(name, error),
		onProgress: (progress) => report.progress?.(name, progress),
		onFailure: (failure, tookMs) => report.pollFailed?.(name, failure, tookMs),
		onSuccess: (tookMs) => report.pollSucceeded?.(name, tookMs),
		onStartAhead: (start, aheadMs) => report.startAhead?.(name, start, aheadMs),
	});
	const backfiller = createBackfiller({
		provider,
		source: background,
		store: store.backfills({ name, destinations }),
		clock,
		random,
		options: walkOptions({ config, provider }),
		pollIntervalMs: config.pollIntervalMs,
		report: (notice) => report.backfill?.(name, notice),
	});
	if (config.verifyEveryMs === undefined) return { poller, backfiller, domain };
	const verifier = createVerifier({
		...{ name, provider, clock, random, integrity, source: background },
		everyMs: config.verifyEveryMs,
		verdicts: store.verdicts({ name, destinations }),
		latenessMs: config.latenessMs,
		pollIntervalMs: config.pollIntervalMs,
		report: (notice) => report.verify?.(name, notice),
	});
	return { poller, backfiller, verifier, domain };
}

function outletOf(
	config: DestinationConfig,
	encode: Encode,
	deps: RelayDeps,
): { destination: Destination; delivery: Delivery } {
	const { store, clock, random, env, report = {} } = deps;
	const warn = (message: string) => report.fileKept?.({ destination: config.name }, message);
	const headers = () => readSecrets(config.headers, warn);
	const destination = createDestination({ ...config, headers }, { clock, version: VERSION, env, warn });
	const whereabouts: Whereabouts = {
		address: new URL(config.endpoint).origin,
		waiting: () => store.waiting(config.name),
	};
	const note = noteHealth((health) => store.noteDestination(config.name, health));
	const delivery: Delivery = createDelivery({
		...config,
		lingerMs: LINGER_MS,
		destination: config.name,
		outbox: store.outbox(config.name),
		encode,
		send: (items, signal) => destination.send(items, signal),
		clock,
		random,
		report: (notice) => {
			note(notice, () => delivery.status());
			report.delivery?.(config.name, notice, whereabouts);
		},
	});
	return { destination, delivery };
}

function aborted(signal: AbortSignal): Promise<void> {
	if (signal.aborted) return Promise.resolve();
	return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
