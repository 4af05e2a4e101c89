/** What `status --json` prints. Everybody outside knows a stream by its source. */
import { formatInstant } from '../../../core/time';
import type { StatusView } from './view';

export function statusJson({
	owner,
	sources,
	destinations,
	past,
	unseen,
	paused,
	notifications,
	mistakes,
}: StatusView): string {
	const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
	const found = {
		...(owner && { process: owner }),
		sources: sources
			.filter(({ isStored }) => isStored)
			.toSorted(byName)
			.map(({ condition: _told, isStored: _always, ...row }) => row),
		destinations: destinations.map(({ condition, ...row }) => ({
			...row,
			configured: condition !== 'not configured',
		})),
		past: past.map(({ stream, backfill, ...row }) => {
			if (!backfill) return { source: stream, ...row };
			const { stream: source, ...job } = backfill;
			return { source, ...row, backfill: job };
		}),
		unseen: unseen.map(({ stream, ...row }) => ({ source: stream, ...row })),
		paused,
		...(notifications.length > 0 && { notifications }),
		...(mistakes.length > 0 && { mistakes }),
	};
	const instants = (_key: string, value: unknown) => (typeof value === 'bigint' ? formatInstant(value) : value);
	return `${JSON.stringify(found, instants)}\n`;
}
