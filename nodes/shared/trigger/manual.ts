/** "Fetch Test Event": a few recent events, without touching what the trigger has read. */
import { NodeOperationError, type INode } from 'n8n-workflow';
import { fitting } from '../../../core/walk/read';
import type { Position, Source, SourceEvent } from '../../../core/contract';
import { DAY, fromMillis } from '../../../core/time';
import { runtime } from '../runtime';

/** Days to look back, until something is found. */
const SPANS = [1n, 7n, 30n] as const;
const MOST_PAGES = 5;
const SHOWN = 10;

export async function recentEvents(
	source: Source,
	matches: (event: SourceEvent) => boolean,
	node: INode,
	signal: AbortSignal,
): Promise<SourceEvent[]> {
	const now = fromMillis(runtime.clock.now());
	for (const days of SPANS) {
		const found: SourceEvent[] = [];
		let position: Position | undefined;
		for (let pages = 0; pages < MOST_PAGES && (pages === 0 || position); pages++) {
			const page = await fitting(source).page({ lower: now - days * DAY }, position, signal);
			found.push(...page.events.filter(matches));
			position = page.next;
		}
		if (found.length > 0) return inOrder(found).slice(-SHOWN);
	}
	throw new NodeOperationError(node, 'No event of the last 30 days matches Events to Watch', {
		description:
			'Cause one in the service, or choose more in Events to Watch. The trigger itself can be activated anyway.',
	});
}

export function inOrder(events: readonly SourceEvent[]): SourceEvent[] {
	return [...events].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1));
}
