/** A database as a worker finds it: new, set up by another at this moment, by a newer program, or only over TLS. */
import './installed';
import { chmodSync, chownSync, copyFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fixedSecret } from '../../../forwarder/config/secrets';
import type { DatabaseConfig } from '../../../forwarder/config/types';
import { openDatabase, type Database } from '../../../forwarder/store/postgres/database';
import { migrate, named, SCHEMA } from '../../../forwarder/store/postgres/schema';
import { systemClock } from '../../../forwarder/waits';
import { startLite, type Lite } from '../../support/pglite';
import { startPostgres, type Postgres } from '../../support/postgres';
import { tlsFixture } from '../../support/tlsFront';

describe('a PostgreSQL', () => {
	let server: Postgres;
	const open: Database[] = [];
	beforeAll(async () => {
		server = await startPostgres();
	}, 120_000);
	afterEach(() => open.splice(0).forEach((database) => database.close()));
	afterAll(() => server?.end());

	async function database(url: string, more: Partial<DatabaseConfig> = {}): Promise<Database> {
		const config = { url: fixedSecret(url), schema: 'audit_relay', pool: 4, leaseTtlMs: 60_000, ...more };
		const deps = { clock: systemClock, random: Math.random, warn: () => undefined };
		const opened = await openDatabase(config, deps);
		open.push(opened);
		return opened;
	}

	it('is set up once, however many workers start at the same time', async () => {
		const all = await Promise.all(Array.from({ length: 4 }, () => database(server.url())));
		expect(all.map(({ shards }) => shards)).toEqual([64, 64, 64, 64]);
		const count = named('SELECT count(*)::int AS n FROM @shards', 'audit_relay');
		await expect(all[0]!.queries.query(count)).resolves.toEqual([{ n: 64 }]);
	});

	it('says what a role is missing that may not create a schema', async () => {
		const admin = await database(server.url());
		await admin.queries.query(`CREATE ROLE plain LOGIN PASSWORD 'own'`);
		const url = server.url({ user: 'plain', password: 'own' });
		await expect(database(url, { schema: 'theirs' })).rejects.toThrow(
			/the schema theirs of the database cannot be set up .*CREATE SCHEMA theirs AUTHORIZATION/,
		);
		await admin.queries.query('CREATE SCHEMA theirs AUTHORIZATION plain');
		await expect(database(url, { schema: 'theirs' })).resolves.toMatchObject({ shards: 64 });
	});

	it('keeps a connection for the beats: they do not wait for statements of the store', async () => {
		const { queries, leases } = await database(server.url(), { pool: 2 });
		let isDone = false;
		const slow = queries.query('SELECT pg_sleep(9)').then(
			() => (isDone = true),
			() => undefined,
		);
		const about = { version: '1', schema: SCHEMA, config: 'c', host: 'h' };
		await leases.beat({ id: 'w', beat: 1, shards: 0, outbox: 0, leaving: false, command: false, about });
		expect(isDone).toBe(false);
		open.splice(0).forEach((one) => one.close());
		await slow;
	});

	it('is reached over TLS, by the name that its certificate says and the authority that is given', async () => {
		const { uid, gid } = statSync(join(server.folder, 'data'));
		for (const name of ['server.key', 'server.pem']) {
			const copy = join(server.folder, name);
			copyFileSync(tlsFixture(name), copy);
			chmodSync(copy, 0o600);
			chownSync(copy, uid, gid);
		}
		const admin = await database(server.url());
		await admin.queries.query(`ALTER SYSTEM SET ssl_cert_file = '${join(server.folder, 'server.pem')}'`);
		await admin.queries.query(`ALTER SYSTEM SET ssl_key_file = '${join(server.folder, 'server.key')}'`);
		await admin.queries.query('ALTER SYSTEM SET ssl = on');
		await server.stop('fast');
		await server.start();
		const ca = readFileSync(tlsFixture('ca.pem'), 'utf8');
		const tls = { read: async () => ({ ca }) };
		const isEncrypted = async (mode: string, more: Partial<DatabaseConfig> = {}) => {
			const { queries } = await database(`${server.url()}?sslmode=${mode}`, more);
			return (await queries.query<{ ssl: boolean }>('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()'))[0]!
				.ssl;
		};
		await expect(isEncrypted('verify-full', { tls })).resolves.toBe(true);
		await expect(isEncrypted('require')).resolves.toBe(true);
		await expect(isEncrypted('verify-full')).rejects.toThrow(/127\.0\.0\.1:\d+: .*certificate/);
		await expect(isEncrypted('disable')).resolves.toBe(false);
	});
});

describe('the schema', () => {
	let queries: Lite;
	beforeAll(async () => {
		queries = await startLite();
	}, 120_000);
	afterAll(() => queries.close());

	it('is brought up to date step by step, and each step once', async () => {
		const steps = [['CREATE TABLE @one (n int)'], ['ALTER TABLE @one ADD m int', 'INSERT INTO @one VALUES (1, 2)']];
		await migrate(queries, 'own', steps.slice(0, 1));
		await migrate(queries, 'own', steps);
		await migrate(queries, 'own', steps);
		await expect(queries.query('SELECT * FROM own.one')).resolves.toEqual([{ n: 1, m: 2 }]);
	});

	it('leaves a database as it was when a step fails', async () => {
		const steps = [['CREATE TABLE @one (n int)', 'INSERT INTO @nowhere VALUES (1)']];
		await expect(migrate(queries, 'second', steps)).rejects.toThrow('cannot be set up');
		await expect(queries.query(`SELECT to_regclass('second.one') AS made`)).resolves.toEqual([{ made: null }]);
	});

	it.each([
		['disk_full', 'Refused'],
		['undefined_table', 'StateError'],
	])('tells what passes from what a start cannot cure: %s', async (condition, name) => {
		const steps = [[`RAISE EXCEPTION USING ERRCODE = '${condition}'`]];
		await expect(migrate(queries, 'fourth', steps)).rejects.toMatchObject({ name });
	});

	it('refuses a database that a newer program has made unusable for this one', async () => {
		await migrate(queries, 'third');
		await queries.query(`UPDATE third.meta SET schema = ${SCHEMA + 2}, oldest = ${SCHEMA + 1}`);
		await expect(migrate(queries, 'third')).rejects.toThrow('use the version of the other workers');
		await queries.query(`UPDATE third.meta SET oldest = ${SCHEMA}`);
		await expect(migrate(queries, 'third')).resolves.toEqual({ shards: 64 });
	});
});
