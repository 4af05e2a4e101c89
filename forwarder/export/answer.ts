/** What a receiver's answer to one export request means. Pure; the rules are those of OTLP/HTTP 1.11 and of its vendors. */
import { readResponse } from '../../core/otlp/response';
import { retryAfterMs } from '../../core/http/retryAfter';
import { WANTS_TLS } from '../http/noAnswer';
import { statusBehind } from './downstream';

export type Answer =
	/** `unread`: what it said instead of an OTLP answer, where that is configured to do. */
	| { kind: 'accepted'; warning?: string; unread?: string }
	/** So many were refused, at least one; nobody says which. */
	| { kind: 'partial'; rejected: number; message: string }
	/** Will pass by itself. `throttled`: the receiver asks for less, so every request to it has to wait. */
	| { kind: 'retry'; afterMs?: number; throttled: boolean; reason: string }
	/** 408 and 500 mean "later" to some receivers and "never" to others. */
	| { kind: 'maybe'; reason: string }
	| { kind: 'tooBig'; message: string }
	/** Something in the request is refused for good. */
	| { kind: 'poison'; message: string }
	/** No record can get through until a setting is changed. */
	| { kind: 'misconfigured'; message: string };

/** What came back for one request. */
export type Reply =
	| {
			kind: 'response';
			status: number;
			/** Names in lower case. */
			headers: Readonly<Record<string, string | undefined>>;
			body: Uint8Array;
			/** The body was larger than we read. */
			truncated?: boolean;
	  }
	/** No complete answer: refused, reset, cut off, too slow. `code` like `ECONNREFUSED`. */
	| { kind: 'failed'; code: string };

export interface AnswerOptions {
	/** Accept a 2xx whose body is neither an OTLP answer nor HTML. */
	lenientResponse?: boolean;
	/** Milliseconds since the epoch, for a `Retry-After` date when the receiver sends no `Date`. */
	now: number;
}

/** Longest pause that a receiver can ask for. */
const MAX_RETRY_AFTER_MS = 15 * 60_000;
/** Before secrets are cut out of it; the exporter shortens it further. */
const MESSAGE_LENGTH = 2000;
const TOO_LARGE =
	/too (large|big)|(exceeds?|larger than|over) .{0,60}(size|bytes|limit)|(size|length|bytes) .{0,20}exceed/i;
const RATE = /rate|quota|requests per/i;

export function classify(reply: Reply, options: AnswerOptions): Answer {
	if (reply.kind === 'failed') return { kind: 'retry', throttled: false, reason: `no answer (${reply.code})` };
	const { status } = reply;
	if (status >= 200 && status < 300) return success(reply, options.lenientResponse === true);
	const message = described(status, reply.body);
	switch (statusBehind(status, message)) {
		case 429:
		case 503:
		case 502:
		case 504:
		case 425:
			return withDelay(pauseMs(reply.headers, options.now), status === 429 || status === 503, message);
		case 408:
		case 500:
			return { kind: 'maybe', reason: message };
		case 413:
			return { kind: 'tooBig', message };
		case 400:
			// http:// to a port for https://: no record can get through
			if (WANTS_TLS.test(message)) return { kind: 'misconfigured', message };
			return { kind: TOO_LARGE.test(message) && !RATE.test(message) ? 'tooBig' : 'poison', message };
		case 422:
			return { kind: 'poison', message };
		default:
			// 520 to 530 are of a proxy whose origin is away. Whatever is left (401, 403, 404, 3xx, 501 and codes nobody
			// lists) must not be repeated and is not a fault of a record: stopping keeps the data.
			return status >= 520 && status <= 530
				? withDelay(pauseMs(reply.headers, options.now), false, message)
				: { kind: 'misconfigured', message };
	}
}

function success(reply: Extract<Reply, { kind: 'response' }>, lenient: boolean): Answer {
	const { status, headers, body } = reply;
	const response = reply.truncated ? UNREADABLE : readResponse(headers['content-type'] ?? '', body);
	switch (response.kind) {
		case 'read': {
			const message = clean(response.message);
			if (response.rejected > 0) return { kind: 'partial', rejected: response.rejected, message };
			return message ? { kind: 'accepted', warning: message } : { kind: 'accepted' };
		}
		case 'page':
			return { kind: 'misconfigured', message: `status ${status} with a web page: a login page or a proxy answered` };
		case 'unreadable': {
			const words = wordsOf(body);
			if (lenient) return { kind: 'accepted', unread: words };
			return { kind: 'misconfigured', message: `status ${status} ${NO_OTLP_ANSWER}${words ? `: ${words}` : ''}` };
		}
	}
}

const UNREADABLE = { kind: 'unreadable' } as const;
/** Also what the advice of `check` knows it by. */
export const NO_OTLP_ANSWER = 'with a body that is not an OTLP answer';

function pauseMs(headers: Extract<Reply, { kind: 'response' }>['headers'], now: number): number | undefined {
	const asked = retryAfterMs(headers, now);
	return asked === undefined ? undefined : Math.min(asked, MAX_RETRY_AFTER_MS);
}

function withDelay(afterMs: number | undefined, throttled: boolean, reason: string): Answer {
	return afterMs === undefined ? { kind: 'retry', throttled, reason } : { kind: 'retry', afterMs, throttled, reason };
}

/**
 * The receiver's own words. An error body is a protobuf `google.rpc.Status`, JSON or plain text: the readable part of
 * any of them serves a person, so nothing is decoded that could fail on hostile bytes.
 */
function described(status: number, body: Uint8Array): string {
	const words = wordsOf(body);
	// only of a 400 is it not known before whether it speaks of one request or of the address
	const page = status === 400 && /^\s*<(!doctype|html)/i.test(textOf(body)) ? ' with a web page' : '';
	return words ? `status ${status}${page}: ${words}` : `status ${status}${page}`;
}

function wordsOf(body: Uint8Array): string {
	return clean(textOf(body).replace(/<[^>]*>/g, ' '));
}

function textOf(body: Uint8Array): string {
	return Buffer.from(body.subarray(0, MESSAGE_LENGTH)).toString('utf8');
}

function clean(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Cf}\uFFFD]+/gu, ' ')
		.trim()
		.slice(0, MESSAGE_LENGTH);
}
