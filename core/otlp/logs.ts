/**
 * OTLP log records in binary form, with the field numbers of the official logs.proto, common.proto and resource.proto: the same
 * bytes as the SDK's own serializer. Fields are written last first.
 */
import { BackwardWriter } from './backwardWriter';

/** As much of the SDK's `ReadableLogRecord` as is sent. */
export interface LogRecord {
	readonly hrTime: Time;
	readonly hrTimeObserved: Time;
	readonly severityNumber?: number;
	readonly severityText?: string;
	readonly eventName?: string;
	readonly body?: unknown;
	readonly attributes: Attributes;
	readonly droppedAttributesCount: number;
	readonly spanContext?: { traceId: string; spanId: string; traceFlags: number };
}

/** Seconds since the epoch and nanoseconds within the second. */
export type Time = readonly [seconds: number, nanos: number];

export type Attributes = Readonly<Record<string, unknown>>;

export interface Resource {
	readonly attributes: Attributes;
	readonly schemaUrl?: string;
}

export interface Scope {
	readonly name: string;
	readonly version?: string;
	readonly schemaUrl?: string;
	readonly attributes?: Attributes;
	readonly droppedAttributesCount?: number;
}

export type Bytes = Uint8Array<ArrayBuffer>;

/** Where records come from, and the records, encoded both: parts of one request. */
export interface Part {
	origin: Origin;
	/** From `encodeRecords`. */
	records: readonly Uint8Array[];
}

/** Encoded once for all resources. */
export interface EncodedScope {
	/** In front of the records of a `ScopeLogs`, and after them. */
	scope: Bytes;
	scopeSchema: Bytes;
}

/** A resource with one scope of it, encoded once for all requests. */
export interface Origin extends EncodedScope {
	/** In front of the `ScopeLogs` of a `ResourceLogs`, and after them. */
	resource: Bytes;
	resourceSchema: Bytes;
}

/** Tag of a field of one byte: its number and its wire type. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const tag = (field: number, type: number) => field * 8 + type;

export function encodeScope(scope: Scope): EncodedScope {
	return {
		scope: written((to) => {
			if (scope.droppedAttributesCount) to.integer(tag(4, VARINT), scope.droppedAttributesCount);
			if (scope.attributes) keyValues(to, tag(3, LENGTH), scope.attributes);
			if (scope.version) to.text(tag(2, LENGTH), scope.version);
			to.text(tag(1, LENGTH), scope.name);
			to.close(tag(1, LENGTH), 0);
		}),
		scopeSchema: written((to) => scope.schemaUrl && to.text(tag(3, LENGTH), scope.schemaUrl)),
	};
}

export function encodeOrigin(resource: Resource, scope: EncodedScope): Origin {
	return {
		...scope,
		resource: written((to) => {
			to.integer(tag(2, VARINT), 0);
			keyValues(to, tag(1, LENGTH), resource.attributes);
			to.close(tag(1, LENGTH), 0);
		}),
		resourceSchema: written((to) => resource.schemaUrl && to.text(tag(3, LENGTH), resource.schemaUrl)),
	};
}

/**
 * Each record as it stands in a request: the same bytes wherever and however often it is sent. Attributes for whose value
 * `isPresent` is false are left out; by default none, as the SDK does it.
 */
export function encodeRecords(records: readonly LogRecord[], isPresent = anything): Bytes[] {
	const to = new BackwardWriter(64 + records.length * AVERAGE_BYTES);
	const ends: number[] = [];
	for (let index = records.length - 1; index >= 0; index--) {
		ends.push(to.length);
		logRecord(to, records[index]!, isPresent);
		to.close(tag(2, LENGTH), ends.at(-1)!);
	}
	const all = to.finish();
	let start = 0;
	return ends.reverse().map((end) => all.subarray(start, (start = all.length - end)));
}

/** Of a record with a body; a wrong guess costs one copy. */
const AVERAGE_BYTES = 2500;

/** An `ExportLogsServiceRequest`. */
export function encodeRequest(parts: readonly Part[]): Bytes {
	const size = parts.reduce((sum, { records }) => records.reduce((all, { length }) => all + length, sum + 4096), 0);
	const to = new BackwardWriter(size);
	for (const { origin, records } of parts.toReversed()) {
		const since = to.length;
		to.bytes(origin.resourceSchema);
		const scopeSince = to.length;
		to.bytes(origin.scopeSchema);
		for (let index = records.length - 1; index >= 0; index--) to.bytes(records[index]!);
		to.bytes(origin.scope);
		to.close(tag(2, LENGTH), scopeSince);
		to.bytes(origin.resource);
		to.close(tag(1, LENGTH), since);
	}
	return to.finish();
}

type IsPresent = (value: unknown) => boolean;

const anything: IsPresent = () => true;

function logRecord(to: BackwardWriter, record: LogRecord, isPresent: IsPresent): void {
	const { eventName, hrTimeObserved, spanContext, body, severityText, severityNumber } = record;
	if (eventName) to.text(tag(12, LENGTH), eventName);
	to.fixed64(tag(11, FIXED64), nanos(hrTimeObserved));
	if (spanContext?.spanId) hex(to, tag(10, LENGTH), spanContext.spanId);
	if (spanContext?.traceId) hex(to, tag(9, LENGTH), spanContext.traceId);
	if (spanContext?.traceFlags) to.fixed32(tag(8, FIXED32), spanContext.traceFlags);
	to.integer(tag(7, VARINT), record.droppedAttributesCount);
	keyValues(to, tag(6, LENGTH), record.attributes, isPresent);
	if (body !== undefined) {
		const since = to.length;
		anyValue(to, body);
		to.close(tag(5, LENGTH), since);
	}
	if (severityText) to.text(tag(3, LENGTH), severityText);
	if (severityNumber) to.integer(tag(2, VARINT), severityNumber);
	to.fixed64(tag(1, FIXED64), nanos(record.hrTime));
}

function nanos([seconds, rest]: Time): bigint {
	return BigInt(seconds) * 1_000_000_000n + BigInt(rest);
}

function keyValues(to: BackwardWriter, field: number, values: Attributes, isPresent = anything): void {
	const keys = Object.keys(values);
	for (let index = keys.length - 1; index >= 0; index--) {
		const key = keys[index]!;
		const value = values[key];
		if (!isPresent(value)) continue;
		const since = to.length;
		anyValue(to, value);
		to.close(tag(2, LENGTH), since);
		to.text(tag(1, LENGTH), key);
		to.close(field, since);
	}
}

/** Whatever is not a value of OTLP (undefined, null, functions) becomes an empty one. */
function anyValue(to: BackwardWriter, value: unknown): void {
	if (typeof value === 'string') to.text(tag(1, LENGTH), value);
	else if (typeof value === 'boolean') to.integer(tag(2, VARINT), value ? 1 : 0);
	else if (typeof value === 'number') {
		if (isInt64(value)) to.integer(tag(3, VARINT), value);
		else to.double(tag(4, FIXED64), value);
	} else if (typeof value === 'object' && value !== null) container(to, value);
}

function container(to: BackwardWriter, value: object): void {
	const since = to.length;
	if (value instanceof Uint8Array) {
		to.bytes(value);
		to.close(tag(7, LENGTH), since);
	} else if (Array.isArray(value)) {
		list(to, value);
		to.close(tag(5, LENGTH), since);
	} else {
		keyValues(to, tag(1, LENGTH), value as Attributes);
		to.close(tag(6, LENGTH), since);
	}
}

function list(to: BackwardWriter, values: readonly unknown[]): void {
	for (let index = values.length - 1; index >= 0; index--) {
		const since = to.length;
		anyValue(to, values[index]);
		to.close(tag(1, LENGTH), since);
	}
}

function isInt64(value: number): boolean {
	return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function hex(to: BackwardWriter, field: number, digits: string): void {
	const pairs = digits.match(/../g) ?? [];
	to.bytes(Uint8Array.from(pairs, (pair) => parseInt(pair, 16)));
	to.close(field, to.length - pairs.length);
}

const NOTHING: Bytes = new Uint8Array();

function written(write: (to: BackwardWriter) => unknown): Bytes {
	const to = new BackwardWriter(512);
	write(to);
	// kept for as long as a source is: no more than there is
	return to.length === 0 ? NOTHING : to.finish().slice();
}
