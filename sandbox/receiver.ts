/** An OTLP/HTTP logs receiver that keeps what it gets and misbehaves on request. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import * as zlib from 'node:zlib';
import { htmlPage, retryAfterText } from './faults';
import { decodeLogs, type DecodedRecord } from './otlpDecode';
import { bytesField, varintField } from './protobuf';
import { close, listen, readBody, reset, send, sendSlowly, sendTruncated, type WireReply } from './wire';

export type Answer =
	/** Any status; the request is stored when it is 2xx. */
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly retryAfter?: { readonly seconds: number } | { readonly date: number };
			readonly body?: string;
			readonly headers?: Record<string, string>;
	  }
	/** 200 saying that some records were refused, not which. None are stored: a sender must not rely on any. */
	| { readonly kind: 'partial'; readonly rejected: number; readonly message?: string }
	/** 200 with a JSON body, as some gateways send whatever the request was. */
	| { readonly kind: 'json'; readonly body: unknown }
	| { readonly kind: 'html'; readonly status?: number }
	/** 200 with bytes that are not protobuf. */
	| { readonly kind: 'garbage' }
	/** Connection reset; `after`: the batch is stored, so that sending it again makes duplicates. */
	| { readonly kind: 'reset'; readonly when: 'before' | 'after' }
	/** Stored, and answered late. */
	| { readonly kind: 'slow'; readonly pauseMs: number }
	/** Stored; 200 headers, then the connection ends before the body does. */
	| { readonly kind: 'truncated' }
	/** Never answered, not stored. */
	| { readonly kind: 'silent' };

/** `number` counts requests from 1. Undefined: store and accept. */
export type AnswerPlan = (number: number, request: ReceivedRequest) => Answer | undefined;

export interface ReceivedRequest {
	readonly method: string;
	readonly url: string;
	readonly headers: IncomingHttpHeaders;
	/** Decompressed. */
	readonly body: Buffer;
	/** Bytes on the wire. */
	readonly wireBytes: number;
	readonly records: readonly DecodedRecord[];
}

export interface ReceiverOptions {
	readonly answers?: AnswerPlan;
	/** Called with the records of every stored request. */
	readonly accept?: (records: readonly DecodedRecord[]) => void;
	readonly host?: string;
	readonly port?: number;
	/** 413 above it; the protocol's own default is 64 MiB. */
	readonly maxBytes?: number;
}

export interface Receiver {
	/** OTLP base; `/v1/logs` is appended by the sender. */
	readonly url: string;
	readonly port: number;
	/** Every well-formed request, stored or not, oldest first. */
	readonly requests: readonly ReceivedRequest[];
	/** What a SIEM would hold now, repeats included. */
	readonly stored: readonly DecodedRecord[];
	setAnswers(plan: AnswerPlan | undefined): void;
	close(): Promise<void>;
}

export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
	let plan = options.answers;
	const requests: ReceivedRequest[] = [];
	const stored: DecodedRecord[] = [];

	async function receive(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const wireBody = await readBody(message);
		const read = readRequest(message, wireBody, options.maxBytes ?? 64 * 1024 * 1024);
		if (!read.ok) return send(response, plain(read.status, read.reason));
		requests.push(read.request);
		const answer = plan?.(requests.length, read.request);
		if (stores(answer)) {
			stored.push(...read.request.records);
			options.accept?.(read.request.records);
		}
		await deliver(response, answer);
	}

	const server = createServer((message, response) => {
		receive(message, response).catch(() => response.destroy());
	});
	const { url, port } = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
	return {
		url,
		port,
		requests,
		stored,
		setAnswers: (next) => {
			plan = next;
		},
		close: () => close(server),
	};
}

type Read =
	| { readonly ok: true; readonly request: ReceivedRequest }
	| { readonly ok: false; readonly status: number; readonly reason: string };

function readRequest(message: IncomingMessage, wireBody: Buffer, maxBytes: number): Read {
	const { method = '', url = '', headers } = message;
	if (url.split('?')[0] !== '/v1/logs') return { ok: false, status: 404, reason: 'not found' };
	if (method !== 'POST') return { ok: false, status: 405, reason: 'POST only' };
	if (headers['content-type']?.split(';')[0] !== 'application/x-protobuf') {
		return { ok: false, status: 415, reason: 'application/x-protobuf only' };
	}
	try {
		const body = decompress(wireBody, headers['content-encoding']);
		if (!body) return { ok: false, status: 415, reason: 'unknown content-encoding' };
		if (body.length > maxBytes) return { ok: false, status: 413, reason: 'request body too large' };
		const records = decodeLogs(body);
		return { ok: true, request: { method, url, headers, body, wireBytes: wireBody.length, records } };
	} catch (error) {
		return { ok: false, status: 400, reason: String(error) };
	}
}

function decompress(body: Buffer, encoding = 'identity'): Buffer | undefined {
	if (encoding === 'identity') return body;
	if (encoding === 'gzip') return zlib.gunzipSync(body);
	return encoding === 'zstd' ? zlib.zstdDecompressSync(body) : undefined;
}

function stores(answer: Answer | undefined): boolean {
	switch (answer?.kind) {
		case 'status':
			return answer.status >= 200 && answer.status < 300;
		case 'reset':
			return answer.when === 'after';
		case 'partial':
		case 'html':
		case 'silent':
			return false;
		default:
			return true;
	}
}

async function deliver(response: ServerResponse, answer: Answer | undefined): Promise<void> {
	switch (answer?.kind) {
		case undefined:
			return send(response, protobuf(new Uint8Array()));
		case 'status': {
			const headers: Record<string, string> = answer.retryAfter
				? { 'retry-after': retryAfterText(answer.retryAfter) }
				: {};
			return send(response, plain(answer.status, answer.body ?? '', { ...headers, ...answer.headers }));
		}
		case 'partial':
			return send(response, protobuf(partialSuccess(answer.rejected, answer.message ?? '')));
		case 'json':
			return send(response, plain(200, JSON.stringify(answer.body), { 'content-type': 'application/json' }));
		case 'html':
			return send(response, plain(answer.status ?? 200, htmlPage, { 'content-type': 'text/html; charset=utf-8' }));
		case 'garbage':
			return send(response, protobuf(Buffer.from('ffffffffffffffffffffff', 'hex')));
		case 'reset':
			return reset(response);
		case 'slow':
			// a partial success of nothing, so that there are bytes to be late with
			return sendSlowly(response, protobuf(partialSuccess(0, '')), answer.pauseMs, 1);
		case 'truncated':
			return sendTruncated(response, protobuf(partialSuccess(0, 'cut')), 'content-length');
		case 'silent':
			return undefined;
	}
}

/** `ExportLogsServiceResponse{partial_success{rejected_log_records, error_message}}`. */
export function partialSuccess(rejected: number, message: string): Buffer {
	return bytesField(1, Buffer.concat([varintField(1, BigInt(rejected)), bytesField(2, Buffer.from(message))]));
}

function protobuf(body: Uint8Array): WireReply {
	return { status: 200, headers: { 'content-type': 'application/x-protobuf' }, body };
}

function plain(status: number, body: string, headers: Record<string, string> = {}): WireReply {
	return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: Buffer.from(body) };
}
