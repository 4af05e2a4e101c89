/** Wire shapes of AuditAPI and the queries of its two lists. */
import type { JsonObject } from '../../core/contract';
import type { ListPage } from '../list';

export interface AuditApiEvent {
	id?: string;
	object?: 'event';
	/** ISO 8601, given by whoever wrote the event: it may lie in the past or in the future. */
	timestamp?: string;
	/** Whatever was written; integers beyond 2^53 are exact only in the raw text. */
	payload?: JsonObject;
}

interface Filters {
	/** First calendar day, `YYYY-MM-DD`. Whether it is inclusive, and of which time zone, is not documented. */
	startDate?: string;
	/** Last calendar day, as `startDate`. */
	endDate?: string;
	/** One key of the payload and its value; the API takes no second one. */
	filter?: { key: string; value: string | number | boolean };
	/** 1 to 100, default 100 (the API's own default is 10). Other numbers are clamped. */
	limit?: number;
	/** What is too long in an event is left out. */
	skim?: boolean;
	signal?: AbortSignal;
}

/** Older events, or newer ones, than the event with this id. The API ignores one of them when both are given. */
type Place =
	{ startingAfter?: string; endingBefore?: undefined } | { startingAfter?: undefined; endingBefore?: string };

export type EventQuery = Filters & Place;

/** `*` is a wildcard, double quotes keep a phrase together; passed on as it is. */
export type SearchQuery = EventQuery & { query: string };

export type EventPage = ListPage<AuditApiEvent>;
