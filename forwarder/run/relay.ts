/** Sources polled into one store, and every destination served from it. Both may change while it runs. */
import type { Clock } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import { fromMillis } from '../../core/time';
import { formatDuration } from '../../core/durations';
import type { Config, SourceConfig } from '../config/types';
import { createDelivery, type Delivery } from '../delivery/delivery';
import type { DeliveryStatus } from '../delivery/health';
import { createCrew } from './crew';
import { createEncoders } from './encoders';
import type { Outlet } from './outlets';
import { createGates, type Gates } from './gates';
import { resumeIt } from './paused';
import { createPauses } from './pauses';
import { pass, type Reader } from './pass';
import { workOnPast } from './past';
import { createReadings, type Reading, type ReadingsDeps, type Refused } from './readings';
import { keepUp } from './upkeep';
import type { RelayReport } from './report';
import { aborted } from '../waits';

export interface RelayDeps extends Omit<ReadingsDeps, 'pauses' | 'gates' | 'report'> {
	config: Pick<Config, 'sources' | 'resourceAttributes' | 'keepDeadLettersMs'>;
	clock: Clock;
	/** All destinations of the configuration; they stay open when the relay ends. */
	outlets: readonly Outlet[];
	/** Default: none is paused. */
	gates?: Gates;
	report?: RelayReport;
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
	/**
	 * From now on these sources and destinations. What is the same object as before goes on untouched; the state of a source that is no
	 * longer among them stays, and what waits of it is shipped.
	 */
	change(sources: readonly SourceConfig[], outlets: readonly Outlet[]): Promise<void>;
	status(): RelayStatus;
}

/** As it is now. */
export interface RelayStatus {
	/** Those that are read. */
	sources: readonly SourceConfig[];
	/** Those that cannot be read as they are configured, by name. */
	refused: ReadonlyMap<string, Refused>;
	/** The limiter of every source, shared by those with one key. */
	domains: ReadonlyMap<string, Domain>;
	/** How every destination is doing. */
	deliveries: ReadonlyMap<string, DeliveryStatus>;
}

interface Line {
	name: string;
	outlet: Outlet;
	delivery: Delivery;
}

const pausedTrouble = (source: string) => `source ${source}: is paused; ${resumeIt(source)}`;

const DISK_LOW =
	'the disk of the state file is nearly full; make room on it. What is left would be needed to acknowledge';

/** While a provider answers page after page, several share a request and an acknowledgement. Too short for anybody to notice. */
const LINGER_MS = 20;

/** What keeps one source from being read is no reason not to read the others: it is in the status. */
export async function createRelay(deps: RelayDeps): Promise<Relay> {
	const { config, store, clock, gates = createGates(), report = {} } = deps;
	const pauses = createPauses({ store, clock });
	const readings = createReadings({ ...deps, pauses, gates, report });
	await readings.set(config.sources);
	let settings = await store.settings();
	const sourceOf = (stream: string) => readings.get(stream)?.config;
	const encoders = createEncoders({ config, clock, sourceOf, settingsOf: (stream) => settings.get(stream) });
	const lines = new Map<string, Line>();
	const crew = createCrew();
	await serve(deps.outlets);
	store.onBatch(() => lines.forEach(({ delivery }) => delivery.wake()));

	async function serve(outlets: readonly Outlet[]): Promise<void> {
		const wanted = new Map(outlets.map((outlet) => [outlet.config.name, outlet]));
		const gone = [...lines.values()].filter(({ name, outlet }) => wanted.get(name) !== outlet);
		await Promise.all(gone.map(({ name }) => crew.end(name)));
		for (const { name } of gone) lines.delete(name);
		for (const [name, outlet] of wanted) {
			if (lines.has(name)) continue;
			const line = { name, outlet, delivery: deliveryTo(outlet) };
			lines.set(name, line);
			crew.add(name, line.delivery.run);
		}
	}

	function deliveryTo({ config: to, receiver, report: tell }: Outlet): Delivery {
		return createDelivery(
			{
				...to,
				lingerMs: LINGER_MS,
				destination: to.name,
				outbox: store.outbox(to.name),
				encode: encoders.of(to),
				send: receiver.send,
				...{ clock, random: deps.random, report: tell },
			},
			receiver,
		);
	}

	function of(source: string): Reading {
		const reading = readings.get(source);
		if (!reading) throw readings.refused.get(source)?.error ?? new Error(`source ${source} is not configured`);
		return reading;
	}

	const onePass = (stop: AbortSignal, readers: readonly Reader[], patienceMs: number, isFull = store.isFull) =>
		pass({
			readers,
			outlets: [...lines.values()],
			isFull,
			noRoom: async () => (store.isDiskLow() && !(await store.isWaiting()) ? DISK_LOW : undefined),
			clock,
			stop,
			patienceMs,
		});

	async function expire(): Promise<void> {
		const { keepDeadLettersMs: ms } = config;
		if (ms === undefined) return;
		const why = `removed after ${formatDuration(ms)} (deadLetters.retention)`;
		const destinationsOf = (stream: string) => sourceOf(stream)?.destinations ?? [];
		for (const removed of await store.expireLetters(fromMillis(ms), why, destinationsOf)) report.expired?.(removed);
	}

	async function run(stop: AbortSignal, graceMs: number): Promise<void> {
		const failed = new AbortController();
		const polling = AbortSignal.any([stop, failed.signal]);
		const shipping = new AbortController();
		const backfillerOf = (stream: string) => readings.get(stream)?.backfiller();
		const reading = [
			readings.run(polling),
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
		const parts = [upkeep, ...reading, crew.run(AbortSignal.any([shipping.signal, failed.signal]))];
		// one part that must not go on stops all: it can only be a lost lease
		for (const part of parts) part.catch(() => failed.abort());
		await aborted(polling);
		await Promise.allSettled(reading);
		const drained = Promise.all([...lines.values()].map(({ delivery }) => delivery.drain(shipping.signal)));
		await Promise.race([Promise.allSettled([drained]), clock.sleep(graceMs, shipping.signal)]);
		shipping.abort();
		await Promise.all(parts);
	}

	return {
		run: (stop, graceMs) => pauses.during(() => run(stop, graceMs)),

		async once(stop, patienceMs) {
			await expire();
			const open = readings.all().filter(({ gate }) => !gate.isPaused);
			const readers = open.map(({ config: { name }, poller }) => ({ name, read: poller.once }));
			const paused = readings.all().flatMap(({ config, gate }) => (gate.isPaused ? [pausedTrouble(config.name)] : []));
			const refused = [...readings.refused].map(([name, { error }]) => `source ${name}: ${error.message}`);
			return [...refused, ...paused, ...(await pauses.during(() => onePass(stop, readers, patienceMs)))];
		},
		begin: (source) => pauses.during(() => of(source).poller.begin()),
		// it may fill a part of the outbox only, and that is full soon
		async backfill(source, stop) {
			const { gate, backfiller } = of(source);
			if (gate.isPaused) return [pausedTrouble(source)];
			return pauses.during(() => onePass(stop, [{ name: source, read: backfiller().finish }], Infinity, () => true));
		},

		async change(sources, outlets) {
			await readings.set(sources);
			settings = await store.settings();
			encoders.forget();
			await serve(outlets);
		},

		status: () => ({
			sources: readings.all().map(({ config }) => config),
			refused: readings.refused,
			domains: new Map(readings.all().map(({ config, domain }) => [config.name, domain])),
			deliveries: new Map([...lines.values()].map(({ name, delivery }) => [name, delivery.status()])),
		}),
	};
}
