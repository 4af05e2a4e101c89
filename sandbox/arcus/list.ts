/** Newest-first keyset pages, shared by the audit log and the activity feed. */
import type { Call, SimReply } from '../api';
import type { EventLog, StoredEvent } from '../eventLog';
import { invalid, notFound } from './keys';
import type { ArcusSwitches } from './switches';

export interface ListRules {
	readonly defaultLimit: number;
	readonly maxLimit: number;
	/** Cursor as sent → stored id. */
	readonly idOf: (cursor: string) => string;
}

export type Page =
	| { readonly ok: true; readonly rows: readonly StoredEvent[]; readonly more: boolean; readonly total: number }
	| { readonly ok: false; readonly reply: SimReply };

export function page(
	call: Call,
	log: EventLog,
	accepts: (event: StoredEvent) => boolean,
	switches: ArcusSwitches,
	now: number,
	rules: ListRules,
): Page {
	const text = call.query.get('limit');
	const limit = text === null ? rules.defaultLimit : Number(text);
	if (!Number.isInteger(limit) || limit < 1 || limit > rules.maxLimit) {
		const hint = `limit must be between 1 and ${rules.maxLimit}`;
		return { ok: false, reply: invalid('limit', hint, switches.limitError) };
	}
	const cursor = call.query.get('starting_after');
	const after = cursor === null ? undefined : log.get(rules.idOf(cursor), now);
	if (cursor !== null && !after) {
		// the entry under a cursor may have been deleted; a keyset needs it to know where to go on
		const reply = switches.unknownCursor === 404 ? notFound() : invalid('starting_after', 'no such entry');
		return { ok: false, reply };
	}
	const newestFirst = order(switches);
	const matching = log.visible(now).filter(accepts).sort(newestFirst);
	const rest = after ? matching.filter((event) => newestFirst(event, after) > 0) : matching;
	const rows = rest.slice(0, limit);
	const more = { right: rest.length > rows.length, always: true, never: false }[switches.hasMore];
	return { ok: true, rows, more, total: matching.length };
}

function order(switches: ArcusSwitches): (a: StoredEvent, b: StoredEvent) => number {
	const sign = switches.ties === 'newest-first' ? 1 : -1;
	return (a, b) => b.micros - a.micros || sign * (b.seq - a.seq);
}
