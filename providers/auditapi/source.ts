/**
 * The event list as a stream. Events are sorted by a time that their writers choose, so a position in the
 * list is never final: the walk climbs from an event that is settled, or reads downwards through whole days.
 */
import type { Ask, Nanos, Page, PageSizes, Position, Range, Source } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { events, withCursor } from '../list';
import { DAY, SECOND, utcDay } from '../../core/time';
import { anchors } from './anchors';
import type { AuditApiClient } from './client';
import { climb } from './climb';

const HOUR: Nanos = 3600n * SECOND;

/** The provider's days may be those of UTC-12 to UTC+14 (docs/providers/auditapi.md#bounds). */
const WEST: Nanos = 12n * HOUR;
const EAST: Nanos = 14n * HOUR;

/** One day for inclusivity, both time zones, and the rest of the day: 74 hours. */
const REACH: Nanos = 4n * DAY;

/** Positions: `{after: id}` reads downwards, `{before: id}` upwards. */
export function auditApiSource(
	client: Pick<AuditApiClient, 'list' | 'retrieve'>,
	sizes: PageSizes,
	read: Provider['event'],
): Source {
	const upwards = { ...client, read };

	async function down(
		range: Range,
		after: string | undefined,
		{ size = sizes.usual, skim }: Ask,
		signal?: AbortSignal,
	): Promise<Page> {
		const page = await withCursor(after, () =>
			client.list({
				// first the day in whatever time zone, then one more in case the bound itself is left out: one day of UTC
				// alone loses events when `end_date` is exclusive and the days are those of Asia
				startDate: utcDay(range.lower - WEST - DAY),
				endDate: range.upper === undefined ? undefined : utcDay(range.upper + EAST + DAY),
				limit: size,
				startingAfter: after,
				skim,
				signal,
			}),
		);
		const next: Position | undefined = page.next === undefined ? undefined : { after: page.next };
		return { ...events(page, read), next, serverTime: page.serverTime };
	}

	return {
		onRejected: 'continueBelowOldest',
		reach: REACH,
		memory: anchors,
		sizes,
		page(range, position, signal, ask = {}) {
			const { size = sizes.usual, skim } = ask;
			if (position?.before !== undefined) return climb(upwards, String(position.before), { size, skim }, signal);
			return down(range, position === undefined ? undefined : String(position.after), ask, signal);
		},
	};
}
