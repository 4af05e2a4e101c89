/**
 * What all requests to one receiver share while it accepts nothing. One small request at a time asks whether it is well again, every
 * 1 to 1.5 s, and everything else waits for its answer: however much waits, a receiver that is down or overloaded gets no more
 * than that, and delivery goes on within 2 s of its recovery.
 *
 *     open ── a request fails ──▶ asking ── one record is taken ──▶ trying ── a whole request is taken ──▶ open
 *                                   ▲                                  │
 *                                   └────────── it fails ──────────────┘
 */
import type { Clock } from '../../core/contract';
import { Alarm } from './alarm';
import { backoffMs } from './backoff';

/** What may be sent now: everything, or one record to ask with. */
export interface Turn {
	size: 'whole' | 'one';
	/** Which outage it belongs to: what was sent before one began says nothing about its end. */
	outage: number;
}

export interface OutageOptions {
	clock: Clock;
	random: () => number;
	/** After this long, a question without an answer no longer holds up the next one. */
	patienceMs: number;
}

/** Between two questions, with up to half of it again at random: many relays must not ask in step. */
const ASK_EVERY_MS = 1_000;
const JITTER_MS = 500;
const NEVER = new AbortController().signal;

interface Waiting {
	go: (turn: Turn) => void;
}

export class Outage {
	readonly #options: OutageOptions;
	readonly #queue = new Set<Waiting>();
	readonly #alarm = new Alarm();
	#isOn = false;
	#count = 0;
	#next: Turn['size'] = 'one';
	/** Whole requests that failed in this outage although a record had been taken before. */
	#wholeFailures = 0;
	/** No whole request before this. */
	#wholeAt = 0;
	#lastAt = 0;
	#ask: Wait = { until: 0, length: 0 };
	/** What the receiver asked for. */
	#pause: Wait = { until: 0, length: 0 };
	#watching = false;

	constructor(options: OutageOptions) {
		this.#options = options;
	}

	/** Whether what waits is held back. */
	get isOn(): boolean {
		return this.#isOn;
	}

	/** Milliseconds until it is asked next. */
	get askInMs(): number {
		const { clock } = this.#options;
		return Math.max(0, restOf(this.#ask, clock), restOf(this.#pause, clock));
	}

	/** Resolves when something may be sent. Throws the reason of `signal` when it aborts. */
	async turn(signal: AbortSignal): Promise<Turn> {
		signal.throwIfAborted();
		if (!this.#isOn) return this.#turn('whole');
		return new Promise((resolve, reject) => {
			const leave = () => {
				signal.removeEventListener('abort', giveUp);
				this.#queue.delete(waiting);
			};
			const giveUp = () => {
				leave();
				this.#alarm.ring();
				reject(signal.reason as Error);
			};
			const waiting: Waiting = {
				go: (turn) => {
					leave();
					resolve(turn);
				},
			};
			signal.addEventListener('abort', giveUp);
			this.#queue.add(waiting);
			void this.#watch();
		});
	}

	/** Nothing was taken. `afterMs`: the receiver wants no request before. */
	failed(turn: Turn, afterMs = 0): void {
		const now = this.#options.clock.now();
		if (afterMs > 0 && now + afterMs > this.#pause.until) this.#pause = { until: now + afterMs, length: afterMs };
		if (!this.#isOn) {
			this.#isOn = true;
			this.#count++;
			this.#next = 'one';
			[this.#wholeFailures, this.#wholeAt, this.#lastAt] = [0, 0, now];
		} else if (turn.outage !== this.#count) return;
		else if (turn.size === 'whole') {
			this.#wholeFailures++;
			this.#wholeAt = now + backoffMs(this.#wholeFailures, this.#options.random);
		}
		this.#askLater();
	}

	/** A record was taken, of a request that holds more: now a whole one may try, unless that failed a short while ago. */
	recordTaken(turn: Turn): void {
		if (!this.#isOn || turn.outage !== this.#count) return;
		if (this.#options.clock.now() < this.#wholeAt) return this.#askLater();
		this.#next = 'whole';
		this.#askIn(0);
	}

	/** A whole request was taken, or judged: the receiver is well. */
	over(turn: Turn): void {
		if (this.#isOn && turn.outage === this.#count) this.end();
	}

	/** Nobody has to wait any longer. */
	end(): void {
		this.#isOn = false;
		for (const { go } of [...this.#queue]) go(this.#turn('whole'));
		this.#alarm.ring();
	}

	#turn(size: Turn['size']): Turn {
		return { size, outage: this.#count };
	}

	/** Counted from the last question: one that waited long for its failure need not be waited for once more. */
	#askLater(): void {
		const sinceLast = Math.max(0, this.#options.clock.now() - this.#lastAt);
		this.#askIn(Math.max(0, ASK_EVERY_MS + this.#options.random() * JITTER_MS - sinceLast));
	}

	#askIn(ms: number): void {
		this.#ask = { until: this.#options.clock.now() + ms, length: ms };
		this.#alarm.ring();
	}

	/** Gives out turns, in the order in which they were asked for, for as long as somebody waits. */
	async #watch(): Promise<void> {
		if (this.#watching) return;
		this.#watching = true;
		const { clock, patienceMs } = this.#options;
		while (this.#queue.size > 0) {
			const seen = this.#alarm.rings;
			const rest = this.askInMs;
			if (rest > 0) await this.#alarm.wait(clock, rest, seen, NEVER);
			else {
				const [first] = this.#queue;
				const turn = this.#turn(this.#next);
				this.#next = 'one';
				this.#lastAt = clock.now();
				this.#askIn(patienceMs);
				first!.go(turn);
			}
		}
		this.#watching = false;
	}
}

interface Wait {
	until: number;
	length: number;
}

/** A wall clock that was set back must not stretch it. */
function restOf(wait: Wait, clock: Clock): number {
	const now = clock.now();
	wait.until = Math.min(wait.until, now + wait.length);
	return wait.until - now;
}
