/** What `status` shows, read from the state file. */
import type { DatabaseSync } from 'node:sqlite';
import type { Nanos } from '../../providers/contract';

export interface StreamSummary {
	name: string;
	watermark?: Nanos;
	lastSuccess?: Nanos;
	lastError?: string;
	lastErrorAt?: Nanos;
	shipped: number;
	waiting: number;
	deadLetters: number;
	gaps: number;
}

export interface DestinationSummary {
	name: string;
	shipped: number;
	/** Batches not acknowledged yet. */
	waiting: number;
	/** When the oldest of them was received. */
	waitingSince?: Nanos;
	deadLetters: number;
}

export interface Summary {
	streams: StreamSummary[];
	destinations: DestinationSummary[];
}

export function summarize(db: DatabaseSync): Summary {
	const streams = db.prepare(`
		SELECT name, watermark, last_success AS lastSuccess, last_error AS lastError, last_error_at AS lastErrorAt,
			(SELECT coalesce(sum(records), 0) FROM shipped WHERE stream = name) AS shipped,
			(SELECT count(*) FROM batches WHERE stream = name) AS waiting,
			(SELECT count(*) FROM dead_letters WHERE stream = name) AS deadLetters,
			(SELECT count(*) FROM gaps WHERE stream = name) AS gaps
		FROM streams ORDER BY name`);
	const destinations = db.prepare(`
		SELECT name,
			(SELECT coalesce(sum(records), 0) FROM shipped WHERE destination = name) AS shipped,
			(SELECT count(*) FROM deliveries WHERE destination = name) AS waiting,
			(SELECT min(observed) FROM batches JOIN deliveries ON batch = id WHERE destination = name) AS waitingSince,
			(SELECT count(*) FROM dead_letters WHERE destination = name) AS deadLetters
		FROM (SELECT destination AS name FROM shipped UNION SELECT destination FROM deliveries) ORDER BY name`);
	return { streams: rows<StreamSummary>(streams), destinations: rows<DestinationSummary>(destinations) };
}

const INSTANTS = new Set(['watermark', 'lastSuccess', 'lastErrorAt', 'waitingSince']);

function rows<T>(statement: ReturnType<DatabaseSync['prepare']>): T[] {
	statement.setReadBigInts(true);
	return statement.all().map((row) => {
		const entries = Object.entries(row)
			.filter(([, value]) => value !== null)
			.map(([name, value]) => [name, typeof value === 'bigint' && !INSTANTS.has(name) ? Number(value) : value]);
		return Object.fromEntries(entries) as T;
	});
}
