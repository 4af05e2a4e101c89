/** How the state of a stream is written into n8n's static data: plain JSON, nanoseconds as text. */
import type { StreamState, Walk } from '../../../core/walk/contract';
import { formerKept, formerWalk } from '../../../core/walk/former';
import type { Kept, Position, Range } from '../../../core/contract';
import { HASH_LENGTH, type Seen } from './seen';

export interface PollState {
	/** Of address, account and start: another one means that the state belongs to something else. Absent in the first version's. */
	fingerprint?: string;
	/** Of the node when it was saved. */
	name?: string;
	/** Whose log is read: `name` of the provider. */
	service?: string;
	/** How often it was saved: of two, the higher one is newer. */
	saves: number;
	stream: StreamState;
	seen: Seen;
	/** Milliseconds since the epoch of the last second look at the past; 0 for never. */
	sweptAt: number;
	/** The same of the last time it was said that the start had to move, because there are too many ids; 0 for never. */
	floorToldAt: number;
	/** The same of the end of the last poll. */
	polledAt: number;
	/** What the trigger said last about itself. */
	healthTold?: { status: string; at: number };
}

const VERSION = 2;
/** Of before sources kept a state of their own. */
interface Former {
	anchors?: [id: string, time: string][];
	neverClimb?: boolean;
}

/** Had a fingerprint of all parameters, and neither name nor number. */
const FIRST = 1;

export interface Saved {
	version: number;
	fingerprint?: string;
	name?: string;
	service?: string;
	saves?: number;
	start: string;
	watermark: string;
	walk?: SavedWalk;
	kept?: Kept;
	filterIgnored?: boolean;
	seen: [id: string, time: string][];
	/** Hashes one after the other, by span. */
	old?: Record<string, string>;
	sweptAt: number;
	floorToldAt?: number;
	polledAt?: number;
	healthTold?: { status: string; at: number };
}

interface SavedWalk {
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

export function encode(state: PollState): Saved {
	const { fingerprint, name, service, saves, stream, seen, sweptAt, floorToldAt, polledAt, healthTold } = state;
	const { start, watermark, walk, kept, filterIgnored } = stream;
	return {
		version: VERSION,
		fingerprint,
		name,
		service,
		saves,
		start: String(start),
		watermark: String(watermark),
		...(walk && { walk: encodeWalk(walk) }),
		...(kept && { kept: copy(kept) }),
		...(filterIgnored && { filterIgnored }),
		seen: [...seen.ids].map(([id, time]) => [id, String(time)]),
		...(seen.old.size > 0 && { old: encodeOld(seen.old) }),
		sweptAt,
		...(floorToldAt > 0 && { floorToldAt }),
		polledAt,
		...(healthTold && { healthTold }),
	};
}

/** Undefined for anything that `encode` did not write: people can edit static data, and other versions wrote it. */
export function decode(value: unknown): PollState | undefined {
	try {
		const saved = value as Saved;
		if (saved.version !== VERSION && saved.version !== FIRST) return undefined;
		return {
			...(saved.version === VERSION && { fingerprint: textOf(saved.fingerprint), name: textOf(saved.name) }),
			...(saved.service !== undefined && { service: textOf(saved.service) }),
			saves: Number(saved.saves) || 0,
			stream: {
				start: BigInt(saved.start),
				watermark: BigInt(saved.watermark),
				walk: saved.walk && decodeWalk(saved.walk),
				kept: keptOf(saved),
				filterIgnored: saved.filterIgnored === true,
			},
			seen: {
				ids: new Map(saved.seen.map(([id, time]) => [textOf(id), BigInt(time)])),
				old: decodeOld(saved.old ?? {}),
			},
			sweptAt: Number(saved.sweptAt) || 0,
			floorToldAt: Number(saved.floorToldAt) || 0,
			polledAt: Number(saved.polledAt) || 0,
			...(saved.healthTold && {
				healthTold: { status: textOf(saved.healthTold.status), at: Number(saved.healthTold.at) || 0 },
			}),
		};
	} catch {
		return undefined;
	}
}

function encodeOld(old: ReadonlyMap<string, number>): Record<string, string> {
	const bySpan = new Map<number, string[]>();
	for (const [hash, span] of old) {
		const same = bySpan.get(span);
		if (same) same.push(hash);
		else bySpan.set(span, [hash]);
	}
	return Object.fromEntries([...bySpan].map(([span, hashes]) => [String(span), hashes.join('')]));
}

function decodeOld(saved: Record<string, string>): Map<string, number> {
	const old = new Map<string, number>();
	for (const [span, hashes] of Object.entries(saved)) {
		for (let at = 0; at < hashes.length; at += HASH_LENGTH) old.set(hashes.slice(at, at + HASH_LENGTH), Number(span));
	}
	return old;
}

function keptOf({ kept, anchors = [], neverClimb }: Saved & Former): Kept | undefined {
	if (kept === undefined) {
		const former = anchors.map(([id, time]) => ({ id: textOf(id), time: BigInt(time) }));
		return formerKept(former, neverClimb === true);
	}
	if (typeof kept !== 'object' || kept === null) throw new TypeError('not an object');
	return kept;
}

/** n8n wraps what it is given, so that one object cannot be in two places. */
function copy<T extends Kept | Position>(json: T): T {
	return JSON.parse(JSON.stringify(json)) as T;
}

function encodeWalk(walk: Walk): SavedWalk {
	const { windows, position, begun, startedAt, oldest, below, pages, rejections, size, skim } = walk;
	return {
		windows: windows.map(({ lower, upper }) => [String(lower), upper === undefined ? null : String(upper)]),
		...(position && { position }),
		...(begun && { begun: copy(begun) }),
		...(startedAt !== undefined && { startedAt: String(startedAt) }),
		...(oldest !== undefined && { oldest: String(oldest) }),
		...(below !== undefined && { below: String(below) }),
		pages,
		rejections,
		...(size !== undefined && { size }),
		...(skim && { skim }),
	};
}

function decodeWalk(walk: SavedWalk): Walk | undefined {
	const saved = formerWalk(walk);
	if (!saved) return undefined;
	const windows = saved.windows.map(([lower, upper]): Range => ({
		lower: BigInt(lower),
		...(upper !== null && { upper: BigInt(upper) }),
	}));
	const [first, ...later] = windows;
	if (!first) throw new TypeError('a walk without windows');
	const instant = (text: string | undefined) => (text === undefined ? undefined : BigInt(text));
	return {
		windows: [first, ...later],
		position: saved.position,
		begun: saved.begun,
		startedAt: instant(saved.startedAt),
		oldest: instant(saved.oldest),
		below: instant(saved.below),
		pages: Number(saved.pages) || 0,
		rejections: Number(saved.rejections) || 0,
		size: Number(saved.size) || undefined,
		skim: saved.skim === true,
	};
}

function textOf(value: unknown): string {
	if (typeof value !== 'string') throw new TypeError('no text');
	return value;
}
