/**
 * A destination that accepts nothing until something is changed. What waits stays where it is; its oldest batch asks again
 * from time to time.
 *
 *     delivering ── a batch is refused for no fault of its own ──▶ halted ── it is time, or a person asks ──▶ probing
 *         ▲                                                          ▲                                          │
 *         │                                                          └───────────── refused again ──────────────┤
 *         └───────────────────────── the oldest batch is acknowledged, the others start over ───────────────────┘
 */
import type { Clock } from '../../core/contract';
import type { Health } from './health';
import type { Outage } from './outage';

export type HaltNotice = { kind: 'halted'; message: string } | { kind: 'resumed' };

export interface HaltOptions {
	clock: Clock;
	health: Health;
	outage: Outage;
	/** Between two probes. */
	everyMs: number;
	report: (notice: HaltNotice) => void;
}

export class Halt {
	readonly #options: HaltOptions;
	#nextProbe = 0;

	constructor(options: HaltOptions) {
		this.#options = options;
	}

	/** Why nothing is sent; undefined while it is. */
	get message(): string | undefined {
		return this.#options.health.haltedBy;
	}

	begin(message: string): void {
		const { clock, health, outage, everyMs, report } = this.#options;
		const isNew = this.message === undefined;
		health.halt(message);
		outage.end();
		this.#nextProbe = clock.now() + everyMs;
		if (isNew) report({ kind: 'halted', message });
	}

	end(): void {
		this.#options.health.resume();
		this.#options.report({ kind: 'resumed' });
	}

	/** Nothing is known about the destination yet, or not any more. */
	forget(): void {
		this.#options.health.resume();
		this.#options.outage.end();
	}

	probeNow(): void {
		this.#nextProbe = 0;
	}

	/** Milliseconds until the next probe. */
	get probeInMs(): number {
		const now = this.#options.clock.now();
		// a wall clock that was set back must not stretch the wait
		this.#nextProbe = Math.min(this.#nextProbe, now + this.#options.everyMs);
		return Math.max(0, this.#nextProbe - now);
	}
}
