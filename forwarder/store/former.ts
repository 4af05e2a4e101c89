/** What older exports say otherwise: positions of before sources kept a state of their own, and outcomes of checks among the gaps. */
import { formerKept, formerWalk } from '../../core/walk/former';
import { parseInstant } from '../../core/time';

/** A stream of an export, as it is exported now. What is not of the former shape comes back as it is. */
export function renewedStream(row: unknown): unknown {
	if (typeof row !== 'object' || row === null || !('anchors' in row)) return row;
	const { anchors, never_climb, walk, ...rest } = row as FormerStream;
	try {
		const known = anchors.map(({ id, time }) => ({ id, time: parseInstant(time)! }));
		const kept = formerKept(known, never_climb) ?? null;
		return { ...rest, walk: (walk && formerWalk(walk)) ?? null, kept };
	} catch {
		return row;
	}
}

interface FormerStream {
	anchors: { id: string; time: string }[];
	never_climb: boolean;
	walk: { climbing?: string } | null;
}

export interface FormerGap {
	reason: string;
	detail: string;
}

export const isVerify = ({ reason }: FormerGap) => reason === 'verify';

/** A batch of an export, as it is exported now. */
export function renewedBatch(row: unknown): unknown {
	const { gaps, ...rest } = (row ?? {}) as { gaps?: FormerGap[] };
	const former = Array.isArray(gaps) ? gaps.find(isVerify) : undefined;
	if (!former) return row;
	try {
		return { ...rest, gaps: gaps!.filter((gap) => !isVerify(gap)), verified: JSON.parse(former.detail) as unknown };
	} catch {
		return row;
	}
}
