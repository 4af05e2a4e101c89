/**
 * The tables of streams and of what they have stored. What is written for every page is never deleted by row: batches go into a
 * ring of partitions that are emptied in turn, ids into one partition for each day.
 */

/** Partitions of the outbox. */
export const SLOTS = 8;

/** Rows that are updated all the time stay in their place on the page. */
const HOT = 'WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 200)';

/** Tables are named as in `sql.ts`. Instants are nanoseconds since the epoch. */
export const TABLES: readonly string[] = [
	`CREATE TABLE @streams (
		name text PRIMARY KEY, shard int NOT NULL, fingerprint text NOT NULL, settings text,
		start bigint, watermark bigint, walk text, kept text, covered text NOT NULL DEFAULT '[]', ledger_from bigint,
		generation int NOT NULL DEFAULT 0,
		last_success bigint, last_error text, last_error_at bigint,
		last_verdict text, last_verdict_at bigint, verdict_places text, verdict_acknowledged bigint
	) ${HOT}`,
	'CREATE INDEX streams_by_shard ON @streams (shard)',
	`CREATE TABLE @shipped (
		stream text, destination text, records bigint NOT NULL, PRIMARY KEY (stream, destination)
	) ${HOT}`,
	`CREATE TABLE @ring (only_one bool PRIMARY KEY DEFAULT true CHECK (only_one), slot int NOT NULL, since timestamptz NOT NULL,
		forgotten bigint NOT NULL DEFAULT 0)`,
	'INSERT INTO @ring (slot, since) VALUES (0, now())',
	`CREATE TABLE @batches (
		slot int NOT NULL, shard int NOT NULL, seq bigint NOT NULL, stream text NOT NULL, observed bigint NOT NULL,
		size int NOT NULL, records int NOT NULL, for_destinations text[] NOT NULL, retried bool NOT NULL, gaps text NOT NULL, verified text,
		first bigint, last bigint, list_sum bigint NOT NULL, text_sum bigint NOT NULL, events bytea NOT NULL, texts bytea NOT NULL
	) PARTITION BY LIST (slot)`,
	'ALTER TABLE @batches ALTER events SET STORAGE EXTERNAL, ALTER texts SET STORAGE EXTERNAL',
	'CREATE INDEX batches_by_seq ON @batches (shard, seq)',
	...Array.from(
		{ length: SLOTS },
		(_, slot) => `CREATE TABLE @batches_${slot} PARTITION OF @batches FOR VALUES IN (${slot})`,
	),
	`CREATE TABLE @damaged_batches (LIKE @batches)`,
	`ALTER TABLE @damaged_batches ADD at bigint NOT NULL`,
	`CREATE TABLE @pages (
		day date NOT NULL, shard int NOT NULL, seq bigint NOT NULL, stream text NOT NULL, generation int NOT NULL,
		low bigint, high bigint, n int NOT NULL, dropped int NOT NULL, times bytea NOT NULL, hashes bytea NOT NULL, others bytea NOT NULL
	) PARTITION BY RANGE (day)`,
	'ALTER TABLE @pages ALTER times SET STORAGE EXTERNAL, ALTER hashes SET STORAGE EXTERNAL',
	'CREATE INDEX pages_by_time ON @pages (stream, high)',
	`CREATE TABLE @backfills (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, asked text NOT NULL, "from" bigint NOT NULL, "to" bigint NOT NULL,
		done bigint NOT NULL, width bigint NOT NULL, walk text, pages bigint NOT NULL DEFAULT 0, events bigint NOT NULL DEFAULT 0,
		last_batch bigint, started bigint NOT NULL, ended bigint, cancelled bool NOT NULL DEFAULT false
	)`,
	'CREATE UNIQUE INDEX one_backfill ON @backfills (stream) WHERE ended IS NULL',
	`CREATE TABLE @rereads (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, "from" bigint NOT NULL, "to" bigint NOT NULL
	)`,
	`CREATE TABLE @dead_letters (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, destination text NOT NULL, event_id text NOT NULL,
		raw bytea NOT NULL, replaced bool NOT NULL, time bigint, observed bigint NOT NULL, reason text NOT NULL, detail text NOT NULL,
		at bigint NOT NULL, key bytea NOT NULL
	)`,
	// an id may be longer than an index takes: its hash stands for it
	'CREATE UNIQUE INDEX one_letter ON @dead_letters (stream, destination, reason, key)',
	`CREATE TABLE @gaps (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL, reason text NOT NULL, "from" bigint, "to" bigint,
		detail text NOT NULL, at bigint NOT NULL, acknowledged bigint, acknowledged_by text
	)`,
	'CREATE INDEX gaps_by_stream ON @gaps (stream)',
	`CREATE TABLE @destinations (
		shard int, name text, state text NOT NULL, since bigint NOT NULL, last_error text, last_error_at bigint, PRIMARY KEY (shard, name)
	)`,
	`CREATE TABLE @actions (
		id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at bigint NOT NULL, by text NOT NULL, what text NOT NULL,
		wish text, name text
	)`,
	// by the clock of the database: when a rate limit ends, whoever owns its sources then
	'CREATE TABLE @pauses (domain text PRIMARY KEY, until timestamptz NOT NULL)',
	// sources that a person has paused
	'CREATE TABLE @paused_sources (source text PRIMARY KEY, since bigint NOT NULL, by text NOT NULL, note text)',
	// what a notification has told of and not yet that it is over, and whose turn it is to tell
	'CREATE TABLE @told (name text, key text, notice text NOT NULL, seen timestamptz NOT NULL, PRIMARY KEY (name, key))',
	'CREATE TABLE @tellers (name text PRIMARY KEY, who text NOT NULL, since timestamptz NOT NULL)',
];
