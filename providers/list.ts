/** What the list APIs of Arcus ERP and AuditAPI share: `{object, data, has_more}`, ids as cursors, newest first. */
import { object } from './attributes';
import type { HttpRequest, InvalidEvent, JsonObject, JsonReply, Nanos, SourceEvent } from './contract';
import { PositionRejected, RequestError, describeFailure, type HttpFailure } from './failure';
import { hash128 } from './hash';
import { malformed } from './http/readJson';
import { serverTime } from './http/retryAfter';
import { idText } from './ids';
import { parseInstant } from './time';

export interface ListElement<T = unknown> {
	/** The provider's id; absent when the element has none. */
	id?: string;
	/** JSON text exactly as received. */
	raw: string;
	json: T;
}

export interface Listing<T = unknown> {
	elements: ListElement<T>[];
	/** Absent when the provider did not say. */
	hasMore?: boolean;
	nextCursor?: string;
	/** The provider's clock (`Date` header). */
	serverTime?: Nanos;
	/** The other fields of the envelope. */
	envelope: JsonObject;
}

/** One page for people who read page by page. */
export interface ListPage<T = unknown> extends Listing<T> {
	/** Cursor of the next (older) page; absent at the end. */
	next?: string;
}

/**
 * Reads the envelope. A 2xx answer without a list is never "no events": it throws `malformed`, except that with
 * `whenMissing: 'empty'` an object without `data` that does not look like an error is an empty list.
 */
export function readList<T>(
	reply: JsonReply,
	request: HttpRequest,
	whenMissing: 'malformed' | 'empty' = 'malformed',
): Listing<T> {
	const envelope = object(reply.json);
	const data = envelope.data ?? (whenMissing === 'empty' && isPlain(reply.json) && !isError(envelope) ? [] : undefined);
	if (!Array.isArray(data)) throw malformed(request, reply.status, 'the answer has no list `data`');
	const texts = reply.texts.get('data') ?? [];
	const elements = texts.map((raw, index) => {
		const json = data[index] as T;
		return { id: idText({ raw, json }, 'id'), raw, json };
	});
	const cursor = envelope.next_cursor;
	return {
		elements,
		hasMore: typeof envelope.has_more === 'boolean' ? envelope.has_more : undefined,
		nextCursor: typeof cursor === 'string' && cursor !== '' ? cursor : undefined,
		serverTime: serverTime(reply.headers),
		envelope,
	};
}

/**
 * Cursor of the page below this one, undefined at the end.
 * `has_more: false` ends the list, except on a page of `full` or more elements: a wrong flag there would hide everything
 * older, and being sure costs one empty page. The result may repeat `cursor`; whoever pages must stop then.
 */
export function cursorBelow(
	list: Listing,
	full: number,
	cursor: string | undefined,
	request: HttpRequest,
): string | undefined {
	const { elements, hasMore, nextCursor } = list;
	const goesOn = (hasMore ?? nextCursor !== undefined) || (elements.length > 0 && elements.length >= full);
	if (!goesOn) return undefined;
	const last = elements.findLast(({ id }) => id !== undefined)?.id;
	const next = [nextCursor, last].find((one) => one !== undefined && one !== cursor) ?? nextCursor ?? last;
	if (next === undefined && elements.length > 0)
		throw malformed(request, 200, 'more is announced but no element has an id');
	return next;
}

/** All elements, page after page. Throws when the provider hands out a cursor twice. */
export async function* everyElement<T>(
	page: (cursor: string | undefined) => Promise<ListPage<T>>,
): AsyncGenerator<ListElement<T>> {
	const sent = new Set<string>();
	let cursor: string | undefined;
	do {
		const { elements, next } = await page(cursor);
		yield* elements;
		cursor = next;
		if (cursor !== undefined && sent.has(cursor))
			throw new PositionRejected('The provider gave the same cursor twice.');
		if (cursor !== undefined) sent.add(cursor);
	} while (cursor !== undefined);
}

/** Parts events from elements that cannot be one. Without an id the text itself is the id. */
export function events(list: Listing, timeField: string): { events: SourceEvent[]; invalid: InvalidEvent[] } {
	const valid: SourceEvent[] = [];
	const invalid: InvalidEvent[] = [];
	for (const { id, raw, json } of list.elements) {
		const known = id ?? `h:${hash128(raw)}`;
		const time = parseInstant(object(json)[timeField]);
		if (!isPlain(json)) invalid.push({ id: known, raw, reason: 'not an object' });
		else if (time === undefined) invalid.push({ id: known, raw, reason: `no usable time in ${timeField}` });
		else valid.push({ id: known, time, raw, json });
	}
	return { events: valid, invalid };
}

/** Runs a request that may carry a cursor; what the provider answers to a cursor that it does not know is `PositionRejected`. */
export async function withCursor<T>(cursor: string | undefined, request: () => Promise<T>): Promise<T> {
	try {
		return await request();
	} catch (error) {
		const refusal = cursor === undefined ? undefined : httpFailure(error, 400, 404, 410, 422);
		throw refusal ? new PositionRejected(describeFailure((error as RequestError).failure)) : error;
	}
}

/** The failure, when it is an answer with one of these statuses. */
export function httpFailure(error: unknown, ...statuses: number[]): HttpFailure | undefined {
	if (!(error instanceof RequestError) || error.failure.kind !== 'http') return undefined;
	return statuses.includes(error.failure.status) ? error.failure : undefined;
}

export function isPlain(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isError(envelope: JsonObject): boolean {
	return ['error', 'errors', 'message', 'detail', 'title', 'code', 'status'].some((key) => key in envelope);
}
