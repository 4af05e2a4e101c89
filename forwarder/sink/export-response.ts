/** Reads the body of a 2xx answer: `ExportLogsServiceResponse` as protobuf or JSON, or something that only looks like success. */
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';

export type ExportResponse =
	{ kind: 'read'; rejected: number; message: string } | { kind: 'html' } | { kind: 'unreadable' };

interface PartialSuccess {
	rejected: unknown;
	message: unknown;
}

/** Never throws. An empty body is a full success, whatever its type says, unless the type is HTML. */
export function readExportResponse(contentType: string, body: Uint8Array): ExportResponse {
	const type = contentType.toLowerCase();
	// the first bytes count more than the type: proxies send pages as application/octet-stream, or with no type at all
	const start = isOneField(body) ? '' : firstCharacter(body);
	if (type.includes('html') || start === '<') return { kind: 'html' };
	if (body.length === 0) return { kind: 'read', rejected: 0, message: '' };
	try {
		return checked(type.includes('json') || start === '{' ? fromJson(body) : fromProtobuf(body));
	} catch {
		// the decoder throws on wire types it does not know and on lengths beyond the end
		return { kind: 'unreadable' };
	}
}

/** A short `partial_success` alone: a line feed, then its length, which may well be the code of `<` or `{`. */
function isOneField(body: Uint8Array): boolean {
	return body[0] === 0x0a && body[1] === body.length - 2;
}

function firstCharacter(body: Uint8Array): string {
	const text = Buffer.from(body.subarray(0, 64)).toString('latin1');
	return text
		.replace(/^\xEF\xBB\xBF/, '')
		.trimStart()
		.charAt(0);
}

function fromProtobuf(body: Uint8Array): PartialSuccess {
	const partial = ProtobufLogsSerializer.deserializeResponse(body).partialSuccess;
	return { rejected: partial?.rejectedLogRecords ?? 0, message: partial?.errorMessage ?? '' };
}

function fromJson(body: Uint8Array): PartialSuccess {
	const json = JSON.parse(Buffer.from(body).toString('utf8')) as unknown;
	if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('no JSON object');
	const partial = field(json, 'partialSuccess', 'partial_success') ?? {};
	return {
		rejected: field(partial, 'rejectedLogRecords', 'rejected_log_records') ?? 0,
		message: field(partial, 'errorMessage', 'error_message') ?? '',
	};
}

/** Protobuf's JSON mapping writes camelCase and accepts both, and writes 64 bit numbers as text. */
function field(value: object, camel: string, snake: string): NonNullable<unknown> | undefined {
	const fields = value as Record<string, unknown>;
	return fields[camel] ?? fields[snake] ?? undefined;
}

function checked({ rejected, message }: PartialSuccess): ExportResponse {
	const count = typeof rejected === 'number' || typeof rejected === 'string' ? Number(rejected) : NaN;
	if (!Number.isInteger(count) || count < 0) return { kind: 'unreadable' };
	return { kind: 'read', rejected: count, message: typeof message === 'string' ? message : JSON.stringify(message) };
}
