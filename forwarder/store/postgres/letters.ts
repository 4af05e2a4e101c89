/** Dead letters and gap records, as parts of a commit. */
import { createHash } from 'node:crypto';
import type { Gap } from '../../../core/walk/contract';
import type { Nanos } from '../../../core/contract';
import type { DeadLetter } from '../contract';
import { sql, type Sql } from './sql';

const hex = (text: string) => Buffer.from(text).toString('hex');

/** One that is there already stays as it is. */
export function lettersOf(letters: readonly DeadLetter[], at: Nanos): Sql {
	const all = <T>(of: (letter: DeadLetter) => T | undefined) => letters.map((letter) => of(letter) ?? null);
	return sql`INSERT INTO @dead_letters (stream, destination, event_id, raw, replaced, time, observed, reason, detail, at, key)
		SELECT v.stream, v.destination, v.event_id, decode(v.raw, 'hex'), v.replaced, v.time, v.observed, v.reason, v.detail, ${at}::bigint, decode(v.key, 'hex')
		FROM fence, unnest(${all(({ stream }) => stream)}::text[], ${all(({ destination = '' }) => destination)}::text[],
			${all(({ eventId }) => eventId)}::text[], ${all(({ raw }) => hex(raw))}::text[],
			${all(({ isReplaced }) => isReplaced === true)}::bool[], ${all(({ time }) => time)}::bigint[],
			${all(({ observed }) => observed)}::bigint[], ${all(({ reason }) => reason)}::text[], ${all(({ detail }) => detail)}::text[],
			${all(({ eventId }) => createHash('sha256').update(eventId).digest('hex'))}::text[])
			AS v (stream, destination, event_id, raw, replaced, time, observed, reason, detail, key)
		ON CONFLICT DO NOTHING`;
}

/** Kept for `status` as well; they are shipped with the batch that holds them. `seenBy`: somebody knows already. */
export function gapsOf(stream: string, gaps: readonly Gap[], at: Nanos, seenBy?: string): Sql {
	const all = <T>(of: (gap: Gap) => T | undefined) => gaps.map((gap) => of(gap) ?? null);
	const seen = seenBy === undefined ? null : at;
	return sql`INSERT INTO @gaps (stream, reason, "from", "to", detail, at, acknowledged, acknowledged_by)
		SELECT ${stream}::text, v.reason, v.low, v.high, v.detail, ${at}::bigint, ${seen}::bigint, ${seenBy ?? null}::text
		FROM fence, unnest(${all(({ reason }) => reason)}::text[], ${all(({ from }) => from)}::bigint[],
			${all(({ to }) => to)}::bigint[], ${all(({ detail }) => detail)}::text[]) AS v (reason, low, high, detail)`;
}
