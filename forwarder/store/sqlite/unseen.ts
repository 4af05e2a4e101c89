/** What waits for a person, by source: also of sources that are no longer configured, or that the state knows by nothing else. */
import type { DatabaseSync } from 'node:sqlite';
import type { Nanos } from '../../../core/contract';
import { OPEN_GAP } from './gaps';
import { OPEN_VERDICT } from './verdicts';
import type { Unseen } from '../unseen';

/** By name. Dead letters are counted in their index alone: their texts are long. */
export function unseenOf(db: DatabaseSync): Unseen[] {
	const found = new Map<string, Unseen>();
	const of = (stream: string) => {
		const one = found.get(stream) ?? { stream };
		found.set(stream, one);
		return one;
	};
	for (const { stream, ...part } of parts(db, 'dead_letters', 'true')) pile(of(stream), 'deadLetters', part);
	for (const { stream, ...part } of parts(db, 'gaps', OPEN_GAP)) pile(of(stream), 'gaps', part);
	const broken = db.prepare(`SELECT name, last_verdict_at AS at FROM streams WHERE ${OPEN_VERDICT}`);
	broken.setReadBigInts(true);
	for (const { name, at } of broken.all()) of(String(name)).brokenAt = at as Nanos;
	return [...found.values()].sort((a, b) => (a.stream < b.stream ? -1 : 1));
}

interface Part {
	stream: string;
	reason: string;
	count: bigint;
	since: Nanos;
}

function parts(db: DatabaseSync, table: 'dead_letters' | 'gaps', where: string): Part[] {
	const select = db.prepare(`
		SELECT stream, reason, count, (SELECT at FROM ${table} WHERE id = first) AS since FROM
			(SELECT stream, reason, count(*) AS count, min(id) AS first FROM ${table} WHERE ${where} GROUP BY stream, reason)
		ORDER BY stream, reason`);
	select.setReadBigInts(true);
	return select.all() as unknown as Part[];
}

function pile(to: Unseen, kind: 'deadLetters' | 'gaps', { reason, count, since }: Omit<Part, 'stream'>): void {
	const before = to[kind];
	to[kind] = {
		count: (before?.count ?? 0) + Number(count),
		since: before && before.since < since ? before.since : since,
		reasons: { ...before?.reasons, [reason]: Number(count) },
	};
}
