/** Compares what happened with what arrived. Pure, so that the harness itself can be tested. */
import type { Copy } from './receiver';

export interface Evidence {
	/** Text of every event that ever was visible, by `log.record.uid`. */
	truth: ReadonlyMap<string, string>;
	/** In the order in which the receiver stored them. */
	copies: readonly Copy[];
	/** `log.record.uid` of what the state holds as dead letters, and why. */
	letters: ReadonlyMap<string, string>;
	/** Which fault explains that it was sent once more. */
	causeOf(before: Copy, copy: Copy): string | undefined;
}

export interface Verdict {
	events: number;
	arrived: number;
	/** Only there. */
	deadLettered: number;
	lost: string[];
	/** Arrived without ever having happened. */
	invented: string[];
	/** Not the text that the provider gave. */
	altered: string[];
	extraCopies: number;
	/** Extra copies by the fault that explains them. */
	explained: Record<string, number>;
	/** Extra copies that nothing explains. */
	unexplained: string[];
}

export function judge({ truth, copies, letters, causeOf }: Evidence): Verdict {
	const byUid = new Map<string, Copy[]>();
	for (const copy of copies) byUid.set(copy.uid, [...(byUid.get(copy.uid) ?? []), copy]);
	const verdict: Verdict = {
		events: truth.size,
		arrived: 0,
		deadLettered: 0,
		lost: [],
		invented: [...byUid.keys()].filter((uid) => !truth.has(uid)),
		altered: [],
		extraCopies: 0,
		explained: {},
		unexplained: [],
	};
	for (const [uid, text] of truth) {
		const arrived = byUid.get(uid) ?? [];
		if (arrived.length > 0) verdict.arrived++;
		else if (letters.has(uid)) verdict.deadLettered++;
		else verdict.lost.push(uid);
		if (arrived.some(({ body }) => !isSame(uid, body, text))) verdict.altered.push(uid);
		for (const [index, copy] of arrived.slice(1).entries()) explain(arrived[index]!, copy, verdict, causeOf);
	}
	return verdict;
}

/** One extra copy needs one fault after the copy before it. */
function explain(before: Copy, copy: Copy, verdict: Verdict, causeOf: Evidence['causeOf']): void {
	verdict.extraCopies++;
	const cause = causeOf(before, copy);
	if (cause !== undefined) verdict.explained[cause] = (verdict.explained[cause] ?? 0) + 1;
	else {
		verdict.unexplained.push(
			`${copy.uid} of start ${before.life} (at ${before.at}) again in ${copy.life}, ${copy.at - before.at} ms later`,
		);
	}
}

/** Byte for byte. Arcus leaves out of lists what was not asked for, so there the shared keys are compared. */
function isSame(uid: string, body: string, text: string): boolean {
	if (!uid.startsWith('arcus:')) return body === text;
	const [sent, given] = [body, text].map((json) => JSON.parse(json) as Record<string, unknown>);
	return Object.entries(sent!).every(([key, value]) => key === 'actor' || equal(value, given![key]));
}

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
