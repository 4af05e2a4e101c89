/** How the state of a stream is written into n8n's static data: plain JSON. */
import { encode as encodeState, streamForm } from '../../../core/walk/codec';
import type { StreamState } from '../../../core/walk/contract';
import { FIRST, renewed } from './former';
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

const VERSION = 3;

export interface Saved {
	version: number;
	fingerprint?: string;
	name?: string;
	service?: string;
	saves?: number;
	/** As everywhere. */
	stream: unknown;
	/** Times in nanoseconds: there may be many, and the data must stay small. */
	seen: [id: string, time: string][];
	/** Hashes one after the other, by span. */
	old?: Record<string, string>;
	sweptAt: number;
	floorToldAt?: number;
	polledAt?: number;
	healthTold?: { status: string; at: number };
}

export function encode(state: PollState): Saved {
	const { fingerprint, name, service, saves, stream, seen, sweptAt, floorToldAt, polledAt, healthTold } = state;
	return {
		version: VERSION,
		fingerprint,
		name,
		service,
		saves,
		// n8n wraps what it is given, so that one object cannot be in two places
		stream: JSON.parse(encodeState(streamForm, stream)) as unknown,
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
		const saved = renewed(value) as Saved;
		const isFirst = (value as Saved).version === FIRST;
		if (saved.version !== VERSION) return undefined;
		return {
			...(!isFirst && { fingerprint: textOf(saved.fingerprint), name: textOf(saved.name) }),
			...(saved.service !== undefined && { service: textOf(saved.service) }),
			saves: Number(saved.saves) || 0,
			stream: streamForm.read(saved.stream),
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

function textOf(value: unknown): string {
	if (typeof value !== 'string') throw new TypeError('no text');
	return value;
}
