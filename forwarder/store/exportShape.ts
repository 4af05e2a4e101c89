/** The exported state: one list per table, each column said once, for writing and for checked reading. */
import * as z from 'zod';
import { type Form, FormError } from '../../core/json/form';
import {
	decode,
	encode,
	GAP_REASONS,
	gapsForm,
	instantForm,
	intervalsForm,
	keptForm,
	walkForm,
} from '../../core/walk/codec';
import { decodeEvents, encodeEvents, type EncodedEvents } from './codec';
import { verifiedForm } from './verified';

/** Of the exported file; raised when older versions could not read it. */
export const EXPORT_VERSION = 1;
export const EXPORT_FORMAT = 'audit-relay-state';

const text = z.string();
const named = text.min(1, { error: 'is empty' });

const wrong = (what: string, input: unknown) => ({ code: 'custom', message: what, input }) as const;

/** Reads as the form does; what is wrong, and where in it, becomes a problem of the file. */
function readBy<T>({ read }: Pick<Form<T>, 'read'>, json: unknown, issues: z.core.$ZodRawIssue[]): T {
	try {
		return read(json);
	} catch (error) {
		if (!(error instanceof FormError)) throw error;
		issues.push({ ...wrong(error.what, json), path: [...error.path] });
		return z.NEVER;
	}
}

const instant = z.codec(text, z.bigint(), {
	decode: (json, { issues }) => readBy(instantForm, json, issues),
	encode: (value) => instantForm.write(value) as string,
});
const number = z.codec(z.int().nonnegative(), z.bigint(), { decode: BigInt, encode: Number });
/** A span of time: too large for a JSON number. */
const nanos = z.codec(text.regex(/^\d{1,18}$/, { error: 'is not a number of nanoseconds' }), z.bigint(), {
	decode: BigInt,
	encode: String,
});
const count = z.int().nonnegative();
const flag = z.codec(z.boolean(), z.bigint(), {
	decode: (value) => (value ? 1n : 0n),
	encode: (value) => value === 1n,
});

const jsonObject = text.refine(isJsonObject, { error: 'is not a JSON object' });

/** A column that holds state: the file has the JSON of its text. */
const state = <T, W>(form: Form<T & W, W>) =>
	z.codec(z.json(), text, {
		decode: (json, { issues }) => {
			const value = readBy(form, json, issues);
			return issues.length > 0 ? z.NEVER : encode(form, value);
		},
		encode: (column) => {
			// only what can be read again
			decode(form, column);
			return JSON.parse(column) as z.core.util.JSONType;
		},
	});

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
			walk: state(walkForm).nullable(),
			kept: state(keptForm).nullable(),
			covered: state(intervalsForm),
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
		walk: state(walkForm).nullable(),
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
		gaps: state(gapsForm),
		// older files have none, or have it among the gaps
		verified: state(verifiedForm).nullable().default(null),
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
		reason: z.enum(GAP_REASONS),
		from: instant.nullable(),
		to: instant.nullable(),
		detail: text,
		at: instant,
		acknowledged: instant.nullable().default(null),
		acknowledged_by: text.nullable().default(null),
	}),
	actions: z.strictObject({ at: instant, by: text, what: text }),
	paused_sources: z.strictObject({ source: named, since: instant, by: text, note: text.nullable() }),
} satisfies Record<string, z.ZodType>;

/** Not in what older versions have exported. */
export const NEW_TABLES: ReadonlySet<string> = new Set(['known', 'rereads', 'actions', 'paused_sources']);

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
