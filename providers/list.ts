/** What the list APIs of Arcus ERP and AuditAPI share: `{object, data, has_more}`, ids as cursors, newest first. */
import { object } from '../core/record/attributes';
import type { HttpRequest, InvalidEvent, JsonObject, JsonReply, Nanos, SourceEvent } from '../core/contract';
import type { Provider } from '../core/provider';
import { isPlain } from '../core/record/event';
import { PositionRejected, RequestError, describeFailure, type HttpFailure } from '../core/http/failure';
import { malformed } from '../core/http/readJson';
import { serverTime } from '../core/http/retryAfter';
import { idOf } from '../core/record/ids';
import type { Element } from '../core/json/parse';

/** Characters. */
const LONGEST_CURSOR = 16_384;

export interface ListElement<T = unknown> extends Element {
	/** The provider's id; absent when the element has none that could be sent back. */
	id?: string;
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
 * Reads the envelope. A 2xx answer without a list is never "no events": it throws `malformed`. Except for `null` where the list
 * belongs, and with `whenMissing: 'empty'` for an object without `data`, if it says as documented whether there is more, and does
 * not look like an error: an answer that says nothing would end a walk that was told of more.
 */
export function readList<T>(
	reply: JsonReply,
	request: HttpRequest,
	whenMissing: 'malformed' | 'empty' = 'malformed',
): Listing<T> {
	const envelope = object(reply.json);
	const { data, has_more: more, next_cursor: cursor } = envelope;
	const hasMore = typeof more === 'boolean' ? more : undefined;
	// an absurd one could not be sent; the id of the last element leads on as well
	const isCursor = typeof cursor === 'string' && cursor !== '' && cursor.length <= LONGEST_CURSOR;
	const nextCursor = isCursor ? cursor : undefined;
	const saysHowToGoOn = hasMore === false || (hasMore === true && nextCursor !== undefined);
	const mayBeEmpty = data === null || (data === undefined && whenMissing === 'empty');
	const isEmpty = mayBeEmpty && saysHowToGoOn && isPlain(reply.json) && !isError(envelope);
	if (!isEmpty && !Array.isArray(data)) throw malformed(request, reply.status, 'the answer has no list `data`');
	const elements = (reply.lists.get('data') ?? []).map((element) => ({ ...element, id: idOf(element, 'id') }));
	return {
		elements: elements as ListElement<T>[],
		hasMore,
		nextCursor,
		serverTime: serverTime(reply.headers),
		envelope,
	};
}

/** More is announced, but nothing on the page can be gone on from. Whoever goes on from it is refused. */
const NOWHERE = '';
const GOES_NOWHERE = 'More is announced, but no element of the page has an id to go on from.';

/**
 * Cursor of the page below this one, undefined at the end.
 * `has_more: false` ends the list, except on a page of `full` or more elements: a wrong flag there would hide everything
 * older, and being sure costs one empty page. The result may repeat `cursor`; whoever pages must stop then.
 */
export function cursorBelow(list: Listing, full: number, cursor: string | undefined): string | undefined {
	const { elements, hasMore, nextCursor } = list;
	const goesOn = (hasMore ?? nextCursor !== undefined) || (elements.length > 0 && elements.length >= full);
	if (!goesOn) return undefined;
	const last = elements.findLast(({ id }) => id !== undefined)?.id;
	const next = [nextCursor, last].find((one) => one !== undefined && one !== cursor) ?? nextCursor ?? last;
	return next ?? (elements.length > 0 ? NOWHERE : undefined);
}

/** All elements, page after page. Throws when the provider hands out a cursor twice. */
export async function* everyElement<T>(
	page: (cursor: string | undefined) => Promise<ListPage<T>>,
): AsyncGenerator<ListElement<T>> {
	const sent = new Set<string>();
	let cursor: string | undefined;
	do {
		if (cursor === NOWHERE) throw new PositionRejected(GOES_NOWHERE);
		const { elements, next } = await page(cursor);
		yield* elements;
		cursor = next;
		if (cursor !== undefined && sent.has(cursor))
			throw new PositionRejected('The provider gave the same cursor twice.');
		if (cursor !== undefined) sent.add(cursor);
	} while (cursor !== undefined);
}

/** Parts events from elements that cannot be one. */
export function events(
	{ elements }: { elements: readonly Element[] },
	read: Provider['event'],
): { events: SourceEvent[]; invalid: InvalidEvent[] } {
	const valid: SourceEvent[] = [];
	const invalid: InvalidEvent[] = [];
	for (const element of elements) {
		const event = read(element);
		if ('reason' in event) invalid.push(event);
		else valid.push(event);
	}
	return { events: valid, invalid };
}

/** Runs a request that may carry a cursor; what the provider answers to a cursor that it does not know is `PositionRejected`. */
export async function withCursor<T>(cursor: string | undefined, request: () => Promise<T>): Promise<T> {
	if (cursor === NOWHERE) throw new PositionRejected(GOES_NOWHERE);
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

/** A member of this name that is `null` says that there is no error. */
export function isError(envelope: JsonObject): boolean {
	return ['error', 'errors', 'message', 'detail', 'title', 'code', 'status'].some(
		(key) => (envelope[key] ?? null) !== null,
	);
}
