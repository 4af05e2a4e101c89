/** What the state file holds, as an operator looks at it: positions rather than progress. */
import type { DatabaseSync } from 'node:sqlite';
import { decode, intervalsForm, keptForm, walkForm } from '../../../core/walk/codec';
import type { Inspection, StreamPosition } from '../inspection';

/** Whoever writes, or wrote last. */
export function ownerOf(db: DatabaseSync): { pid: number; since: bigint } {
	const lease = db.prepare('SELECT pid, since FROM lease');
	lease.setReadBigInts(true);
	const { pid, since } = lease.get() as Record<'pid' | 'since', bigint>;
	return { pid: Number(pid), since };
}

export function inspect(db: DatabaseSync): Inspection {
	const one = (sql: string) => {
		const statement = db.prepare(sql);
		statement.setReadBigInts(true);
		return statement.get() as Record<string, bigint>;
	};
	const ids = db.prepare('SELECT count(*) AS n FROM seen WHERE stream = ?');
	const outbox = one('SELECT count(*) AS batches, coalesce(sum(size), 0) AS bytes FROM batches');
	const waiting = db.prepare(
		`SELECT destination, sum(records) AS records, min(observed) AS since FROM deliveries JOIN batches ON id = batch
		 GROUP BY destination ORDER BY destination`,
	);
	waiting.setReadBigInts(true);
	return {
		version: Number(one('PRAGMA user_version')['user_version']),
		epoch: Number(one('SELECT epoch FROM lease')['epoch']),
		streams: positions(db).map((stream) => ({ ...stream, seen: Number(ids.get(stream.name)?.['n']) })),
		waiting: waiting.all().map(({ destination, records, since }) => ({
			destination: destination as string,
			records: Number(records),
			since: since as bigint,
		})),
		batches: Number(outbox['batches']),
		bytes: Number(outbox['bytes']),
		deadLetters: Number(one('SELECT count(*) AS n FROM dead_letters')['n']),
		gaps: Number(one('SELECT count(*) AS n FROM gaps')['n']),
	};
}

export function positions(db: DatabaseSync): StreamPosition[] {
	const streams = db.prepare(
		'SELECT name, fingerprint, settings, start, watermark, walk, kept, covered FROM streams ORDER BY name',
	);
	streams.setReadBigInts(true);
	return (streams.all() as unknown as Row[]).map(({ settings, start, watermark, walk, kept, ...row }) => ({
		name: row.name,
		fingerprint: row.fingerprint,
		...(settings !== null && { settings }),
		...(start !== null && { start }),
		...(watermark !== null && { watermark }),
		...(walk !== null && { walk: decode(walkForm, walk) }),
		...(kept !== null && { kept: decode(keptForm, kept) }),
		covered: decode(intervalsForm, row.covered),
	}));
}

interface Row {
	name: string;
	fingerprint: string;
	settings: string | null;
	start: bigint | null;
	watermark: bigint | null;
	walk: string | null;
	kept: string | null;
	covered: string;
}
