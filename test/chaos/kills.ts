/** Which extra copies the end of a life explains: what it had sent, and had not written down as acknowledged. */
import type { Copy } from '../trial/receiver';

export interface Kills {
	/** An answer that was not heard, or an end before the commit. */
	causeOf(before: Copy, copy: Copy): string | undefined;
	/** Extra copies by the life whose end explains them. */
	readonly copies: ReadonlyMap<number, number>;
}

/** @param cutOff lives that ended by SIGKILL or by themselves */
export function kills(cutOff: ReadonlySet<number>): Kills {
	const copies = new Map<number, number>();
	return {
		copies,
		causeOf(before, { life }) {
			if (before.unheard !== undefined) return before.unheard;
			if (before.life === life || !cutOff.has(before.life)) return undefined;
			copies.set(before.life, (copies.get(before.life) ?? 0) + 1);
			return 'kill';
		},
	};
}
