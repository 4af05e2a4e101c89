/** The audit log as a stream: newest first, ids as cursors. */
import type { Nanos, PageSizes, Source } from '../../core/contract';
import type { Provider } from '../../core/provider';
import { events, withCursor } from '../list';
import { SECOND } from '../../core/time';
import type { ArcusClient } from './client';
import type { Expand } from './types';

/** Names of people, what changed, and the hash chain for the completeness check. */
const EXPAND: readonly Expand[] = ['actor', 'diff', 'chain'];

/**
 * Whether the bounds are inclusive and how precise they are is not documented: both are asked for one second wider
 * (docs/providers/arcus-erp.md#bounds).
 * A provider that also cuts them to whole seconds reaches one second further.
 */
const WIDER: Nanos = SECOND;
const REACH: Nanos = 2n * SECOND;

export function arcusSource(client: Pick<ArcusClient, 'list'>, sizes: PageSizes, read: Provider['event']): Source {
	return {
		sizes,
		onRejected: 'continueBelowOldest',
		reach: REACH,
		async page(range, position, signal, { size = sizes.usual, skim } = {}) {
			const cursor = position === undefined ? undefined : String(position.cursor);
			const page = await withCursor(cursor, () =>
				client.list({
					from: range.lower - WIDER,
					to: range.upper === undefined ? undefined : range.upper + WIDER,
					startingAfter: cursor,
					limit: size,
					expand: EXPAND,
					skim,
					signal,
				}),
			);
			return {
				...events(page, read),
				next: page.next === undefined ? undefined : { cursor: page.next },
				serverTime: page.serverTime,
			};
		},
	};
}
