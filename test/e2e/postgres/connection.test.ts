/** The connection, to a real server: what is certain after an error, and what is not. */
import './installed';
import { createServer, connect as connectTo, type AddressInfo, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { fixedSecret } from '../../../forwarder/config/secrets';
import {
	createConnection,
	type Connection,
	type ConnectionSettings,
} from '../../../forwarder/store/postgres/connection';
import { systemClock } from '../../../forwarder/waits';
import { PASSWORD, startPostgres, type Postgres } from '../../support/postgres';

const open: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of open.splice(0)) await close();
});

interface Warned extends Connection {
	warnings: string[];
}

function connection(url: string, settings: Partial<ConnectionSettings> = {}): Warned {
	const warnings: string[] = [];
	const deps = { clock: systemClock, random: () => 0.1, warn: (message: string) => void warnings.push(message) };
	const made = createConnection({ url: fixedSecret(url), size: 2, limitMs: 10_000, ...settings }, deps);
	open.push(made.close);
	return { ...made, warnings };
}

/** Something in the middle, which can cut or hold what passes. */
async function between(port: number): Promise<{ host: string; hold(): void; cut(): void }> {
	let isHeld = false;
	const sockets = new Set<Socket>();
	const server: Server = createServer((near) => {
		const far = connectTo(port, '127.0.0.1');
		for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined));
		near.on('data', (data) => far.write(data)).on('close', () => far.destroy());
		// what the server answers stays on the way
		far.on('data', (data) => void (isHeld || near.write(data))).on('close', () => near.destroy());
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const cut = () => sockets.forEach((socket) => socket.destroy());
	open.push(() => (cut(), server.close()));
	return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, hold: () => void (isHeld = true), cut };
}

const failure = (work: Promise<unknown>) =>
	work.then(
		() => undefined,
		(error: unknown) => error,
	);

describe('a PostgreSQL', () => {
	let server: Postgres;
	beforeAll(async () => {
		server = await startPostgres();
		const admin = connection(server.url());
		await admin.script(`CREATE TABLE counts (n int); INSERT INTO counts VALUES (0)`);
	}, 120_000);
	afterAll(() => server?.end());

	it('answers a statement, with whole numbers of 64 bits', async () => {
		const db = connection(server.url());
		await expect(db.query('SELECT 9007199254740993::bigint AS big, $1::text AS text', ['x'])).resolves.toEqual([
			{ big: 9007199254740993n, text: 'x' },
		]);
	});

	it('sets limits for the session, and asks for READ COMMITTED whatever the role has', async () => {
		const admin = connection(server.url());
		await admin.script(
			`CREATE ROLE serial LOGIN PASSWORD 'own'; ALTER ROLE serial SET default_transaction_isolation = 'serializable'`,
		);
		const db = connection(server.url({ user: 'serial', password: 'own' }), { limitMs: 4000 });
		const [row] = await db.query(`SELECT current_setting('transaction_isolation') AS isolation,
			current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock`);
		expect(row).toEqual({ isolation: 'read committed', statement: '4s', lock: '4s' });
	});

	it('says of a refused statement that nothing was done, and goes on with the same connection', async () => {
		const db = connection(server.url(), { size: 1 });
		const before = await db.query('SELECT pg_backend_pid()');
		const error = await failure(db.query('INSERT INTO counts VALUES ($1)', ['not a number']));
		expect(error).toMatchObject({ name: 'Refused', tookEffect: 'no', code: '22P02' });
		await expect(db.query('SELECT pg_backend_pid()')).resolves.toEqual(before);
	});

	it('says so too when the server refuses only at the commit', async () => {
		const db = connection(server.url());
		await db.script('CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED); INSERT INTO late VALUES (1)');
		await expect(failure(db.query('INSERT INTO late SELECT 1'))).resolves.toMatchObject({
			tookEffect: 'no',
			code: '23505',
		});
	});

	it('does not know what became of a statement whose answer never came', async () => {
		const middle = await between(server.port);
		const db = connection(server.url({ host: middle.host }), { limitMs: 2000 });
		await db.open();
		middle.hold();
		const error = await failure(db.query('UPDATE counts SET n = n + 1 WHERE n = $1', [0]));
		expect(error).toMatchObject({ name: 'OutcomeUnknown', tookEffect: 'unknown' });
		// it did take effect
		await expect(connection(server.url()).query('SELECT n FROM counts')).resolves.toEqual([{ n: 1 }]);
		expect(db.size()).toBe(0);
	});

	it('does not know either when the server is stopped during the statement', async () => {
		const db = connection(server.url());
		await db.open();
		const sent = failure(db.query('SELECT pg_sleep(60)'));
		const admin = connection(server.url());
		const running = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()`;
		while ((await admin.query<{ n: number }>(running))[0]!.n === 0);
		await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(60)'`);
		await expect(sent).resolves.toMatchObject({ name: 'OutcomeUnknown' });
	});

	it('knows that nothing was done when the server cannot be reached, and finds it again', async () => {
		const db = connection(server.url());
		await db.open();
		await server.stop('fast');
		await expect(failure(db.query('UPDATE counts SET n = 100'))).resolves.toMatchObject({ tookEffect: 'no' });
		await server.start();
		await expect(db.query('SELECT n FROM counts')).resolves.toEqual([{ n: 1 }]);
	});

	it('repeats a statement that met another one', async () => {
		const [one, other] = [connection(server.url()), connection(server.url(), { size: 1 })];
		await one.script('CREATE TABLE pair (id int PRIMARY KEY, n int); INSERT INTO pair VALUES (1, 0), (2, 0)');
		const lockFirst = (id: number, then: number) => `WITH a AS (UPDATE pair SET n = n + 1 WHERE id = ${id} RETURNING n),
			w AS MATERIALIZED (SELECT n, pg_sleep(0.3) FROM a) UPDATE pair SET n = pair.n + 1 FROM w WHERE id = ${then}`;
		await Promise.all([one.query(lockFirst(1, 2)), other.query(lockFirst(2, 1))]);
		await expect(one.query('SELECT n FROM pair')).resolves.toEqual([{ n: 2 }, { n: 2 }]);
	});

	it('leaves no transaction behind when a script fails in the middle', async () => {
		const db = connection(server.url(), { size: 1 });
		await failure(db.script('BEGIN; UPDATE counts SET n = 77; SELECT 1/0; COMMIT'));
		await expect(db.query('SELECT n FROM counts')).resolves.toEqual([{ n: 1 }]);
	});

	it('waits for a free connection, and says when there is none in time', async () => {
		const db = connection(server.url(), { size: 1, limitMs: 2000 });
		await expect(Promise.all([1, 2, 3].map((n) => db.query('SELECT $1::int AS n', [n])))).resolves.toHaveLength(3);
		expect(db.size()).toBe(1);
		// two that end in time, one after the other, and are longer together than the third waits
		const long = () => db.query('SELECT pg_sleep(1.5)');
		const [, , third] = await Promise.all([long(), long(), failure(db.query('SELECT 1'))]);
		expect(third).toMatchObject({ name: 'Unreachable' });
	});

	it.each([
		['a wrong password', (own: Postgres) => own.url({ password: `${PASSWORD}-not` })],
		['a database that is not there', (own: Postgres) => own.url({ database: 'nowhere' })],
		['a port where nobody listens', (own: Postgres) => own.url({ host: '127.0.0.1:1' })],
		['a server without TLS', (own: Postgres) => `${own.url()}?sslmode=require`],
	])('names the host and the reason, never the password: %s', async (_, url) => {
		const db = connection(url(server));
		const error = await failure(db.open());
		expect(error).toMatchObject({ name: 'Unreachable', message: expect.stringContaining('127.0.0.1:') as string });
		expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(PASSWORD);
	});

	it('goes to the host that takes writes, and follows when it changes', async () => {
		const standby = await server.standby();
		try {
			const hosts = [`127.0.0.1:1`, `127.0.0.1:${standby.port}`, `127.0.0.1:${server.port}`].join(',');
			const db = connection(server.url({ host: hosts }));
			const port = async () => (await db.query<{ port: string }>(`SELECT current_setting('port') AS port`))[0]!.port;
			await expect(port()).resolves.toBe(String(server.port));
			await server.stop('immediate');
			const onReplica = await failure(connection(standby.url()).open());
			expect(onReplica).toMatchObject({ message: expect.stringContaining('is a replica') as string });
			await promoted(standby);
			await expect(port()).resolves.toBe(String(standby.port));
		} finally {
			await standby.end();
			await server.start();
		}
	});

	it('refuses a database in an encoding that cannot hold every letter: what cannot be stored would stop its source', async () => {
		const admin = connection(server.url());
		await admin.query(`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'`);
		const error = await failure(connection(server.url({ database: 'latin' })).open());
		expect(error).toMatchObject({ name: 'StateError', message: expect.stringContaining('is in LATIN1') as string });
	});

	it('passes a server by that takes no writes for this role now', async () => {
		const admin = connection(server.url());
		await admin.query(`CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'`);
		await admin.query('ALTER ROLE reader SET default_transaction_read_only = on');
		const error = await failure(connection(server.url({ user: 'reader' })).open());
		expect(error).toMatchObject({ name: 'Unreachable' });
		expect(error).toMatchObject({ message: expect.stringContaining('default_transaction_read_only is on') as string });
	});

	it('says loudly that no standby confirms commits, and once', async () => {
		const db = connection(server.url());
		await Promise.all([db.open(), db.open()]);
		expect(db.warnings).toEqual([expect.stringContaining('no standby confirms commits')]);
	});

	it.each([
		['fsync', `ALTER SYSTEM SET fsync = off`, 'fsync is off'],
		['full_page_writes', `ALTER SYSTEM SET full_page_writes = off`, 'full_page_writes is off'],
		['synchronous_commit of the role', `ALTER ROLE postgres SET synchronous_commit = off`, 'synchronous_commit is off'],
		[
			'synchronous_commit of the database',
			`ALTER DATABASE postgres SET synchronous_commit = off`,
			'synchronous_commit is off',
		],
	])('refuses a server that may lose what it has committed: %s', async (_, change, why) => {
		const admin = connection(server.url());
		await admin.open();
		const undo = change.replace(' SET', ' RESET').replace(' = off', '');
		await admin.query(change);
		await admin.query('SELECT pg_reload_conf()');
		try {
			let error: unknown;
			// the settings reach new connections a moment later
			while (!error) error = await failure(connection(server.url()).open());
			expect(error).toMatchObject({ name: 'StateError', message: expect.stringContaining(why) as string });
		} finally {
			await admin.query(undo);
			await admin.query('SELECT pg_reload_conf()');
		}
	});
});

/** As an operator does it; through the library, because the product would not take a replica. */
async function promoted(standby: Postgres): Promise<void> {
	const { default: pg } = await import('pg');
	const client = new pg.Client(standby.url());
	await client.connect();
	await client.query('SELECT pg_promote(true)');
	await client.end();
}
