/**
 * Functions of the database, because each has to be one statement: it looks under a lock that only it can take, and what it has
 * seen is still so when it acts.
 */
import { SLOTS } from './tables';

/** Bytes in a slot of the ring after which it turns, however early it is. */
const LARGE = 1_000_000_000;

/** Nobody waits longer than this for a lock on all of a table: everybody else would wait behind. */
const PATIENCE = '500ms';

export const FUNCTIONS: readonly string[] = [
	`CREATE OR REPLACE FUNCTION @make_days(ahead int) RETURNS int LANGUAGE plpgsql AS $$
	DECLARE
		today date := (now() AT TIME ZONE 'UTC')::date;
		name text;
		made int := 0;
	BEGIN
		PERFORM set_config('lock_timeout', '${PATIENCE}', true);
		FOR n IN -1 .. ahead LOOP
			name := '@pages_' || to_char(today + n, 'YYYYMMDD');
			IF to_regclass(name) IS NULL THEN
				EXECUTE format('CREATE TABLE %s PARTITION OF @pages FOR VALUES FROM (%L) TO (%L)', name, today + n, today + n + 1);
				made := made + 1;
			END IF;
		END LOOP;
		RETURN made;
	END $$`,
	`CREATE OR REPLACE FUNCTION @drop_days(before date) RETURNS int LANGUAGE plpgsql AS $$
	DECLARE
		name text;
		dropped int := 0;
	BEGIN
		PERFORM set_config('lock_timeout', '${PATIENCE}', true);
		FOR name IN SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class ON oid = inhrelid
			WHERE inhparent = '@pages'::regclass AND relname < 'pages_' || to_char(before, 'YYYYMMDD')
		LOOP
			EXECUTE 'DROP TABLE ' || name;
			dropped := dropped + 1;
			UPDATE @ring SET forgotten = greatest(forgotten, extract(epoch FROM before)::bigint * 1000000000);
		END LOOP;
		RETURN dropped;
	END $$`,
	// whoever still writes into the slot that is to be emptied holds a lock on it, and what he has written is looked at under ours
	`CREATE OR REPLACE FUNCTION @turn_ring(every interval) RETURNS text LANGUAGE plpgsql AS $$
	DECLARE
		current int;
		next int;
		waits bool;
	BEGIN
		IF current_setting('transaction_isolation') <> 'read committed' THEN
			RAISE EXCEPTION 'what was written while the lock was waited for would not be seen';
		END IF;
		PERFORM set_config('lock_timeout', '${PATIENCE}', true);
		SELECT slot, (slot + 1) % ${SLOTS} INTO current, next FROM @ring
			WHERE since <= now() - every OR pg_total_relation_size('@batches_' || slot) > ${LARGE} FOR UPDATE;
		IF NOT FOUND THEN RETURN 'early'; END IF;
		EXECUTE format('LOCK TABLE @batches_%s IN ACCESS EXCLUSIVE MODE', next);
		EXECUTE format('SELECT EXISTS (SELECT 1 FROM @batches_%s b, unnest(b.for_destinations) d WHERE NOT EXISTS
			(SELECT 1 FROM @cursors c WHERE c.shard = b.shard AND c.destination = d AND c.acked >= b.seq))', next) INTO waits;
		IF waits THEN RETURN 'waits'; END IF;
		EXECUTE format('TRUNCATE @batches_%s', next);
		UPDATE @ring SET slot = next, since = now();
		RETURN 'turned';
	EXCEPTION WHEN lock_not_available THEN
		RETURN 'busy';
	END $$`,
];
