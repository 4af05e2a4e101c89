/** `GET /v1/events` and `/v1/events/search`. */
import { jsonText, type Call, type SimReply } from '../api';
import type { EventLog, StoredEvent } from '../eventLog';
import { member } from '../rawJson';
import { parseMicros } from '../time';
import { auditApiError } from './errors';
import { equals, finds } from './search';
import type { AuditApiSwitches } from './switches';

const dayMicros = 86_400_000_000;

export function list(call: Call, searching: boolean, log: EventLog, switches: AuditApiSwitches, now: number): SimReply {
	const refuse = (field: string, message: string, status = 422) => auditApiError(status, message, switches, field);
	const limit = Number(call.query.get('limit') ?? 10);
	if (!Number.isInteger(limit) || limit < 1 || limit > 100) return refuse('limit', 'must be between 1 and 100');

	const tests: ((event: StoredEvent) => boolean)[] = [];
	const start = day(call.query.get('start_date'), switches);
	if (start === 'malformed') return refuse('start_date', 'must be YYYY-MM-DD');
	const counts = switches.timeFilter === 'day';
	if (counts && start !== undefined) tests.push((event) => event.micros >= start);
	const end = day(call.query.get('end_date'), switches);
	if (end === 'malformed') return refuse('end_date', 'must be YYYY-MM-DD');
	if (counts && end !== undefined) {
		const until = switches.endDate === 'inclusive' ? end + dayMicros : end;
		tests.push((event) => event.micros < until);
	}
	const filter = call.query.get('filter');
	if (filter !== null) {
		const matches = equals(filter);
		if (!matches) return refuse('filter', 'must be key:value');
		tests.push((event) => matches(payloadOf(event)));
	}
	if (searching) {
		const query = call.query.get('query')?.trim();
		if (!query) return refuse('query', "can't be blank");
		const matches = finds(query);
		tests.push((event) => matches(payloadOf(event)));
	}

	// with both cursors ending_before wins
	const before = call.query.get('ending_before');
	const cursorId = before ?? call.query.get('starting_after');
	const cursor = cursorId === null ? undefined : log.get(cursorId, now);
	if (cursorId !== null && !cursor) return refuse('cursor', 'Not found', switches.unknownCursor);

	const newestFirst = order(switches);
	const rows = log
		.visible(now)
		.filter((event) => tests.every((test) => test(event)))
		.sort(newestFirst);
	const newer = cursor ? rows.filter((event) => newestFirst(event, cursor) < 0) : rows;
	const older = cursor ? rows.filter((event) => newestFirst(event, cursor) > 0) : rows;
	if (before === null) return reply(older.slice(0, limit), older.length > limit, switches);
	const page = switches.endingBefore === 'adjacent' ? newer.slice(-limit) : newer.slice(0, limit);
	// read as "older", the flag never turns false while climbing: at least the cursor itself lies below
	return reply(page, switches.climbingHasMore === 'newer' ? newer.length > limit : true, switches);
}

function reply(page: readonly StoredEvent[], more: boolean, switches: AuditApiSwitches): SimReply {
	const hasMore = { right: more, always: true, never: false }[switches.hasMore];
	const data = page.map((event) => event.raw).join(',');
	return jsonText(200, `{"object":"list","has_more":${hasMore},"data":[${data}]}`);
}

function order(switches: AuditApiSwitches): (a: StoredEvent, b: StoredEvent) => number {
	const sign = switches.ties === 'newest-first' ? 1 : -1;
	return (a, b) => b.micros - a.micros || sign * (b.seq - a.seq);
}

/** First instant of a calendar day in the provider's unknown time zone. */
function day(text: string | null, switches: AuditApiSwitches): number | 'malformed' | undefined {
	if (text === null) return undefined;
	const utc = /^\d{4}-\d\d-\d\d$/.test(text) ? parseMicros(`${text}T00:00:00Z`) : undefined;
	return utc === undefined ? 'malformed' : utc - switches.dayOffsetMinutes * 60_000_000;
}

function payloadOf(event: StoredEvent): string {
	return member(event.raw, 'payload') ?? '{}';
}
