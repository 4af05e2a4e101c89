/** Tables of the state file. Instants are nanoseconds since the epoch, in SQLite's 64-bit integers. */
import type { DatabaseSync } from 'node:sqlite';
import { keepFormer, keepFormerGaps } from './former';
import { regroupSettings } from './regroup';
import { sealAll } from './sums';

/** In `batches`, what is long comes last: looking at the rest must not read through it. */
const VERSION_2 = `
CREATE TABLE lease (only INTEGER PRIMARY KEY CHECK (only = 1), epoch INTEGER NOT NULL, pid INTEGER NOT NULL, since INTEGER NOT NULL);
INSERT INTO lease VALUES (1, 0, 0, 0);

CREATE TABLE streams (
	name TEXT PRIMARY KEY,
	fingerprint TEXT NOT NULL,
	settings TEXT,
	start INTEGER,
	watermark INTEGER,
	walk TEXT,
	anchors TEXT NOT NULL DEFAULT '[]',
	never_climb INTEGER NOT NULL DEFAULT 0,
	covered TEXT NOT NULL DEFAULT '[]',
	ledger_from INTEGER,
	last_verdict TEXT,
	last_verdict_at INTEGER,
	last_success INTEGER,
	last_error TEXT,
	last_error_at INTEGER
) WITHOUT ROWID;

CREATE TABLE seen (stream TEXT NOT NULL, time INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (stream, time, id)) WITHOUT ROWID;
CREATE INDEX seen_without_time ON seen (stream, id) WHERE id >= '?' AND id < '@';
CREATE TABLE ledger (stream TEXT NOT NULL, time INTEGER NOT NULL, id INTEGER NOT NULL, dropped INTEGER NOT NULL, PRIMARY KEY (stream, time, id)) WITHOUT ROWID;

CREATE TABLE backfills (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	stream TEXT NOT NULL,
	asked TEXT NOT NULL,
	"from" INTEGER NOT NULL,
	"to" INTEGER NOT NULL,
	done INTEGER NOT NULL,
	width INTEGER NOT NULL,
	walk TEXT,
	pages INTEGER NOT NULL DEFAULT 0,
	events INTEGER NOT NULL DEFAULT 0,
	last_batch INTEGER,
	started INTEGER NOT NULL,
	ended INTEGER,
	cancelled INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX one_backfill ON backfills (stream) WHERE ended IS NULL;

CREATE TABLE batches (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	stream TEXT NOT NULL,
	observed INTEGER NOT NULL,
	size INTEGER NOT NULL,
	gaps TEXT NOT NULL,
	retried INTEGER NOT NULL DEFAULT 0,
	events TEXT NOT NULL,
	texts BLOB NOT NULL
);
CREATE TABLE deliveries (destination TEXT NOT NULL, batch INTEGER NOT NULL, PRIMARY KEY (destination, batch)) WITHOUT ROWID;
CREATE INDEX deliveries_by_batch ON deliveries (batch);
CREATE TABLE shipped (stream TEXT NOT NULL, destination TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (stream, destination)) WITHOUT ROWID;

CREATE TABLE dead_letters (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	stream TEXT NOT NULL,
	destination TEXT NOT NULL,
	event_id TEXT NOT NULL,
	raw TEXT NOT NULL,
	time INTEGER,
	observed INTEGER NOT NULL,
	reason TEXT NOT NULL,
	detail TEXT NOT NULL,
	at INTEGER NOT NULL,
	UNIQUE (stream, destination, event_id, reason)
);
CREATE TABLE gaps (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	stream TEXT NOT NULL,
	reason TEXT NOT NULL,
	"from" INTEGER,
	"to" INTEGER,
	detail TEXT NOT NULL,
	at INTEGER NOT NULL
);
`;

/** Of a batch. One that an older version stored without checksums may be damaged so that it is not JSON. */
const listed = (column: string) => `iif(json_valid(${column}), ${column}, '[]')`;

/** How much each delivery has to ship. */
export const COUNT_RECORDS = `UPDATE deliveries SET records = coalesce(
	(SELECT json_array_length(${listed('events')}) + json_array_length(${listed('gaps')}) + (verified IS NOT NULL) FROM batches WHERE id = batch), 0);`;

/** What rows of elsewhere do not have: those of an older version, or of an exported state. */
export const DERIVED = `
	UPDATE streams SET settled = watermark;
	UPDATE batches SET
		first = (SELECT min(CAST(value ->> 1 AS INTEGER)) FROM json_each(${listed('events')})),
		last = (SELECT max(CAST(value ->> 1 AS INTEGER)) FROM json_each(${listed('events')})),
		destinations = (SELECT json_group_array(destination) FROM deliveries WHERE batch = id);
	${COUNT_RECORDS}
`;

/** Statements, and what SQL cannot say. */
type Step = string | ((db: DatabaseSync) => void);

const VERSION_3: readonly Step[] = [
	// checksums (`sums.ts`), and the span of a batch's event times
	'ALTER TABLE streams ADD COLUMN settled INTEGER',
	'ALTER TABLE streams ADD COLUMN origin_sum INTEGER',
	'ALTER TABLE streams ADD COLUMN position_sum INTEGER',
	'ALTER TABLE backfills ADD COLUMN sum INTEGER',
	'ALTER TABLE batches ADD COLUMN first INTEGER',
	'ALTER TABLE batches ADD COLUMN last INTEGER',
	'ALTER TABLE batches ADD COLUMN list_sum INTEGER',
	'ALTER TABLE batches ADD COLUMN text_sum INTEGER',
	'ALTER TABLE batches ADD COLUMN destinations TEXT',
	'ALTER TABLE dead_letters ADD COLUMN sum INTEGER',
	'ALTER TABLE gaps ADD COLUMN acknowledged INTEGER',
	'ALTER TABLE gaps ADD COLUMN acknowledged_by TEXT',
	// what the last check found broken, and when somebody has seen that
	'ALTER TABLE streams ADD COLUMN verdict_places TEXT',
	'ALTER TABLE streams ADD COLUMN verdict_acknowledged INTEGER',
	'CREATE TABLE actions (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL, what TEXT NOT NULL)',
	// how many events and gaps a batch holds, where counting them needs no look into it
	'ALTER TABLE deliveries ADD COLUMN records INTEGER NOT NULL DEFAULT 0',
	// whether the text lacks bytes that were received
	'ALTER TABLE dead_letters ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0',
	// what sources keep is their own affair, and instants are written as people read them
	'ALTER TABLE streams ADD COLUMN kept TEXT',
	keepFormer,
	'ALTER TABLE streams DROP COLUMN anchors',
	'ALTER TABLE streams DROP COLUMN never_climb',
	// the outcome of a completeness check was among the gaps
	'ALTER TABLE batches ADD COLUMN verified TEXT',
	keepFormerGaps,
	regroupSettings,
	DERIVED,
	sealAll,
	// batches that the disk has altered, as they were found
	`CREATE TABLE damaged_batches (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, missing TEXT, destinations, stream, observed, size, gaps, verified, retried,
		events, texts, first, last, list_sum, text_sum)`,
	// spans of the past that a back-fill has to read again
	'CREATE TABLE rereads (id INTEGER PRIMARY KEY, stream TEXT NOT NULL, "from" INTEGER NOT NULL, "to" INTEGER NOT NULL)',
	// how each destination is doing
	'CREATE TABLE destinations (name TEXT PRIMARY KEY, state TEXT NOT NULL, since INTEGER NOT NULL, last_error TEXT, last_error_at INTEGER) WITHOUT ROWID',
	// when a rate limit ends that a provider has told a former process of
	'CREATE TABLE pauses (domain TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID',
	// sources that a person has paused
	'CREATE TABLE paused_sources (source TEXT PRIMARY KEY, since INTEGER NOT NULL, by TEXT NOT NULL, note TEXT) WITHOUT ROWID',
	// looked for whenever a stream is loaded, and thousands of streams have some
	'CREATE INDEX gaps_by_stream ON gaps (stream, reason)',
	// what a notification has told of and not yet that it is over
	'CREATE TABLE told (name TEXT, key TEXT, notice TEXT NOT NULL, seen INTEGER NOT NULL, PRIMARY KEY (name, key)) WITHOUT ROWID',
];

/**
 * Each version as what it adds to the one before it: a new file gets all of them in turn, an older one those that it lacks, so
 * both end with the same tables. Kept in `PRAGMA user_version`.
 */
export const VERSIONS: readonly { version: number; steps: readonly Step[] }[] = [
	{ version: 2, steps: [VERSION_2] },
	{ version: 3, steps: VERSION_3 },
];

/** Older files are read in through an exported state, which all versions read. */
export const OLDEST_VERSION = VERSIONS[0]!.version;
export const SCHEMA_VERSION = VERSIONS.at(-1)!.version;
