/** Sources polled into one store, and every destination served from it. */
import { basename } from 'node:path';
import type { StreamStore } from '../../core/walk/contract';
import type { Clock, Source } from '../../core/contract';
import type { Integrity, Provider } from '../../core/provider';
import type { Domain } from '../../core/http/politeness';
import { fromMillis } from '../../core/time';
import { formatDuration } from '../../core/durations';
import { limitGroup } from '../config/limitGroup';
import { fingerprint, kept } from '../config/fingerprint';
import type { Config, SourceConfig } from '../config/types';
import { createDelivery } from '../delivery/delivery';
import type { DeliveryStatus } from '../delivery/health';
import type { Encode } from '../records/item';
import type { Store, StreamIdentity } from '../store/contract';
import { createVerifier, type Verifier } from './scheduledVerify';
import { encoders } from './encoders';
import type { Outlet } from './outlets';
import { createBackfiller, type Backfiller } from './backfill';
import { keepingPauses, resumePauses } from './pauses';
import { pass, type Reader } from './pass';
import { workOnPast } from './past';
import { keepUp } from './upkeep';
import { firstPolls } from './pollTimes';
import { createPoller, walkOptions, type Poller } from './poller';
import type { RelayReport } from './report';
import { aborted } from '../waits';

export interface RelayDeps {
	config: Pick<Config, 'sources' | 'resourceAttributes' | 'keepDeadLettersMs'>;
	store: Store;
	clock: Clock;
	/** At least 0, below 1. */
	random: () => number;
	/** All destinations of the configuration; they stay open when the relay ends. */
	outlets: readonly Outlet[];
	open: (source: SourceConfig) => Promise<OpenSource>;
	/** Other processes may have polled a moment ago: what was polled before waits until it is due, and what is new takes its turn among all. */
	takeover?: { firstInMs: (source: SourceConfig) => number };
	report?: RelayReport;
}

interface OpenSource {
	provider: Provider;
	source: Source;
	background: () => { source: Source; integrity?: Integrity };
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
}

const DISK_LOW =
	'the disk of the state file is nearly full; make room on it. What is left would be needed to acknowledge';

/** While a provider answers page after page, several share a request and an acknowledgement. Too short for anybody to notice. */
const LINGER_MS = 20;

/** Throws `StateError` when the store holds another stream under the name of a source. */
export async function createRelay(deps: RelayDeps): Promise<Relay> {
	const { config, store, clock, takeover, report = {} } = deps;
	const streams = await store.streams(config.sources.map(identityOf));
	const firstInMs = takeover?.firstInMs ?? firstPolls(config.sources);
	const pollers = await Promise.all(
		config.sources.map(async (source, at) => ({
			name: source.name,
			...(await openPoller(source, streams[at]!, deps, firstInMs(source))),
		})),
	);
	const limits = new Map(config.sources.map((source, at) => [limitGroup(source), pollers[at]!.domain]));
	await resumePauses({ store, limits });
	const keeping = <T>(work: () => Promise<T>) => keepingPauses({ store, clock, limits }, work);
	const encodeFor = encoders({ config, clock, settings: await store.settings() });
	const lines = deps.outlets.map((outlet) => lineOf(outlet, encodeFor(outlet.config), deps));
	store.onBatch(() => lines.forEach(({ delivery }) => delivery.wake()));

	const of = (source: string) => pollers.find(({ name }) => name === source)!;

	const onePass = (stop: AbortSignal, readers: readonly Reader[], patienceMs: number, isFull = store.isFull) =>
		pass({
			readers,
			outlets: lines,
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

	async function run(stop: AbortSignal, graceMs: number): Promise<void> {
		const failed = new AbortController();
		const polling = AbortSignal.any([stop, failed.signal]);
		const shipping = new AbortController();
		const backfillerOf = (stream: string) => pollers.find(({ name }) => name === stream)?.backfiller();
		const reading = [
			...pollers.flatMap(({ poller, verifier }) => [poller.run(polling), ...(verifier ? [verifier.run(polling)] : [])]),
			workOnPast({ unfinished: store.unfinishedBackfills, backfillerOf, clock }, polling),
		];
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
			...lines.map(({ delivery }) => delivery.run(AbortSignal.any([shipping.signal, failed.signal]))),
		];
		// one part that must not go on stops all: it can only be a lost lease
		for (const part of parts) part.catch(() => failed.abort());
		await aborted(polling);
		await Promise.allSettled(reading);
		const drained = Promise.all(lines.map(({ delivery }) => delivery.drain(shipping.signal)));
		await Promise.race([Promise.allSettled([drained]), clock.sleep(graceMs, shipping.signal)]);
		shipping.abort();
		await Promise.all(parts);
	}

	return {
		run: (stop, graceMs) => keeping(() => run(stop, graceMs)),

		async once(stop, patienceMs) {
			await expire();
			const readers = pollers.map(({ name, poller }) => ({ name, read: poller.once }));
			return keeping(() => onePass(stop, readers, patienceMs));
		},
		begin: (source) => keeping(() => of(source).poller.begin()),
		// it may fill a part of the outbox only, and that is full soon
		backfill: (source, stop) =>
			keeping(() => onePass(stop, [{ name: source, read: of(source).backfiller().finish }], Infinity, () => true)),

		status: () => ({
			domains: new Map(pollers.map(({ name, domain }) => [name, domain])),
			deliveries: new Map(lines.map(({ name, delivery }) => [name, delivery.status()])),
		}),
	};
}

interface Reading {
	poller: Poller;
	backfiller: () => Backfiller;
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
	const { store, clock, random, open, takeover, report = {} } = deps;
	const { name, destinations } = config;
	const { provider, source, background, domain } = await open(config);
	const poller = createPoller({
		provider,
		source,
		config,
		store: stream,
		...{ clock, random, firstInMs },
		isTakeover: takeover !== undefined,
		...(store.setAside && { stateLost: `the state file was unreadable; it is kept as ${basename(store.setAside)}` }),
		note: (error) => store.notePoll(name, error),
		onProgress: (progress) => report.progress?.(name, progress),
		onFailure: (failure, tookMs) => report.pollFailed?.(name, failure, tookMs),
		onSuccess: (tookMs) => report.pollSucceeded?.(name, tookMs),
		onWait: (ms) => report.waiting?.(name, ms),
		onStartAhead: (start, aheadMs) => report.startAhead?.(name, start, aheadMs),
	});
	const backfiller = () =>
		createBackfiller({
			provider,
			source: background().source,
			store: store.backfills({ name, destinations }),
			clock,
			random,
			options: { ...walkOptions({ config, provider }), lateness: fromMillis(config.pastLatenessMs) },
			pollIntervalMs: config.pollIntervalMs,
			report: (notice) => report.backfill?.(name, notice),
		});
	if (config.verifyEveryMs === undefined) return { poller, backfiller, domain };
	const verifier = createVerifier({
		...{ name, provider, clock, random, ...background() },
		everyMs: config.verifyEveryMs,
		verdicts: store.verdicts({ name, destinations }),
		latenessMs: config.pastLatenessMs,
		pollIntervalMs: config.pollIntervalMs,
		report: (notice) => report.verify?.(name, notice),
	});
	return { poller, backfiller, verifier, domain };
}

function lineOf({ config, receiver, report }: Outlet, encode: Encode, { store, clock, random }: RelayDeps) {
	const { name } = config;
	const delivery = createDelivery(
		{
			...config,
			lingerMs: LINGER_MS,
			destination: name,
			outbox: store.outbox(name),
			encode,
			send: receiver.send,
			...{ clock, random, report },
		},
		receiver,
	);
	return { name, delivery };
}
