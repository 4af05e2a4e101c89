/** When a destination took nothing, and why: the last few times, in memory only. */
import type { DeliveryNotice } from '../delivery/delivery';

export interface Stop {
	kind: 'halted' | 'failing';
	/** Milliseconds since the epoch. */
	at: number;
	/** Absent: it still takes nothing. */
	until?: number;
	/** What was said first. No secrets. */
	message: string;
}

/** Of each destination. */
const KEPT = 20;

/** Newest first. Returns the list with what is new in it. */
export function withNotice(stops: readonly Stop[], notice: DeliveryNotice, now: number): readonly Stop[] {
	const [last, ...before] = stops;
	const open = last?.until === undefined ? last : undefined;
	const closed = (until: number): readonly Stop[] => (open ? [{ ...open, until }, ...before] : stops);
	switch (notice.kind) {
		case 'halted':
			return [{ kind: 'halted' as const, at: now, message: notice.message }, ...closed(now)].slice(0, KEPT);
		case 'failing':
			// told for every attempt, and for those that ask whether a halt is over
			if (open) return stops;
			return [{ kind: 'failing' as const, at: notice.since, message: notice.message }, ...stops].slice(0, KEPT);
		case 'resumed':
			return open?.kind === 'halted' ? closed(now) : stops;
		case 'recovered':
			return open?.kind === 'failing' ? closed(now) : stops;
		default:
			return stops;
	}
}
