/** The exported state: one list per table, each column said once, for writing and for checked reading. */
import * as z from 'zod';
import type { Gap, Walk } from '../../core/walk/contract';
import type { Interval } from '../../core/walk/intervals';
import { formatInstant, parseInstant } from '../../core/time';
import type { Kept } from '../../core/contract';
import { decodeEvents, decodeState, encodeEvents, encodeState, type EncodedEvents } from './codec';
import type { Verified } from './verified';

/** Of the exported file; raised when older versions could not read it. */
export const EXPORT_VERSION = 1;
export const EXPORT_FORMAT = 'audit-relay-state';

const text = z.string();
const named = text.min(1, { error: 'is empty' });

const wrong = (what: string, input: unknown) => ({ code: 'custom', message: what, input }) as const;

/** As people read it, to the nanosecond. */
const instant = z.codec(text, z.bigint(), {
	decode: (value, context) => {
		const parsed = parseInstant(value);
		if (parsed !== undefined && BigInt.asIntN(64, parsed) === parsed) return parsed;
		context.issues.push(wrong('is not an instant of the form 2026-02-11T08:02:14.217018999Z', value));
		return z.NEVER;
	},
	encode: (value) => formatInstant(value, 9),
});
const number = z.codec(z.int().nonnegative(), z.bigint(), { decode: BigInt, encode: Number });
/** A span of time: too large for a JSON number. */
const nanos = z.codec(text.regex(/^\d{1,18}$/, { error: 'is not a number of nanoseconds' }), z.bigint(), {
	decode: BigInt,
	encode: String,
});
const flag = z.codec(z.boolean(), z.bigint(), {
	decode: (value) => (value ? 1n : 0n),
	encode: (value) => value === 1n,
});

const jsonObject = text.refine(isJsonObject, { error: 'is not a JSON object' });

const GAP_REASONS: Record<Gap['reason'], true> = {
	collection_start: true,
	retention: true,
	chain_break: true,
	state_lost: true,
	skipped: true,
	rejected: true,
	filter_ignored: true,
};
const gapReason = z.enum(Object.keys(GAP_REASONS) as Gap['reason'][]);
const gap = z.strictObject({
	reason: gapReason,
	from: instant.optional(),
	to: instant.optional(),
	detail: text,
}) satisfies z.ZodType<Gap>;
const verdict = z.enum(['proven', 'unknown', 'broken']);
const place = z.strictObject({ id: text.optional(), time: instant.optional(), why: text });
const finding = z.strictObject({
	check: z.enum(['re-walk', 'chain', 'count', 'provider']),
	verdict,
	detail: text,
	where: z.array(place).optional(),
});
const count = z.int().nonnegative();
const counts = z.strictObject({
	...{ listed: count, acknowledged: count, waiting: count, deadLettered: count },
	...{ dropped: count, missing: count, gone: count, unreadable: count },
});
const verified = z.strictObject({
	verdict,
	reason: text.optional(),
	from: instant.optional(),
	to: instant.optional(),
	counts: counts.optional(),
	findings: z.array(finding),
}) satisfies z.ZodType<Verified>;
const interval = z.strictObject({ from: instant, to: instant }) satisfies z.ZodType<Interval>;
const range = z.strictObject({ lower: instant, upper: instant.optional() });
const position = z.record(text, z.union([text, z.number()]));
/** Each member of it: a walk with one that is missing here could not be exported. */
const walk = z.strictObject({
	windows: z.tuple([range], range),
	position: position.optional(),
	begun: position.optional(),
	startedAt: instant.optional(),
	oldest: instant.optional(),
	below: instant.optional(),
	pages: z.int().nonnegative(),
	rejections: z.int().nonnegative(),
	size: z.int().positive().optional(),
	skim: z.boolean().optional(),
} satisfies Record<keyof Walk, z.ZodType>) satisfies z.ZodType<Walk>;

const kept: z.ZodType<Kept> = z.record(text, z.json());

/** A column that holds state as JSON text. */
const state = <T extends Walk | Kept | Gap[] | Interval[] | Verified>(shape: z.ZodType<T>) =>
	z.codec(shape, text, { decode: (value) => encodeState(value), encode: (value) => decodeState<T>(value) as never });

const event = z.strictObject({ id: text, time: instant, raw: jsonObject, isReplaced: z.literal(true).optional() });
/** Of the row's columns one list. */
const events = z.codec(z.array(event), z.custom<EncodedEvents>(), {
	decode: (list) => encodeEvents(list),
	encode: (columns) => decodeEvents(columns).map(({ json: _, ...event }) => event),
});

/** Eight bytes each. */
const packedIds = z.codec(z.base64(), z.instanceof(Uint8Array<ArrayBufferLike>), {
	decode: (value, context) => {
		const bytes = Buffer.from(value, 'base64');
		if (bytes.length % 8 === 0) return bytes;
		context.issues.push(wrong('is not a list of 64-bit numbers', value));
		return z.NEVER;
	},
	encode: (value) => Buffer.from(value).toString('base64'),
});

/** In the order in which they are written. Column names are those of the table; what is left out starts over. */
export const TABLES = {
	streams: z
		.strictObject({
			name: named,
			fingerprint: named,
			settings: jsonObject.nullable(),
			start: instant.nullable(),
			watermark: instant.nullable(),
			walk: state(walk).nullable(),
			kept: state(kept).nullable(),
			covered: state(z.array(interval)),
		})
		.refine(({ start, watermark }) => (start === null) === (watermark === null), {
			error: 'has only one of start and watermark',
		}),
	seen: z.strictObject({ stream: named, id: text, time: instant }),
	// of a database, which keeps no texts of ids: `packedIds.ts`
	known: z
		.strictObject({ stream: named, dropped: count, times: packedIds, hashes: packedIds, others: packedIds })
		.refine(({ times, hashes, dropped }) => times.length === hashes.length && dropped <= hashes.length / 8, {
			error: 'has not as many times as ids',
		}),
	backfills: z.strictObject({
		id: number,
		stream: named,
		asked: text,
		from: instant,
		to: instant,
		done: instant,
		width: nanos,
		walk: state(walk).nullable(),
		pages: number,
		events: number,
		last_batch: number.nullable(),
		started: instant,
		ended: instant.nullable(),
		cancelled: flag,
	}),
	batches: z.strictObject({
		id: number,
		stream: named,
		observed: instant,
		events,
		gaps: state(z.array(gap)),
		// older files have none, or have it among the gaps
		verified: state(verified).nullable().default(null),
		retried: flag,
	}),
	deliveries: z.strictObject({ destination: named, batch: number }),
	rereads: z.strictObject({ id: number, stream: named, from: instant, to: instant }),
	shipped: z.strictObject({ stream: named, destination: named, records: number }),
	dead_letters: z.strictObject({
		id: number,
		stream: named,
		destination: text,
		event_id: text,
		raw: text,
		time: instant.nullable(),
		observed: instant,
		reason: named,
		detail: text,
		at: instant,
		// older files say nothing of it
		replaced: flag.default(0n),
	}),
	gaps: z.strictObject({
		stream: named,
		reason: gapReason,
		from: instant.nullable(),
		to: instant.nullable(),
		detail: text,
		at: instant,
		acknowledged: instant.nullable().default(null),
		acknowledged_by: text.nullable().default(null),
	}),
	actions: z.strictObject({ at: instant, by: text, what: text }),
} satisfies Record<string, z.ZodType>;

/** Not in what older versions have exported. */
export const NEW_TABLES: ReadonlySet<string> = new Set(['known', 'rereads', 'actions']);

export type TableName = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as TableName[];

export type RowCounts = Record<TableName, number>;

export interface Exported {
	counts: RowCounts;
	/** What the disk has altered: not written. */
	leftOut: { table: TableName; row: string }[];
}

function isJsonObject(value: string): boolean {
	try {
		const json: unknown = JSON.parse(value);
		return typeof json === 'object' && json !== null && !Array.isArray(json);
	} catch {
		return false;
	}
}
