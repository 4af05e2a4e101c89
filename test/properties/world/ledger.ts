/** The truth of a simulated world: which events there are, and which of them were promised to arrive. */
import type { Nanos } from '../../../core/contract';

export interface Fact {
	id: string;
	/** The event's own time, by the provider's clock. */
	time: Nanos;
	/** True time from which on the provider lists it. */
	visibleAt: number;
	/** True time at which it was deleted, or grows older than the provider keeps events. */
	goneAt: number;
	/** Within the start and the lateness. */
	promised: boolean;
	/** An element that cannot be an event: its place is the dead letters. */
	invalid: boolean;
}

export class Ledger {
	readonly facts = new Map<string, Fact>();
	/** In the outbox or the dead letters by a durable commit. */
	readonly safe = new Set<string>();
	/** Texts as the provider gave them. */
	readonly texts = new Map<string, string>();
	readonly violations: string[] = [];
	/** Walks that were read to their end. */
	readonly #walks: { began: number; ended: number }[] = [];

	walked(began: number, ended: number): void {
		this.#walks.push({ began, ended });
	}

	violated(invariant: string, detail: string): void {
		this.violations.push(`${invariant}: ${detail}`);
	}

	/** Promised events older than `before` that are not safe. */
	missing(now: number, before?: Nanos): Fact[] {
		return [...this.facts.values()].filter(
			(fact) =>
				fact.promised &&
				(before === undefined || fact.time < before) &&
				!this.safe.has(fact.id) &&
				this.#due(fact, now),
		);
	}

	/** What is gone was due only when a whole walk had the chance to read it. */
	#due({ visibleAt, goneAt }: Fact, now: number): boolean {
		if (visibleAt > now) return false;
		if (goneAt > now) return true;
		return this.#walks.some(({ began, ended }) => began > visibleAt && ended < goneAt);
	}
}

export const describeFacts = (facts: readonly Fact[]): string =>
	facts.map(({ id, time, visibleAt }) => `${id} (time ${time}, visible at ${visibleAt})`).join(', ');
