const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Full jitter: anything from 0 up to 1 s, 2 s, 4 s … 60 s. `attempt` counts from 0, `random` gives 0 ≤ x < 1.
 * A fixed wait would bring all batches of all forwarders back at the same moment.
 */
export function backoffMs(attempt: number, random: () => number): number {
	return random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 30));
}
