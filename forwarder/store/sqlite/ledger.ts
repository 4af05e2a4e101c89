/**
 * Which events were stored, long after the texts of their ids are forgotten and they have left the outbox: none of them is
 * shipped again (`ledgerIds.ts`), and the completeness check compares with them. One row per event, clustered by time, so that
 * adding is appending, forgetting cuts off one end, and a span is compared in one pass. 64 bits of a hash stand for the id: of a
 * million events that are remembered, one new event in eighteen million million would be taken for one.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Change, Gap } from '../../../core/walk/contract';
import { merged } from '../../../core/walk/intervals';
import { isEventId } from '../../../core/walk/sift';
import type { EventKey, Nanos } from '../../../core/contract';
import { coveredBy } from './backfills';
import { hashOf } from '../idFilter';
import type { LedgerIds } from './ledgerIds';
import { perDatabase, prepared } from './prepared';
import type { Ledger } from '../ledger';
import { unpacked, type Packed } from '../packedIds';

/** To be used inside a transaction. `ids`: those of the stream. */
export const ledgerWriter = perDatabase((db) => {
	const put = prepared(db, 'INSERT OR IGNORE INTO ledger (stream, time, id, dropped) VALUES (?, ?, ?, ?)');
	const clear = prepared(db, 'DELETE FROM ledger WHERE stream = ?');
	const complete = prepared(db, 'UPDATE streams SET ledger_from = 0 WHERE name = ? AND start IS NULL');
	const extend = prepared(db, 'UPDATE streams SET ledger_from = 0 WHERE name = ? AND ledger_from IS NOT NULL');
	// most polls have nothing to raise, and a row that is written is written to the disk
	const raise = prepared(
		db,
		`UPDATE streams SET ledger_from = max(coalesce(ledger_from, :now), :time)
		 WHERE name = :stream AND (ledger_from IS NULL OR ledger_from < :time)`,
	);
	const forget = prepared(db, 'DELETE FROM ledger WHERE stream = ? AND time < ?');
	return {
		/** What is seen and neither shipped nor unreadable was dropped by configuration: never to be taken for lost. */
		add(stream: string, ids: LedgerIds, { fresh = [], seen = [] }: Change): void {
			for (const { id, time } of fresh) put.run(stream, time, ids.add(id).short, 0);
			const shipped = new Set(fresh.map(({ id }) => id));
			for (const { id, time } of seen)
				if (!shipped.has(id) && isEventId(id)) put.run(stream, time, ids.add(id).short, 1);
			ids.added();
		},
		/**
		 * The stream begins, or starts over. One whose start is only moved keeps what it has: nothing before it was ever read, so
		 * that is all, wherever the former start lay. Before the start is written.
		 */
		begin(stream: string, ids: LedgerIds): void {
			if (complete.run(stream).changes === 0) return void extend.run(stream);
			clear.run(stream);
			ids.forgot();
		},
		/** A state without a ledger has one for what happens from now on. */
		forgetBelow(stream: string, ids: LedgerIds, time: Nanos, now: Nanos): void {
			raise.run({ now, time, stream });
			if (forget.run(stream, time).changes > 0) ids.forgot();
		},
	};
});

/**
 * Of a state that was written elsewhere, without its ledger: from the watermark on every id is among those that a walk may be
 * shown again. No clock is asked, because one that runs ahead would put off what can be proven. To be used inside a transaction.
 */
export function ledgerFromSeen(db: DatabaseSync): void {
	const put = prepared(db, 'INSERT OR IGNORE INTO ledger (stream, time, id, dropped) VALUES (?, ?, ?, 0)');
	const seen = prepared(db, 'SELECT stream, time, id FROM seen WHERE stream IN (SELECT name FROM streams)');
	seen.setReadBigInts(true);
	for (const { stream, time, id } of seen.iterate() as Iterable<EventKey & { stream: string }>)
		if (isEventId(id)) put.run(stream, time, hashOf(id).short);
	db.exec('UPDATE streams SET ledger_from = watermark');
}

/** The same of ids without texts: they are known as long as the ledger keeps them. To be used inside a transaction. */
export function ledgerOf(
	db: DatabaseSync,
	known: readonly (Pick<Packed, 'dropped' | 'times' | 'hashes'> & { stream: string })[],
): void {
	const put = db.prepare('INSERT OR IGNORE INTO ledger (stream, time, id, dropped) VALUES (?, ?, ?, ?)');
	for (const { stream, ...page } of known)
		for (const { time, short, dropped } of unpacked(page)) put.run(stream, time, short, dropped ? 1 : 0);
}

/** Reads; also beside a running process. */
export function openLedger(db: DatabaseSync, stream: string): Ledger {
	const big = (sql: string) => {
		const statement = prepared(db, sql);
		statement.setReadBigInts(true);
		return statement;
	};
	const within = 'stream = ? AND time >= ? AND time < ?';
	const position = big('SELECT start, watermark, ledger_from AS known FROM streams WHERE name = ?');
	const find = prepared(db, 'SELECT dropped FROM ledger WHERE stream = ? AND time = ? AND id = ?');
	const anywhere = big('SELECT id FROM ledger WHERE stream = ? AND id IN (SELECT value FROM json_each(?))');
	const count = prepared(db, `SELECT count(*) AS n FROM ledger WHERE ${within}`);
	const after = big('SELECT time FROM ledger WHERE stream = ? AND time >= ? ORDER BY time LIMIT 1 OFFSET ?');
	const waiting = prepared(
		db,
		`SELECT count(*) AS n FROM
		 (SELECT b.stream, CAST(e.value ->> 1 AS INTEGER) AS time FROM batches b, json_each(iif(json_valid(b.events), b.events, '[]')) e) WHERE ${within}`,
	);
	const dead = prepared(
		db,
		`SELECT count(DISTINCT event_id) AS n FROM dead_letters WHERE ${within} AND destination <> ''`,
	);
	const kept = prepared(db, "SELECT 1 FROM dead_letters WHERE stream = ? AND destination = '' AND event_id = ?");
	const gaps = big(
		`SELECT reason, "from", "to", detail FROM gaps WHERE stream = ?
		 AND coalesce("to", "from", at) >= ? AND coalesce("from", "to", at) < ? ORDER BY id`,
	);
	const number = (row: ReturnType<typeof count.get>) => Number(row?.['n']);

	return {
		async spans() {
			const row = position.get(stream) as Record<'start' | 'watermark' | 'known', bigint | null> | undefined;
			if (!row || row.start === null || row.watermark === null) return undefined;
			const { start: from, watermark: to, known } = row;
			const claimed = known === null ? [] : merged([...coveredBy(db, stream), { from, to }]);
			const spans = claimed.map((one) => ({ ...one, from: one.from < known! ? known! : one.from }));
			return { spans: merged(spans), watermark: to };
		},
		find: async (events) =>
			events.map(({ id, time }) => {
				const row = find.get(stream, time, hashOf(id).short);
				return row && (row['dropped'] === 1 ? 'dropped' : 'shipped');
			}),
		async anywhere(events) {
			const hashes = events.map(({ id }) => hashOf(id).short);
			const rows = events.length === 0 ? [] : anywhere.all(stream, `[${hashes.join(',')}]`);
			const there = new Set(rows.map(({ id }) => id as bigint));
			return events.filter((_, index) => there.has(hashes[index]!));
		},
		count: async ({ from, to }) => number(count.get(stream, from, to)),
		timeAfter: async (from, skip) => after.get(stream, from, skip)?.['time'] as Nanos | undefined,
		waiting: async ({ from, to }) => number(waiting.get(stream, from, to)),
		deadLettered: async ({ from, to }) => number(dead.get(stream, from, to)),
		kept: async (ids) => new Set(ids.filter((id) => kept.get(stream, id) !== undefined)),
		gaps: async ({ from, to }) =>
			gaps.all(stream, from, to).map((row) => {
				const known = Object.entries(row).filter(([, value]) => value !== null);
				return Object.fromEntries(known) as unknown as Gap;
			}),
	};
}
