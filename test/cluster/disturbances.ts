/** What was done to the workers and their database, and which extra copies it explains. */
import type { Copy } from '../trial/receiver';

export interface Disturbance {
	kind: string;
	from: number;
	/** Undefined: it still lasts. */
	to?: number;
	/** Starts of the command that it struck; undefined: all. */
	lives?: readonly number[];
	/** Since when the database has forgotten what it had committed. */
	forgotSince?: number;
}

/** A request was on its way for so long at most, and was then to be written down as acknowledged. */
export const IN_FLIGHT_MS = 3_000;

export class Disturbances {
	readonly all: Disturbance[] = [];

	/** Returns what ends it. */
	begin(kind: string, more: Partial<Disturbance> = {}): () => void {
		const one: Disturbance = { kind, from: Date.now(), ...more };
		this.all.push(one);
		return () => (one.to ??= Date.now());
	}

	at(kind: string, more: Partial<Disturbance> = {}): void {
		this.begin(kind, more)();
	}

	/**
	 * What was stored long before it was also acknowledged by then, so it does not come again. Which of two copies is the late one does
	 * not matter: a process that was paused sends what it had begun when others have sent it already.
	 */
	causeOf(before: Copy, copy: Copy): string | undefined {
		if (before.unheard !== undefined) return before.unheard;
		const [first, second] = before.at <= copy.at ? [before, copy] : [copy, before];
		return this.all.find(({ lives, from, to = Infinity, forgotSince = from }) => {
			const strikes = !lives || lives.includes(first.life) || lives.includes(second.life);
			return (
				strikes &&
				first.at >= Math.min(forgotSince, from) - IN_FLIGHT_MS &&
				first.at <= to + IN_FLIGHT_MS &&
				second.at >= from
			);
		})?.kind;
	}
}
