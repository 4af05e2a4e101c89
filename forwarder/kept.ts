import type { Clock } from '../core/contract';

/** Asks again when the answer is older than `ms`; those who ask meanwhile get the same one. An error is not kept. */
export function keptFor<T>(ms: number, { now }: Pick<Clock, 'now'>, ask: () => Promise<T>): () => Promise<T> {
	let last: { at: number; answer: Promise<T> } | undefined;
	return () => {
		const at = now();
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
