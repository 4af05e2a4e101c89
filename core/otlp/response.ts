/** What a receiver says in a 2xx answer: `ExportLogsServiceResponse` in either encoding, or something that only looks like success. */

export type ExportResponse =
	/** How many were refused; the protocol never says which. 0: all were taken, and the message is a warning. */
	| { kind: 'read'; rejected: number; message: string }
	/** A web page: a login page or a proxy answered. */
	| { kind: 'page' }
	/** No OTLP answer: it is unknown what became of the records. */
	| { kind: 'unreadable' };

interface Partial {
	rejected: number;
	message: string;
}

const NOTHING: Partial = { rejected: 0, message: '' };

/**
 * Never throws. An empty body is a full success. What the bytes are counts more than what they are called: servers send JSON
 * and protobuf under each other's names, `{}` as a page, and pages as bytes.
 */
export function readResponse(contentType: string, body: Uint8Array): ExportResponse {
	const start = isOneField(body) ? '' : firstCharacter(body);
	if (start !== '<') {
		const isPage = body.length === 0 && /html/i.test(contentType);
		const partial = isPage ? undefined : start === '{' ? fromJson(body) : fromProtobuf(body);
		if (partial) return { kind: 'read', ...partial };
	}
	return start === '<' || /html/i.test(contentType) ? { kind: 'page' } : { kind: 'unreadable' };
}

/** A short `partial_success` alone: a line feed, then its length, which may well be the code of `<` or `{`. */
function isOneField(body: Uint8Array): boolean {
	return body[0] === 0x0a && body[1] === body.length - 2;
}

/** No protobuf message begins with `<` or `{`: they would be the end of a group and the start of one. */
function firstCharacter(body: Uint8Array): string {
	return new TextDecoder().decode(body.subarray(0, 64)).trimStart().charAt(0);
}

/** Members beside `partialSuccess` are ignored. An object that has only others is some other answer. */
function fromJson(body: Uint8Array): Partial | undefined {
	const answer = parse(new TextDecoder().decode(body));
	if (!answer) return undefined;
	const partial = field(answer, 'partialSuccess', 'partial_success');
	if (partial === undefined) return Object.keys(answer).length === 0 ? NOTHING : undefined;
	if (partial === null) return NOTHING;
	if (!isObject(partial)) return undefined;
	const rejected = field(partial, 'rejectedLogRecords', 'rejected_log_records') ?? 0;
	const message = field(partial, 'errorMessage', 'error_message') ?? '';
	// 64 bit numbers are written as text
	const count = typeof rejected === 'string' && /^\d+$/.test(rejected) ? Number(rejected) : rejected;
	if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) return undefined;
	return { rejected: count, message: typeof message === 'string' ? message : JSON.stringify(message) };
}

/** Protobuf's JSON mapping writes camelCase and accepts both. */
function field(value: Record<string, unknown>, camel: string, snake: string): unknown {
	return value[camel] ?? value[snake] ?? (camel in value || snake in value ? null : undefined);
}

function parse(text: string): Record<string, unknown> | undefined {
	try {
		const json: unknown = JSON.parse(text);
		return isObject(json) ? json : undefined;
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Field 1 is `partial_success`; of its fields 1 is the count and 2 the message. Unknown ones are ignored beside it. */
function fromProtobuf(body: Uint8Array): Partial | undefined {
	const answer = fields(body);
	if (!answer) return undefined;
	let partial = answer.length === 0 ? NOTHING : undefined;
	for (const [number, value] of answer) {
		if (number !== 1 || typeof value !== 'object') continue;
		const inner = fields(value);
		if (!inner) return undefined;
		partial ??= NOTHING;
		for (const [name, said] of inner) {
			if (name === 1 && typeof said === 'bigint') {
				if (BigInt.asIntN(64, said) < 0n) return undefined;
				partial = { ...partial, rejected: Number(said) };
			}
			if (name === 2 && typeof said === 'object') partial = { ...partial, message: new TextDecoder().decode(said) };
		}
	}
	return partial;
}

/** Of a message, in its order; undefined when it is none. The values of fixed width are skipped: the answer has none. */
function fields(bytes: Uint8Array): [number, bigint | Uint8Array | undefined][] | undefined {
	const found: [number, bigint | Uint8Array | undefined][] = [];
	let at = 0;
	const varint = (): bigint | undefined => {
		let value = 0n;
		for (let shift = 0n; shift < 70n; shift += 7n) {
			const byte = bytes[at++];
			if (byte === undefined) return undefined;
			value |= BigInt(byte & 0x7f) << shift;
			if (byte < 0x80) return value;
		}
		return undefined;
	};
	while (at < bytes.length) {
		const tag = varint();
		if (tag === undefined || tag < 8n || tag > 0xffff_ffffn) return undefined;
		const type = tag & 7n;
		let value: bigint | Uint8Array | undefined;
		if (type === 0n) {
			value = varint();
			if (value === undefined) return undefined;
		} else {
			const length = type === 1n ? 8n : type === 5n ? 4n : type === 2n ? varint() : undefined;
			if (length === undefined || length > BigInt(bytes.length - at)) return undefined;
			const start = at;
			at += Number(length);
			if (type === 2n) value = bytes.subarray(start, at);
		}
		found.push([Number(tag >> 3n), value]);
	}
	return found;
}
