/**
 * The loop of one destination: takes batches from the outbox, keeps several in flight, and acknowledges them in commit
 * order. Only a durable `outbox.acknowledge` takes a batch out of the outbox; a stop at any moment leads to repeats at most.
 */
import type { Nanos } from '../../core/contract';
import { Searches } from '../../core/otlp/search';
import { fromMillis, toMillis } from '../../core/time';
import { DOUBTFUL, StaleLeaseError, type Batch, type Outbox } from '../store/contract';
import { Alarm } from './alarm';
import type { Line } from './attempts';
import { DEFAULT_LIMITS } from '../export/chunk';
import { Drainers, type DrainResult } from './drainers';
import { gather } from './gather';
import type { HaltNotice } from './halt';
import type { DeliveryStatus, HealthNotice } from './health';
import { deliver } from './isolate';
import type { Encode } from '../records/item';
import { messageOf, patiently } from './patiently';
import { beginProgress, deadLetters, startOver, type Progress } from './progress';
import { createReceiver, type Receiver, type ReceiverOptions } from './receiver';
import { RefusedInARow } from './refusedInARow';
import { Window, type InFlight } from './window';

export type DeliveryNotice =
	/** `doubtful`: dead letters that the receiver may have stored; `deadLettered`: all others. */
	| {
			kind: 'acknowledged';
			stream: string;
			/** When the oldest of them was received. */
			observed: Nanos;
			shipped: number;
			deadLettered: number;
			doubtful: number;
	  }
	/** Something a person should read: a warning of the receiver, a partial success. */
	| { kind: 'warning'; message: string }
	| HaltNotice
	| HealthNotice;

export interface DeliveryOptions extends Omit<ReceiverOptions, 'report'> {
	/** Name of the destination, for dead letters. */
	destination: string;
	outbox: Outbox;
	encode: Encode;
	/** Older events become dead letters. Default: no limit. */
	maxEventAgeMs?: number;
	/** Limits of the receiver; they only lower our own (512 records, 900 kB). */
	limits?: { maxBatchBytes?: number; maxRecordBytes?: number; maxRecords?: number };
	/** For how long after its receipt a batch waits for others to fill the request with. Default 0. */
	lingerMs?: number;
	/** How often the outbox is looked at when nobody calls `wake()`. Default 5 s. */
	idleMs?: number;
	report?: (notice: DeliveryNotice) => void;
}

export interface Delivery {
	/** Delivers until `signal` aborts. Rejects when another process owns the store (`StaleLeaseError`). */
	run(signal: AbortSignal): Promise<void>;
	/** Resolves when the outbox is empty, the destination halts, or `signal` aborts. Runs the loop when nobody else does. */
	drain(signal: AbortSignal): Promise<DrainResult>;
	/** To be called after a commit that added batches. */
	wake(): void;
	/** Tries a halted destination now. */
	probeNow(): void;
	status(): DeliveryStatus;
}

/** @param shared What other deliveries to the same receiver use as well; it reports outages and halts itself. */
export function createDelivery(options: DeliveryOptions, shared?: Receiver): Delivery {
	const { clock, random, outbox, destination } = options;
	const limits = options.limits ?? {};
	const report = options.report ?? (() => undefined);
	const { inFlight = 4, lingerMs = 0, idleMs = 5_000 } = options;
	const { send, health, outage, halt } = shared ?? createReceiver({ ...options, report });
	const line: Line = {
		send,
		clock,
		random,
		health,
		outage,
		limits: {
			records: Math.min(DEFAULT_LIMITS.records, limits.maxRecords ?? Infinity),
			bytes: Math.min(DEFAULT_LIMITS.bytes, limits.maxBatchBytes ?? Infinity),
		},
		searches: new Searches(),
		warn: (message) => report({ kind: 'warning', message }),
	};
	const refused = new RefusedInARow();
	const window = new Window(inFlight);
	const alarm = new Alarm();
	const drainers = new Drainers();
	/** Waiting for more to fill a request with. */
	let inCompany: Batch[] = [];
	let running = false;

	function start(entry: InFlight, signal: AbortSignal, probing = false): void {
		entry.outcome = undefined;
		entry.probing = probing;
		entry.running = attempt(entry, signal).finally(() => alarm.ring());
	}

	async function attempt(entry: InFlight, signal: AbortSignal): Promise<void> {
		try {
			entry.progress ??= prepare(entry);
			entry.outcome = await deliver(entry.progress, line, entry.probing, signal);
		} catch (error) {
			if (signal.aborted) return;
			// our own fault (an unknown stream, a record that cannot be encoded): nothing is lost as long as nothing moves
			entry.outcome = { kind: 'halted', message: messageOf(error) };
		}
		if (entry.outcome.kind === 'halted') halted(entry.outcome.message);
	}

	function prepare({ batches }: InFlight): Progress {
		const age = options.maxEventAgeMs;
		const oldest = age === undefined ? undefined : fromMillis(clock.now() - age);
		return beginProgress(batches.flatMap(options.encode), { oldest, bytes: limits.maxRecordBytes }, line.limits);
	}

	function halted(message: string): void {
		halt.begin(message);
		drainers.resolve({ kind: 'halted', message });
	}

	/** Acknowledges what is finished at the head, and tries the head again when it is halted and its time has come. */
	async function advance(signal: AbortSignal): Promise<void> {
		for (let head = window.head; head?.outcome; head = window.head) {
			if (head.outcome.kind === 'done' && refused.isReceiver(head)) {
				const last = head.progress!.refusals.at(-1)!;
				startOver(head.progress!, line.limits);
				head.outcome = { kind: 'halted', message: `every record is refused: ${last.detail}` };
				halted(head.outcome.message);
			}
			if (head.outcome.kind === 'halted') {
				if (signal.aborted) return;
				// another delivery has found out that it accepts events again
				if (halt.message === undefined) resume(signal);
				else if (halt.takeProbe()) start(head, signal, true);
				return;
			}
			await acknowledge(head, signal);
			window.shift();
			if (head.probing) {
				halt.end();
				resume(signal);
			}
		}
	}

	function resume(signal: AbortSignal): void {
		for (const entry of window.stuck) {
			// refused as a whole while the configuration was wrong: that says nothing about its records
			if (entry.outcome?.kind === 'done') startOver(entry.progress!, line.limits);
			start(entry, signal);
		}
	}

	async function acknowledge(entry: InFlight, signal: AbortSignal): Promise<void> {
		const { batches, progress } = entry;
		const { stream } = batches[0]!;
		const letters = deadLetters(progress!, stream, destination);
		const { shipped } = progress!;
		await patiently(() => outbox.acknowledge(batches, shipped, letters), line, signal);
		refused.note(entry);
		const doubtful = letters.filter(({ reason }) => reason === DOUBTFUL).length;
		const { observed } = batches[0]!;
		report({ kind: 'acknowledged', stream, observed, shipped, deadLettered: letters.length - doubtful, doubtful });
	}

	/** Returns after how many milliseconds it has to be called again, if nothing happens before. */
	async function fill(signal: AbortSignal): Promise<number> {
		if (halt.message !== undefined) {
			drainers.resolve({ kind: 'halted', message: halt.message });
			return idleMs;
		}
		const waiting = drainers.now();
		const pending = async (after: number) => (await patiently(() => outbox.pending(after, 1), line, signal))[0];
		while (window.free > 0) {
			const { batches, full } = await gather(pending, window.lastId, line.limits, inCompany);
			if (batches.length === 0) break;
			const left = full ? 0 : lingering(batches[0]!);
			inCompany = left > 0 ? batches : [];
			if (left > 0) return left;
			const entry: InFlight = { batches, probing: false, running: Promise.resolve() };
			window.push(entry);
			start(entry, signal);
		}
		if (window.empty) drainers.resolve({ kind: 'drained' }, waiting);
		return idleMs;
	}

	/** What is left of a batch's wait for company. None after a restart, or when a clock was set back. */
	function lingering({ observed }: Batch): number {
		const age = clock.now() - toMillis(observed);
		return age < 0 ? 0 : lingerMs - age;
	}

	async function run(outer: AbortSignal): Promise<void> {
		if (running) throw new Error(`destination ${destination} is already being delivered to`);
		running = true;
		if (!shared) halt.forget();
		const forget = halt.onChange(() => alarm.ring());
		const failed = new AbortController();
		const signal = AbortSignal.any([outer, failed.signal]);
		try {
			while (!signal.aborted) {
				const seen = alarm.rings;
				await advance(signal);
				const lookAgainMs = await fill(signal);
				await alarm.wait(clock, probeInMs() ?? lookAgainMs, seen, signal);
			}
			// answered meanwhile: acknowledging now saves a repeat after the restart
			await window.settled();
			await advance(signal);
		} catch (error) {
			if (!outer.aborted || error instanceof StaleLeaseError) {
				drainers.reject(error);
				throw error;
			}
		} finally {
			forget();
			failed.abort();
			await window.clear();
			inCompany = [];
			drainers.resolve({ kind: 'stopped' });
			running = false;
		}
	}

	/** Undefined when nothing is halted, or what was halted is being tried. */
	function probeInMs(): number | undefined {
		return halt.message !== undefined && window.head?.outcome ? halt.probeInMs : undefined;
	}

	async function drain(signal: AbortSignal): Promise<DrainResult> {
		if (halt.message !== undefined && running) return { kind: 'halted', message: halt.message };
		if (signal.aborted) return { kind: 'stopped' };
		const result = drainers.add(signal);
		alarm.ring();
		if (running) return result;
		const enough = new AbortController();
		const loop = run(AbortSignal.any([signal, enough.signal]));
		void result.then(
			() => enough.abort(),
			() => undefined,
		);
		await loop;
		return result;
	}

	return {
		run,
		drain,
		wake: () => alarm.ring(),
		probeNow() {
			halt.probeNow();
			alarm.ring();
		},
		status() {
			const inMs = halt.message !== undefined ? halt.probeInMs : outage.isOn ? outage.askInMs : undefined;
			const status = health.status(window.runningByStream);
			return inMs === undefined ? status : { ...status, nextProbeAt: clock.now() + inMs };
		},
	};
}
