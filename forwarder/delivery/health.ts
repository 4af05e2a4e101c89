import type { Clock } from '../../core/contract';

export interface DeliveryStatus {
	/**
	 * `failing`: nothing is taken, it is asked again and again. `degraded`: the same for 5 minutes. `halted`: a person has to act;
	 * probed slowly, data kept.
	 */
	state: 'ok' | 'failing' | 'degraded' | 'halted';
	/** Since when it is ok, accepts nothing or is halted: milliseconds since the epoch. */
	since: number;
	/** The last thing that went wrong, kept after it is over. No secrets. */
	lastError?: { at: number; message: string };
	/** Records being sent or waiting for their next attempt, by stream. */
	inFlight: Readonly<Record<string, number>>;
	/** Failed attempts since the receiver last took something. */
	consecutiveFailures: number;
	/** Since when nothing is taken, milliseconds since the epoch. */
	failingSince?: number;
	/** While nothing is taken: when it is asked next, milliseconds since the epoch. */
	nextProbeAt?: number;
}

export type HealthNotice =
	/** Told for every attempt that fails; `at` is `since` for the first. */
	| { kind: 'failing'; message: string; since: number; at: number }
	/** Something is taken again. */
	| { kind: 'recovered'; since: number; at: number };

const DEGRADED_AFTER_MS = 5 * 60_000;

/** How one destination is doing, in memory only. */
export class Health {
	#okSince: number;
	#failingSince?: number;
	#halted?: { since: number; message: string };
	#lastError?: { at: number; message: string };
	#failures = 0;
	#acceptances = 0;

	constructor(
		readonly clock: Clock,
		readonly report: (notice: HealthNotice) => void,
	) {
		this.#okSince = clock.now();
	}

	/** How often the receiver took something: a change proves that it was well in between. */
	get acceptances(): number {
		return this.#acceptances;
	}

	/** Why nothing is sent, while halted. */
	get haltedBy(): string | undefined {
		return this.#halted?.message;
	}

	/** Nobody took or judged anything. */
	failed(message: string): void {
		const at = this.#note(message);
		this.#failingSince ??= at;
		this.report({ kind: 'failing', message, since: this.#failingSince, at });
	}

	/** The receiver is there, and refuses what was sent. */
	refused(message: string): void {
		this.#note(message);
		this.well();
	}

	/** The receiver is there, and accepts nothing until a person acts: `halt` says so. */
	denied(message: string): void {
		this.#note(message);
		this.#failingSince = undefined;
	}

	/** `inOutage`: a record was taken, but nothing whole yet. */
	accepted(inOutage = false): void {
		this.#acceptances++;
		this.#failures = 0;
		if (!inOutage) this.well();
	}

	/** What failed works again. */
	well(): void {
		const since = this.#failingSince;
		if (since === undefined) return;
		const at = this.clock.now();
		this.#failingSince = undefined;
		this.#okSince = at;
		this.report({ kind: 'recovered', since, at });
	}

	halt(message: string): void {
		const at = this.clock.now();
		this.#halted = { since: this.#halted?.since ?? at, message };
		this.#lastError = { at, message };
	}

	resume(): void {
		if (this.#halted) this.#okSince = this.clock.now();
		this.#halted = undefined;
	}

	status(inFlight: DeliveryStatus['inFlight']): DeliveryStatus {
		// a clock that was set back must not put it off
		if (this.#failingSince !== undefined) this.#failingSince = Math.min(this.#failingSince, this.clock.now());
		const rest = {
			lastError: this.#lastError,
			inFlight,
			consecutiveFailures: this.#failures,
			failingSince: this.#failingSince,
		};
		if (this.#halted) return { state: 'halted', since: this.#halted.since, ...rest };
		const since = this.#failingSince;
		if (since === undefined) return { state: 'ok', since: this.#okSince, ...rest };
		return { state: this.clock.now() - since >= DEGRADED_AFTER_MS ? 'degraded' : 'failing', since, ...rest };
	}

	#note(message: string): number {
		const at = this.clock.now();
		this.#failures++;
		this.#lastError = { at, message };
		return at;
	}
}
