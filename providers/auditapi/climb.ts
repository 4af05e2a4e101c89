/** Reading upwards from a known event, with proof that no event between it and the page was skipped. */
import type { Ask, Page } from '../../core/contract';
import { PositionRejected } from '../../core/http/failure';
import type { Provider } from '../../core/provider';
import { events, withCursor } from '../list';
import type { AuditApiClient } from './client';
import { clampLimit } from './query';
import type { EventPage } from './types';

/** Reading upwards skips events here: never again on this stream. */
export class NotAdjacent extends PositionRejected {
	override name = 'NotAdjacent';
}

type Reader = Pick<AuditApiClient, 'list' | 'retrieve'> & { read: Provider['event'] };

/**
 * One page of what is newer than the event `before`. The docs do not say that `ending_before` gives the page *next to* that
 * event; it could give the newest page (docs/providers/auditapi.md#reading-upwards). Dates are left out on all pages alike: a climb
 * has no bounds.
 * Throws `PositionRejected`, as `NotAdjacent` when the page does not touch the event.
 */
export async function climb(client: Reader, before: string, { size, skim }: Ask, signal?: AbortSignal): Promise<Page> {
	const limit = clampLimit(size);
	for (let attempt = 1; ; attempt++) {
		const page = await withCursor(before, () => client.list({ endingBefore: before, limit, skim, signal }));
		const found = { ...events(page, client.read), serverTime: page.serverTime };
		if (page.elements.length === 0) {
			// an empty list is also what a deleted event could give: then nothing would ever be seen again
			await withCursor(before, () => client.retrieve(before, signal, true));
			return found;
		}
		// what `has_more` means upwards is not documented; together with a short page it leaves nothing under any reading
		if (page.hasMore === false && page.elements.length < limit) return found;
		if (await touches(client, page, before, signal)) return { ...found, next: above(page, before) };
		// an event may have come in between the two requests; read once more before giving up for good
		if (attempt === 2) {
			throw new NotAdjacent('Reading upwards gave a page that does not touch the event it began at.');
		}
	}
}

/** Whether the event below the page is the one that the page was asked for. Only its id counts, however large it is. */
async function touches(client: Reader, page: EventPage, before: string, signal?: AbortSignal): Promise<boolean> {
	const last = page.elements.at(-1)?.id;
	if (last === undefined) return false;
	const below = await withCursor(last, () => client.list({ startingAfter: last, limit: 1, skim: true, signal }));
	return below.elements[0]?.id === before;
}

function above(page: EventPage, before: string): { before: string } {
	const first = page.elements.find(({ id }) => id !== undefined)?.id;
	return { before: first ?? before };
}
