/** What is to be told now: a problem has to last, and so has its end; what belongs together is told together, and not all the time. */
import { keyOf, type Looked, type Notice, type Problem } from './problem';

/** A problem that is not seen for so long is over. */
export const QUIET_MS = 2 * 60_000;
/** One that comes again and again has to be away for longer each time. */
const LONGEST_QUIET_MS = 30 * 60_000;
/** It comes again when it was there within this time. */
const AGAIN_MS = 60 * 60_000;
/** After a message, more of the same kind is gathered for so long. */
export const GATHER_MS = 5 * 60_000;

export interface Open {
	key: string;
	notice: Notice;
	/** How long ago anybody saw it last. */
	unseenMs: number;
}

export interface Due {
	begun: Problem[];
	over: Open[];
}

export class DueProblems {
	/** Since when each is seen without a break. */
	readonly #since = new Map<string, number>();
	/** How often each was told of, and when it was there last. */
	readonly #begun = new Map<string, { times: number; at: number }>();
	/** By what is told of which rule. */
	readonly #lastTold = new Map<string, number>();
	#start: number | undefined;

	constructor(private readonly afterMs: () => Readonly<Record<string, number>>) {}

	/** To be called with every look, also while nothing can be told. */
	look({ problems }: Looked, now: number): void {
		// a clock that was set back must not make a problem younger than it is for ever
		this.#start = Math.min(this.#start ?? now, now);
		const keys = new Set(problems.map(keyOf));
		for (const key of this.#since.keys()) if (!keys.has(key)) this.#since.delete(key);
		for (const key of keys) this.#since.set(key, Math.min(this.#since.get(key) ?? now, now));
		for (const [key, begun] of this.#begun) {
			if (keys.has(key)) begun.at = now;
			else if (now - begun.at > AGAIN_MS) this.#begun.delete(key);
		}
	}

	due({ problems, absence }: Looked, open: readonly Open[], now: number): Due {
		const told = new Set(open.map(({ key }) => key));
		const fresh = problems.filter((problem) => !told.has(keyOf(problem)));
		const begun = this.#together(
			'begun',
			fresh,
			({ rule }) => rule,
			(problem) => this.#lasted(problem, now),
			now,
		);
		// whoever has just begun to look knows little
		if (now - (this.#start ?? now) < QUIET_MS) return { begun, over: [] };
		const present = new Set(problems.map(keyOf));
		const quiet =
			(part: number) =>
			({ key, unseenMs }: Open) =>
				unseenMs >= this.#quietMs(key) * part;
		const gone = open.filter(({ key, notice }) => !present.has(key) && absence(notice) === 'over').filter(quiet(0.5));
		return { begun, over: this.#together('over', gone, ({ notice }) => notice.rule, quiet(1), now) };
	}

	/** They have been told. */
	told({ begun, over }: Due, now: number): void {
		for (const problem of begun) {
			const key = keyOf(problem);
			this.#begun.set(key, { times: (this.#begun.get(key)?.times ?? 0) + 1, at: now });
			this.#lastTold.set(`begun ${problem.rule}`, now);
		}
		for (const { notice } of over) this.#lastTold.set(`over ${notice.rule}`, now);
	}

	/** When one of a rule is due, those of the same rule go along: hundreds have the same cause. */
	#together<T>(
		what: string,
		all: readonly T[],
		ruleOf: (one: T) => string,
		isDue: (one: T) => boolean,
		now: number,
	): T[] {
		const rules = new Set(
			all
				.filter(isDue)
				.map(ruleOf)
				.filter((rule) => !this.#gathers(`${what} ${rule}`, now)),
		);
		return all.filter((one) => rules.has(ruleOf(one)));
	}

	#gathers(kind: string, now: number): boolean {
		const last = this.#lastTold.get(kind);
		return last !== undefined && now >= last && now - last < GATHER_MS;
	}

	#lasted(problem: Problem, now: number): boolean {
		return now - (this.#since.get(keyOf(problem)) ?? now) >= (this.afterMs()[problem.rule] ?? 0);
	}

	#quietMs(key: string): number {
		const again = Math.max(0, (this.#begun.get(key)?.times ?? 1) - 1);
		return Math.min(LONGEST_QUIET_MS, QUIET_MS * 2 ** again);
	}
}
