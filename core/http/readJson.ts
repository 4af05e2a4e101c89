/** Turns a transport into a `Call`: JSON or a `RequestError`, never an error page taken for an empty list. */
import type { Call, Clock, HttpRequest, HttpResponse, Transport } from '../contract';
import { RequestError, type HttpFailure } from './failure';
import { parseAnswer, type Parsed } from '../json/parse';
import { resetMs, retryAfterMs } from './retryAfter';
import { describeHtml, errorWords, isHtml, quoted, type ErrorWords } from './errorWords';

/**
 * Throws `RequestError` of kind `http` for every status outside 2xx, with the provider's own words, and of kind `malformed` for
 * a 2xx without JSON. Neither ever holds a body, a header or a key.
 */
export function readingJson(transport: Transport, clock: Pick<Clock, 'now'>): Call {
	return async (request) => {
		const response = await transport(request);
		const { status, headers, body } = response;
		if (status < 200 || status > 299) {
			throw new RequestError({ method: request.method, path: request.path, ...httpFailure(response, clock.now()) });
		}
		const parsed = answerOf(body, request.list);
		if (parsed === undefined) throw malformed(request, status, defect(headers, bodyText(body)));
		return { status, headers, body, ...parsed };
	};
}

/** For clients that find JSON of another shape than they asked for. `detail` follows "status 200, but". */
export function malformed({ method, path }: HttpRequest, status: number, detail: string): RequestError {
	return new RequestError({ method, path, kind: 'malformed', status, detail });
}

function httpFailure({ status, headers, body: bytes }: HttpResponse, now: number): HttpFailure {
	const body = bodyText(bytes);
	const json = answerOf(bytes)?.json;
	const { requestId, ...words }: ErrorWords =
		json === undefined && isHtml(body, headers['content-type'])
			? { message: describeHtml(body) }
			: errorWords(body, json);
	const failure: HttpFailure = {
		kind: 'http',
		status,
		...words,
		requestId: requestId ?? quoted(headers['x-request-id'] ?? headers['request-id'], 200),
		retryAfterMs: retryAfterMs(headers, now),
		resetMs: resetMs(headers, now),
	};
	return Object.fromEntries(
		Object.entries(failure).filter(([, value]) => value !== undefined),
	) as unknown as HttpFailure;
}

/** What is wrong with a body that does not parse. `JSON.parse`'s own message quotes the body, so it is not used. */
function defect(headers: HttpResponse['headers'], body: string): string {
	if (isHtml(body, headers['content-type'])) return `the answer is an ${describeHtml(body)} instead of JSON`;
	if (body.trim() === '') return 'the body is empty';
	const type = quoted(headers['content-type'], 60) ?? 'no content type';
	const open = /^\s*[[{]/.test(body) && !/[\]}]\s*$/.test(body.slice(-100));
	return `the body is ${open ? 'cut-off JSON' : 'not JSON'} (${body.length} characters, ${type})`;
}

function answerOf(body: Uint8Array, list?: readonly string[]): Parsed | undefined {
	try {
		return parseAnswer(body, list);
	} catch {
		return undefined;
	}
}

/** Without a byte order mark. */
export function bodyText(body: Uint8Array): string {
	return new TextDecoder().decode(body);
}
