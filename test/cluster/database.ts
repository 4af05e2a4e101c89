/** The database of a trial: a primary, a standby that follows it asynchronously, and failovers that lose the newest commits. */
import type * as Pg from 'pg';
import { startPostgres, type Postgres } from '../support/postgres';
import { until } from '../e2e/support/wait';

/** Not bundled: it asks for its parts by `require`. */
const pg = process.getBuiltinModule('node:module').createRequire(`${process.cwd()}/package.json`)('pg') as typeof Pg;

export type Row = Record<string, unknown>;

export interface Database {
	/** Of the primary. */
	readonly port: number;
	/** For workers, whose way leads to the primary. */
	url(name: string, wayPort: number): string;
	query<T = Row>(name: string, text: string, values?: readonly unknown[]): Promise<T[]>;
	create(name: string): Promise<void>;
	/** As a crash, and up again. */
	crash(downMs: number): Promise<void>;
	/** Makes a standby, if there is none. */
	follow(): Promise<void>;
	/** The standby gets nothing from now on. */
	leaveBehind(): Promise<void>;
	/** The primary is lost; the standby takes its place as far as it got. Resolves when it takes writes. */
	failOver(): Promise<void>;
	end(): Promise<void>;
}

const SETTINGS = ['max_connections=200'];

export async function startDatabase(): Promise<Database> {
	let primary = await startPostgres(SETTINGS);
	let standby: Postgres | undefined;
	const clients = new Map<string, Pg.Client>();

	async function ask<T>(server: Postgres, name: string, text: string, values: readonly unknown[] = []): Promise<T[]> {
		const key = `${server.port}/${name}`;
		let client = clients.get(key);
		if (!client) {
			client = new pg.Client({ connectionString: server.url({ database: name }), application_name: 'trial' });
			client.on('error', () => clients.delete(key));
			await client.connect();
			clients.set(key, client);
		}
		return (await client.query(text, [...values])).rows as T[];
	}

	return {
		get port() {
			return primary.port;
		},
		url: (name, wayPort) => primary.url({ host: `127.0.0.1:${wayPort}`, database: name }),
		query: (name, text, values) => ask(primary, name, text, values),
		create: async (name) => void (await ask(primary, 'postgres', `CREATE DATABASE ${name}`)),
		async crash(downMs) {
			await primary.stop('immediate');
			clients.clear();
			await new Promise((done) => setTimeout(done, downMs));
			await primary.start();
		},
		async follow() {
			standby ??= await primary.standby(SETTINGS);
			await until('the standby follows', async () => {
				const [row] = await ask<{ lag: string | null }>(
					primary,
					'postgres',
					'SELECT pg_current_wal_lsn() - min(replay_lsn) AS lag FROM pg_stat_replication',
				);
				return row !== undefined && row.lag !== null && Number(row.lag) === 0;
			});
		},
		async leaveBehind() {
			await ask(standby!, 'postgres', "ALTER SYSTEM SET primary_conninfo = ''");
			await ask(standby!, 'postgres', 'SELECT pg_reload_conf()');
			await until('the standby gets nothing more', async () => {
				const rows = await ask(standby!, 'postgres', 'SELECT 1 FROM pg_stat_wal_receiver');
				return rows.length === 0;
			});
		},
		async failOver() {
			const lost = primary;
			await lost.stop('immediate');
			await ask(standby!, 'postgres', 'SELECT pg_promote(true)');
			await ask(standby!, 'postgres', 'ALTER SYSTEM RESET primary_conninfo');
			primary = standby!;
			standby = undefined;
			await lost.end();
		},
		async end() {
			await Promise.allSettled([...clients.values()].map((client) => client.end()));
			await Promise.all([primary.end(), standby?.end()]);
		},
	};
}
