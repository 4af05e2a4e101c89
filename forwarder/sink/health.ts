import type { Clock } from '../../providers/contract';

export interface DeliveryStatus {
	/** `degraded`: nothing but failures for 5 minutes. `halted`: a person has to act; probed slowly, data kept. */
	state: 'ok' | 'degraded' | 'halted';
	/** Since when, milliseconds since the epoch. */
	since: number;
	/** The last thing that went wrong, kept after it is over. No secrets. */
	lastError?: { at: number; message: string };
	/** Records being sent or waiting for their next attempt, by stream. */
	inFlight: Readonly<Record<string, number>>;
	/** Failed attempts since the receiver last took something. */
	consecutiveFailures: number;
	/** Since when there were nothing but failures, milliseconds since the epoch. */
	failingSince?: number;
}

const DEGRADED_AFTER_MS = 5 * 60_000;

/** How one destination is doing, in memory only. */
export class Health {
	#okSince: number;
	#failingSince?: number;
	#halted?: { since: number; message: string };
	#lastError?: { at: number; message: string };
	#failures = 0;
	#acceptances = 0;

	constructor(readonly clock: Clock) {
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

	failed(message: string): void {
		const at = this.clock.now();
		this.#failures++;
		this.#failingSince ??= at;
		this.#lastError = { at, message };
	}

	accepted(): void {
		this.#acceptances++;
		if (this.#isDegraded()) this.#okSince = this.clock.now();
		this.#failures = 0;
		this.#failingSince = undefined;
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
		const rest = {
			lastError: this.#lastError,
			inFlight,
			consecutiveFailures: this.#failures,
			failingSince: this.#failingSince,
		};
		if (this.#halted) return { state: 'halted', since: this.#halted.since, ...rest };
		if (this.#isDegraded()) return { state: 'degraded', since: this.#failingSince! + DEGRADED_AFTER_MS, ...rest };
		return { state: 'ok', since: this.#okSince, ...rest };
	}

	#isDegraded(): boolean {
		// a clock that was set back must not put it off
		if (this.#failingSince !== undefined) this.#failingSince = Math.min(this.#failingSince, this.clock.now());
		return this.#failingSince !== undefined && this.clock.now() - this.#failingSince >= DEGRADED_AFTER_MS;
	}
}
