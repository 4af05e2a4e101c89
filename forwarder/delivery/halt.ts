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
	readonly #listeners = new Set<() => void>();

	constructor(options: HaltOptions) {
		this.#options = options;
	}

	/** Called when it begins, ends, or somebody asks for a probe. Returns what ends that. */
	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
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
		if (!isNew) return;
		report({ kind: 'halted', message });
		this.#tell();
	}

	end(): void {
		this.#options.health.resume();
		this.#options.report({ kind: 'resumed' });
		this.#tell();
	}

	/** Nothing is known about the destination yet, or not any more. */
	forget(): void {
		this.#options.health.resume();
		this.#options.outage.end();
	}

	probeNow(): void {
		this.#nextProbe = 0;
		this.#tell();
	}

	/** Whether whoever asks may probe now: one of those who share the receiver. */
	takeProbe(): boolean {
		if (this.probeInMs > 0) return false;
		this.#nextProbe = this.#options.clock.now() + this.#options.everyMs;
		return true;
	}

	#tell(): void {
		for (const listener of [...this.#listeners]) listener();
	}

	/** Milliseconds until the next probe. */
	get probeInMs(): number {
		const now = this.#options.clock.now();
		// a wall clock that was set back must not stretch the wait
		this.#nextProbe = Math.min(this.#nextProbe, now + this.#options.everyMs);
		return Math.max(0, this.#nextProbe - now);
	}
}
