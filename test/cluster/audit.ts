/** Every change of a lease, a commit's number or a cursor, with the connection that made it: written by triggers, seen by no worker. */
import { until } from '../e2e/support/wait';
import type { Database } from './database';

export interface ShardChange {
	/** In the order of the changes of a shard. */
	id: number;
	/** Milliseconds. */
	at: number;
	/** Of the connection, at the database. */
	port: number;
	shard: number;
	epoch: number;
	owner: string | null;
	seq: number;
	before: { epoch: number; owner: string | null; seq: number };
}

export interface CursorChange {
	id: number;
	at: number;
	port: number;
	shard: number;
	destination: string;
	epoch: number;
	acked: number;
	before: { epoch: number; acked: number };
}

export interface Audit {
	shards: ShardChange[];
	cursors: CursorChange[];
}

const SCHEMA = 'audit_relay';

/** Resolves when the tables of the first worker are there, and watched. */
export async function watchTables(database: Database, name: string): Promise<void> {
	await until('the tables are there', async () => {
		const [row] = await database.query<{ there: boolean }>(
			name,
			`SELECT coalesce((SELECT count(*) > 0 FROM information_schema.tables WHERE table_schema = '${SCHEMA}' AND table_name = 'cursors'), false) AS there`,
		);
		return row!.there;
	});
	await database.query(
		name,
		`CREATE TABLE changes (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp(), what text, port int, before jsonb, after jsonb);
		CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			INSERT INTO public.changes (what, port, before, after) VALUES (TG_TABLE_NAME, inet_client_port(), to_jsonb(OLD), to_jsonb(NEW));
			RETURN NULL;
		END $$;
		CREATE TRIGGER note AFTER UPDATE ON ${SCHEMA}.shards FOR EACH ROW
			WHEN (OLD.epoch <> NEW.epoch OR OLD.seq <> NEW.seq OR OLD.owner IS DISTINCT FROM NEW.owner) EXECUTE FUNCTION note_change();
		CREATE TRIGGER note AFTER UPDATE ON ${SCHEMA}.cursors FOR EACH ROW EXECUTE FUNCTION note_change()`,
	);
}

interface Raw {
	id: string;
	at: Date;
	what: string;
	port: number;
	before: Record<string, never>;
	after: Record<string, never>;
}

export async function readAudit(database: Database, name: string): Promise<Audit> {
	const rows = await database.query<Raw>(name, 'SELECT id, at, what, port, before, after FROM changes ORDER BY id');
	const of = <T>(table: string) =>
		rows
			.filter(({ what }) => what === table)
			.map(({ id, at, port, before, after }) => {
				const change: unknown = { ...after, id: Number(id), at: at.getTime(), port, before };
				return change as T;
			});
	return { shards: of<ShardChange>('shards'), cursors: of<CursorChange>('cursors') };
}

/** Who owns what now. */
export async function owners(database: Database, name: string): Promise<Map<number, string | null>> {
	const rows = await database.query<{ shard: number; owner: string | null }>(
		name,
		`SELECT shard, owner FROM ${SCHEMA}.shards ORDER BY shard`,
	);
	return new Map(rows.map(({ shard, owner }) => [shard, owner]));
}

/** Of every stream that was opened once. */
export async function shardsOf(database: Database, name: string): Promise<Map<string, number>> {
	const rows = await database.query<{ name: string; shard: number }>(name, `SELECT name, shard FROM ${SCHEMA}.streams`);
	return new Map(rows.map((row) => [row.name, row.shard]));
}

/** `log.record.uid` and reason of every dead letter. Streams are named as their events are. */
export async function readLetters(database: Database, name: string): Promise<Map<string, string>> {
	const rows = await database.query<{ stream: string; event_id: string; reason: string }>(
		name,
		`SELECT stream, event_id, reason FROM ${SCHEMA}.dead_letters`,
	);
	return new Map(rows.map(({ stream, event_id, reason }) => [`${stream.split('-')[0]}:${event_id}`, reason]));
}
