/** Events that never stop, spread over all streams: single ones and ties, some of them shown late. */
import { addEvent, idOf } from '../chaos/traffic';
import type { Dice } from '../trial/dice';
import type { Stream } from './sources';

/** A quarter of the configured lateness: what is promised, with room for a slow machine. */
const LATEST_MS = 3_000;
const TICK_MS = 50;

export interface Events {
	/** `log.record.uid` of events that the receiver refuses for good. */
	readonly poisoned: ReadonlySet<string>;
	/** Events of the past, for each stream. */
	backlog(count: number): void;
	/** One more for each stream. */
	once(streams?: readonly Stream[]): void;
	start(perSecond: number): void;
	stop(): void;
	/** Resolves when the last one is visible. */
	settled(): Promise<void>;
	/** Text of every event that ever was, by `log.record.uid`. */
	truth(): Map<string, string>;
}

export function createEvents(streams: readonly Stream[], draw: Dice, poisonRate = 0.003): Events {
	const poisoned = new Set<string>();
	let timer: NodeJS.Timeout | undefined;
	let number = 0;
	let settledAt = 0;

	function add({ label, log }: Stream, atMs: number, visibleAt = atMs): void {
		const id = idOf(label, draw);
		if (draw.chance(poisonRate)) poisoned.add(`${label}:${id}`);
		settledAt = Math.max(settledAt, visibleAt);
		addEvent(log, label, { id, micros: Math.round(atMs * 1000) + draw.between(0, 999), visibleAt, number: number++ });
	}

	function group(): void {
		const stream = draw.pick(streams);
		const now = Date.now();
		const late = draw.chance(0.1) ? draw.between(1, LATEST_MS) : 0;
		for (let left = draw.chance(0.1) ? draw.between(2, 4) : 1; left > 0; left--) add(stream, now, now + late);
	}

	return {
		poisoned,
		backlog(count) {
			const now = Date.now();
			for (const stream of streams) for (let i = count; i > 0; i--) add(stream, now - 60_000 - i * 1_000, 0);
		},
		once(some = streams) {
			for (const stream of some) add(stream, Date.now());
		},
		start(perSecond) {
			let due = 0;
			timer = setInterval(() => {
				for (due += (perSecond * TICK_MS) / 1000; due >= 1; due--) group();
			}, TICK_MS);
		},
		stop: () => clearInterval(timer),
		settled: () => new Promise((done) => setTimeout(done, Math.max(0, settledAt - Date.now() + 100))),
		truth: () =>
			new Map(streams.flatMap(({ label, log }) => log.all().map(({ id, raw }) => [`${label}:${id}`, raw] as const))),
	};
}
