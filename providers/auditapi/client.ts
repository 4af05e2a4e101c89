/** Operations of AuditAPI: it stores events as well as it lists them. */
import type { Call, HttpRequest, JsonObject } from '../../core/contract';
import { bodyText, malformed } from '../../core/http/readJson';
import { isPlain } from '../../core/record/event';
import { cursorBelow, readList } from '../list';
import { parseInstant } from '../../core/time';
import declaration from './declaration.json';
import { clampLimit, listParameters } from './query';
import type { AuditApiEvent, EventPage, EventQuery, SearchQuery } from './types';

const EVENTS = declaration.request.path;

export type AuditApiClient = ReturnType<typeof auditApiClient>;

export function auditApiClient(call: Call) {
	async function read(path: string, query: EventQuery, parameters: HttpRequest['query']): Promise<EventPage> {
		const { skim, signal } = query;
		const request: HttpRequest = { method: 'GET', path, query: parameters, skim, signal };
		const page = readList<AuditApiEvent>(await call(request), request, 'empty');
		if (query.endingBefore !== undefined) return page;
		return { ...page, next: cursorBelow(page, clampLimit(query.limit), query.startingAfter) };
	}

	return {
		/**
		 * Stores a payload and gives the event's id. A `timestamp` in it says when it happened, otherwise the receipt counts.
		 * The event is queued: reading it may answer 404 for a short time. Never repeated after an error, because the API has no
		 * idempotency key and a repeat may store it twice.
		 * Throws `TypeError` for an empty payload or a `timestamp` that AuditAPI would silently ignore.
		 */
		async create(payload: JsonObject, signal?: AbortSignal): Promise<{ id: string }> {
			if (!isPlain(payload) || Object.keys(payload).length === 0) {
				throw new TypeError('The payload must be a JSON object with at least one key.');
			}
			const { timestamp } = payload;
			if (timestamp !== undefined && parseInstant(timestamp) === undefined) {
				throw new TypeError(
					'The timestamp must be an ISO 8601 date and time: AuditAPI ignores anything else silently.',
				);
			}
			const request: HttpRequest = { method: 'POST', path: EVENTS, body: JSON.stringify(payload), signal };
			const { json, status } = await call(request);
			const id = isPlain(json) ? json.id : undefined;
			if (typeof id !== 'string' || id === '') throw malformed(request, status, 'the answer has no event id');
			return { id };
		},

		/** The event and its text as received; with `skim`, what is too long in it is left out. */
		async retrieve(id: string, signal?: AbortSignal, skim?: boolean): Promise<{ event: AuditApiEvent; raw: string }> {
			const request: HttpRequest = { method: 'GET', path: `${EVENTS}/${encodeURIComponent(id)}`, skim, signal };
			const { json, status, body } = await call(request);
			if (!isPlain(json)) throw malformed(request, status, 'the answer is not an event');
			return { event: json, raw: bodyText(body) };
		},

		/** One page, newest first. `next` leads to older events; a page read with `endingBefore` has none. */
		async list(query: EventQuery = {}): Promise<EventPage> {
			return read(EVENTS, query, listParameters(query));
		},

		/** As `list`, for events whose payload matches. Throws `TypeError` for a blank query. */
		async search(query: SearchQuery): Promise<EventPage> {
			if (query.query.trim() === '') throw new TypeError('The search must not be blank.');
			return read(`${EVENTS}/search`, query, { ...listParameters(query), query: query.query });
		},
	};
}
