/** What earlier versions have saved, as it is saved now. */
import { streamForm } from '../../../core/walk/codec';
import type { Walk } from '../../../core/walk/contract';
import { formerKept, formerWalk } from '../../../core/walk/former';
import type { Kept, Position, Range } from '../../../core/contract';

/** Nanoseconds were decimal text. */
interface Former {
	version: number;
	start: string;
	watermark: string;
	walk?: FormerWalk;
	kept?: Kept;
	/** Of before sources kept a state of their own. */
	anchors?: [id: string, time: string][];
	neverClimb?: boolean;
	filterIgnored?: boolean;
}

interface FormerWalk {
	windows: [lower: string, upper: string | null][];
	position?: Position;
	begun?: Position;
	startedAt?: string;
	oldest?: string;
	below?: string;
	pages: number;
	rejections: number;
	size?: number;
	skim?: boolean;
}

/** Had a fingerprint of all parameters, and neither name nor number. */
export const FIRST = 1;

/** What is of another version comes back as it is. Throws for what `saved.ts` never wrote. */
export function renewed(value: unknown): unknown {
	const former = value as Former;
	if (former.version !== FIRST && former.version !== 2) return value;
	const { start, watermark, walk, kept, anchors, neverClimb, filterIgnored, ...rest } = former;
	const known = (anchors ?? []).map(([id, time]) => ({ id, time: BigInt(time) }));
	const stream = {
		...{ start: BigInt(start), watermark: BigInt(watermark) },
		walk: walk && walkOf(walk),
		kept: kept ?? formerKept(known, neverClimb === true),
		filterIgnored: filterIgnored || undefined,
	};
	return {
		...rest,
		version: 3,
		stream: JSON.parse(JSON.stringify(streamForm.write(stream))) as unknown,
	};
}

function walkOf(walk: FormerWalk): Walk | undefined {
	const former = formerWalk(walk);
	if (!former) return undefined;
	const { windows, startedAt, oldest, below, ...rest } = former;
	const [first, ...later] = windows.map(([lower, upper]): Range => ({
		lower: BigInt(lower),
		...(upper !== null && { upper: BigInt(upper) }),
	}));
	const instant = (text: string | undefined) => (text === undefined ? undefined : BigInt(text));
	return {
		...rest,
		windows: [first!, ...later],
		...{ startedAt: instant(startedAt), oldest: instant(oldest), below: instant(below) },
	};
}
