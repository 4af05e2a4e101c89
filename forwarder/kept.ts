import type { Clock } from '../core/contract';

/** Asks again when the answer is older than `ms`; those who ask meanwhile get the same one. An error is not kept. */
export function keptFor<T>(ms: number, clock: Pick<Clock, 'now'>, ask: () => Promise<T>): () => Promise<T> {
	let last: { at: number; answer: Promise<T> } | undefined;
	return () => {
		const at = clock.now();
		// a clock that was set back must not keep it for ever
		if (!last || at < last.at || at - last.at >= ms) {
			const asked = { at, answer: ask() };
			last = asked;
			asked.answer.catch(() => {
				if (last === asked) last = undefined;
			});
		}
		return last.answer;
	};
}

/** The same; longer than `leastMs` when it took long, so that asking costs one part in `factor` of the time at most, however often it is done. */
export function keptByCost<T>(
	leastMs: number,
	factor: number,
	clock: Pick<Clock, 'now'>,
	ask: () => Promise<T>,
): () => Promise<T> {
	let last: { answer: T; from: number; until: number } | undefined;
	let asked: Promise<T> | undefined;

	async function askNow(): Promise<T> {
		const from = clock.now();
		const begun = performance.now();
		const answer = await ask();
		last = { answer, from, until: from + Math.max(leastMs, factor * (performance.now() - begun)) };
		return answer;
	}

	return async () => {
		const at = clock.now();
		if (last && at >= last.from && at < last.until) return last.answer;
		return (asked ??= askNow().finally(() => (asked = undefined)));
	};
}
