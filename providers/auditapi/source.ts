/**
 * The event list as a stream (lossless-polling §5.4). Events are sorted by a time that their writers choose, so a position in the
 * list is never final: the walk climbs from an event that is settled, or reads downwards through whole days.
 */
import type { Nanos, Page, Position, Range, Source } from '../contract';
import { events, withCursor } from '../list';
import { DAY, utcDay } from '../time';
import type { AuditApiClient } from './client';
import { climb } from './climb';

/** A day's rest, one day for inclusivity, and up to 14 hours for the time zone of the provider's days. */
const REACH: Nanos = 3n * DAY;

/** Positions: `{after: id}` reads downwards, `{before: id}` upwards. */
export function auditApiSource(client: Pick<AuditApiClient, 'list' | 'retrieve'>, pageSize: number): Source {
	async function down(range: Range, after: string | undefined, signal?: AbortSignal): Promise<Page> {
		const page = await withCursor(after, () =>
			client.list({
				// day-granular, time zone and inclusivity unknown: one day wider on each side
				startDate: utcDay(range.lower - DAY),
				endDate: range.upper === undefined ? undefined : utcDay(range.upper + DAY),
				limit: pageSize,
				startingAfter: after,
				signal,
			}),
		);
		const next: Position | undefined = page.next === undefined ? undefined : { after: page.next };
		return { ...events(page, 'timestamp'), next, serverTime: page.serverTime };
	}

	return {
		onRejected: 'continueBelowOldest',
		reach: REACH,
		climbFrom: ({ id }) => ({ before: id }),
		page(range, position, signal) {
			if (position?.before !== undefined) return climb(client, String(position.before), pageSize, signal);
			return down(range, position === undefined ? undefined : String(position.after), signal);
		},
	};
}
