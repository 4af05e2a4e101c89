/**
 * The schema, brought up to date in steps that only add: programs of the last version go on with it. Each step is one statement, which
 * holds the row of `meta`, so that of several that start at once one does it and the others find it done.
 */
import { StateError } from '../stateError';
import { Refused } from './errors';
import { FUNCTIONS } from './functions';
import type { Queries } from './queries';
import { TABLES } from './tables';

/** How many leases there are to share: fixed when the database is set up, because each source belongs to one. */
export const SHARDS = 64;

/** Rows that are written every second: each update stays on its page, and is cleaned up there. */
const HOT = 'WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)';

/** Who shares the database, and who may write what. `beaten` and `taken` are for people: nobody decides by them. `falls`: how often an owner ended without giving it back, of late. */
const LEASES: readonly string[] = [
	`CREATE TABLE @workers (
		id text PRIMARY KEY, beat bigint NOT NULL, shards int NOT NULL, outbox bigint NOT NULL, leaving bool NOT NULL,
		drained bool NOT NULL DEFAULT false, command bool NOT NULL, version text NOT NULL, schema int NOT NULL, config text NOT NULL,
		host text NOT NULL, since timestamptz NOT NULL DEFAULT now(), beaten timestamptz NOT NULL DEFAULT now()
	) ${HOT}`,
	`CREATE TABLE @shards (
		shard int PRIMARY KEY, epoch bigint NOT NULL DEFAULT 0, owner text, seq bigint NOT NULL DEFAULT 0, wanted_by text,
		falls int NOT NULL DEFAULT 0, fallen timestamptz, taken timestamptz
	) ${HOT}`,
	'INSERT INTO @shards (shard) SELECT generate_series(0, (SELECT shards FROM @meta) - 1)',
	`CREATE TABLE @cursors (
		shard int, destination text, epoch bigint NOT NULL, acked bigint NOT NULL, PRIMARY KEY (shard, destination)
	) ${HOT}`,
];

/** Streams, and what they have stored. */
const STREAMS: readonly string[] = [...TABLES, ...FUNCTIONS, 'PERFORM @make_days(7)'];

/** `@name` is a table of ours. Steps are never changed once released; new ones go to the end. */
const STEPS: readonly (readonly string[])[] = [LEASES, STREAMS];

/** What this program knows, and what it writes into `workers`. */
export const SCHEMA = STEPS.length;

/** One statement after the other. */
type One = Pick<Queries, 'query'>;

export interface Meta {
	shards: number;
}

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/** Text with the names of our tables in place. */
export function named(text: string, schema: string): string {
	if (!NAME.test(schema)) throw new Error(`not a usable name of a schema: ${schema}`);
	return text.replaceAll(/@([a-z_0-9]+)/g, `"${schema}".$1`);
}

/** Throws `StateError` when the database was set up by a version that this one cannot work with, or may not be changed. */
export async function migrate(queries: One, schema: string, steps = STEPS, shards = SHARDS): Promise<Meta> {
	try {
		// whoever may only look is not asked for more
		if ((await versionIn(queries, schema)) < steps.length) {
			await begin(queries, schema, shards);
			for (const [index, statements] of steps.entries()) await queries.query(step(index, statements, schema));
		}
	} catch (error) {
		// a full disk or a lock of somebody passes, and another start helps
		if (!(error instanceof Refused && error.code.startsWith(MISTAKE))) throw error;
		const fix = `; the role needs CREATE on the database, or a schema of its own: CREATE SCHEMA ${schema} AUTHORIZATION …`;
		throw new StateError(
			`the schema ${schema} of the database cannot be set up (${error.message})${error.code === NOT_ALLOWED ? fix : ''}`,
		);
	}
	return readMeta(queries, schema, steps.length);
}

/** Class of what names or rights are the reason of. */
const MISTAKE = '42';
const NOT_ALLOWED = '42501';

/** 0: it is still to be set up. */
async function versionIn(queries: One, schema: string): Promise<number> {
	if (!(await isSetUp(queries, schema))) return 0;
	const [meta] = await queries.query<{ schema: number }>(named('SELECT schema FROM @meta', schema));
	return meta?.schema ?? 0;
}

/** Throws `StateError` when the database was brought to a version that this one cannot work with. */
export async function readMeta(queries: One, schema: string, known = SCHEMA): Promise<Meta> {
	const [meta] = await queries.query<{ schema: number; oldest: number; shards: number }>(
		named('SELECT schema, oldest, shards FROM @meta', schema),
	);
	if (!meta) throw notWhole(schema, 'meta is empty');
	if (meta.oldest > known) {
		throw new StateError(
			`the database was brought to version ${meta.schema}, and this program knows ${known}; use the version of the other workers`,
		);
	}
	return { shards: meta.shards };
}

/** Throws `StateError` when leases are gone: made anew they would count from 0, and what they count is acknowledged already. */
export async function checkWhole(queries: One, schema: string, { shards }: Meta): Promise<void> {
	const [row] = await queries.query<{ n: number }>(named('SELECT count(*)::int AS n FROM @shards', schema));
	if (row!.n !== shards) throw notWhole(schema, `shards has ${row!.n} of ${shards} rows`);
}

const notWhole = (schema: string, what: string) =>
	new StateError(
		`the schema ${schema} of the database is not whole (table ${what}): somebody has emptied it, or restored a part. ` +
			'Restore all of it; or name another state.schema, where everything begins anew with what the providers still have',
	);

/** Whether anybody has kept a state there. */
export async function isSetUp(queries: One, schema: string): Promise<boolean> {
	const [row] = await queries.query<{ there: boolean }>(`SELECT to_regclass('${schema}.meta') IS NOT NULL AS there`);
	return row!.there;
}

/** Others may be doing the same at this moment. */
const ALREADY = ['23505', '42P06', '42P07'];

async function begin(queries: One, schema: string, shards: number): Promise<void> {
	const made = async (exists: string, text: string) => {
		const [row] = await queries.query<{ there: boolean }>(`SELECT ${exists} IS NOT NULL AS there`);
		if (row!.there) return;
		await queries.query(text).catch((error: unknown) => {
			if (!(error instanceof Refused && ALREADY.includes(error.code))) throw error;
		});
	};
	await made(`to_regnamespace('${schema}')`, `CREATE SCHEMA "${schema}"`);
	const meta = `CREATE TABLE @meta (
		only_one bool PRIMARY KEY DEFAULT true CHECK (only_one), schema int NOT NULL, oldest int NOT NULL, shards int NOT NULL
	)`;
	await made(`to_regclass('${schema}.meta')`, named(meta, schema));
	await queries.query(
		named('INSERT INTO @meta (schema, oldest, shards) VALUES (0, 1, $1) ON CONFLICT DO NOTHING', schema),
		[shards],
	);
}

function step(before: number, statements: readonly string[], schema: string): string {
	return named(
		`DO $step$
		BEGIN
			PERFORM set_config('lock_timeout', '5s', true);
			PERFORM 1 FROM @meta WHERE schema = ${before} FOR UPDATE;
			IF FOUND THEN
				${statements.join(';\n')};
				UPDATE @meta SET schema = ${before + 1};
			END IF;
		END $step$`,
		schema,
	);
}
