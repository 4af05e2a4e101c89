/** What a provider sees of one key, whoever uses it: its pace, and its pauses. */

export interface Asked {
	/** Milliseconds. */
	at: number;
}

export interface Pause {
	from: number;
	to: number;
	/** Its owner ended before it could write it down. */
	unknown?: boolean;
}

export interface KeyHistory {
	name: string;
	requestsPerMinute: number;
	asked: readonly Asked[];
	pauses: readonly Pause[];
}

const WINDOW_MS = 10_000;
/** A request that was on its way when the answer was. */
const ON_ITS_WAY_MS = 400;

/** @param handovers when another process began to use the key: its first request need not wait for the last one of another */
export function judgePace(
	{ name, requestsPerMinute, asked, pauses }: KeyHistory,
	handovers: readonly number[],
): string[] {
	const wrong: string[] = [];
	const allowed = (requestsPerMinute * WINDOW_MS) / 60_000 + 2;
	for (const [first, { at }] of asked.entries()) {
		let next = first;
		while (next < asked.length && asked[next]!.at < at + WINDOW_MS) next++;
		const between = handovers.filter((time) => time > at - 1_000 && time < at + WINDOW_MS).length;
		// requests of two owners may cross on their way
		const room = allowed + 2 * between;
		if (next - first <= room) continue;
		wrong.push(`key ${name}: ${next - first} requests within ${WINDOW_MS / 1000} s, and ${room} are allowed`);
		break;
	}
	for (const { from, to, unknown } of pauses) {
		const inside = asked.filter(({ at }) => at > from + ON_ITS_WAY_MS && at < to - ON_ITS_WAY_MS);
		if (inside.length > 0 && !unknown)
			wrong.push(
				`key ${name}: ${inside.length} requests inside a pause of ${to - from} ms, the first after ${inside[0]!.at - from} ms`,
			);
	}
	return wrong;
}
