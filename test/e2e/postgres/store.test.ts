/** What only a server shows: several connections at once. */
import './installed';
import { createConnection, type Connection } from '../../../forwarder/store/postgres/connection';
import { TURN } from '../../../forwarder/store/postgres/actions';
import { Beside } from '../../../forwarder/store/postgres/beside';
import { statement } from '../../../forwarder/store/postgres/sql';
import { followWishes, wish } from '../../../forwarder/store/postgres/wishes';
import { StaleLeaseError, type Store } from '../../../forwarder/store/contract';
import { systemClock } from '../../../forwarder/waits';
import { startPostgres, type Postgres } from '../../support/postgres';
import { storeConformance } from '../../forwarder/store/conformance';
import { databaseOver, dr, event, idsIn, page, SCHEMA, type Database } from '../../forwarder/store/postgres/support';

describe('on a server', () => {
	let server: Postgres;
	let connection: Connection;
	let other: Connection;
	let db: Database;
	let current: Store | undefined;

	beforeAll(async () => {
		server = await startPostgres();
		[connection, other] = [connectionTo(server), connectionTo(server)];
		db = await databaseOver(connection, async () => undefined);
	});
	afterAll(async () => {
		for (const one of [connection, other]) one.close();
		await server.end();
	});
	afterEach(async () => {
		await current?.close();
		current = undefined;
		await db.clear();
	});

	const open = async ({ maxOutboxSize = 1e9 } = {}) => {
		await current?.close();
		return (current = await db.open(undefined, { maxOutboxSize }));
	};

	storeConformance(() => ({ open, takeOver: async () => void (await db.take('worker-2')), forgetsAtOnce: false }));

	/** Another worker takes the shard, and its transaction stays open until somebody waits for it. */
	const takenSlowly = (waits: () => Promise<unknown>) =>
		Promise.all([
			other.script(
				`BEGIN; UPDATE audit_relay.shards SET epoch = epoch + 1, owner = 'worker-2' WHERE shard = 1;
				UPDATE audit_relay.cursors SET epoch = epoch + 1 WHERE shard = 1;
				DO $$ BEGIN LOOP
					PERFORM pg_stat_clear_snapshot();
					EXIT WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock');
					PERFORM pg_sleep(0.01);
				END LOOP; END $$; COMMIT`,
			),
			locked().then(waits),
		]);

	async function locked(): Promise<void> {
		for (;;) {
			const rows = await db.run(
				`SELECT 1 FROM pg_locks WHERE relation = '@shards'::regclass AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()`,
			);
			const cursors = await db.run(
				`SELECT 1 FROM pg_locks WHERE relation = '@cursors'::regclass AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()`,
			);
			if (rows.length > 0 && cursors.length > 0) return;
		}
	}

	test('a page that waits for a takeover is refused when that is done', async () => {
		const [stream] = await (await open()).streams([dr]);
		await stream!.commit(page(event('a', 1n)));
		await takenSlowly(() => expect(stream!.commit(page(event('b', 2n)))).rejects.toThrow(StaleLeaseError));
		expect(idsIn(await (await open()).outbox('siem').pending(0, 10))).toEqual(['a']);
	});

	test('an acknowledgement that waits for a takeover is refused when that is done', async () => {
		const store = await open();
		const [stream] = await store.streams([dr]);
		await stream!.commit(page(event('a', 1n)));
		const batches = await store.outbox('siem').pending(0, 1);
		await takenSlowly(() => expect(store.outbox('siem').acknowledge(batches, 1)).rejects.toThrow(StaleLeaseError));
		expect(idsIn(await (await open()).outbox('siem').pending(0, 10))).toEqual(['a']);
	});

	test('a slot is not emptied while somebody writes into it', async () => {
		await other.script(`UPDATE audit_relay.ring SET slot = 7`);
		const turned = async () => (await db.run<{ turned: string }>(`SELECT @turn_ring('0 s') AS turned`))[0]!.turned;
		const writes = other.script(
			`BEGIN; INSERT INTO audit_relay.batches SELECT 0, 1, 5, 'dr', 1, 1, 1, '{siem}', false, '[]', NULL, NULL, NULL, 0, 0, '', '';
			DO $$ BEGIN LOOP
				PERFORM pg_stat_clear_snapshot();
				EXIT WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock');
				PERFORM pg_sleep(0.01);
			END LOOP; PERFORM pg_sleep(0.1); END $$; COMMIT`,
		);
		const held = () =>
			db.run(`SELECT 1 FROM pg_locks WHERE relation = '@batches_0'::regclass AND mode = 'RowExclusiveLock'`);
		while ((await held()).length === 0);
		expect(await turned()).toBe('waits');
		await writes;
	});

	test('a wish that is being kept hides none that comes after it, and none hides it', async () => {
		const look = followWishes(db, SCHEMA);
		await look();
		const slow = other.script(
			`BEGIN; ${statement(TURN, SCHEMA).text};
			INSERT INTO audit_relay.actions (at, by, what, wish, name) VALUES (1, 'ann', 'poll: slow', 'poll', 'slow');
			DO $$ BEGIN LOOP
				PERFORM pg_stat_clear_snapshot();
				EXIT WHEN EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock') OR clock_timestamp() > now() + '3 s'::interval;
				PERFORM pg_sleep(0.01);
			END LOOP; END $$; COMMIT`,
		);
		const begun = () =>
			db.run(`SELECT 1 FROM pg_locks WHERE relation = '@actions'::regclass AND mode = 'RowExclusiveLock'`);
		while ((await begun()).length === 0);
		const quick = wish(new Beside(db, SCHEMA), { kind: 'poll', source: 'quick' }, { by: 'ann', at: 2n });
		await Promise.race([slow, quick]);
		const found = [...(await look()).wishes];
		await Promise.all([slow, quick]);
		found.push(...(await look()).wishes);
		expect(found).toEqual(['slow', 'quick'].map((source) => ({ kind: 'poll', source })));
	});

	test('a hundred pages of many streams at once are all there, each once', async () => {
		const store = await open();
		const streams = await store.streams(Array.from({ length: 10 }, (_, n) => ({ ...dr, name: `s${n}` })));
		await Promise.all(
			streams.map(async (stream, at) => {
				for (let n = 0; n < 10; n++) await stream.commit(page(event(`${at}-${n}`, BigInt(n))));
			}),
		);
		const ids = idsIn(await (await open()).outbox('siem').pending(0, 200));
		expect(new Set(ids).size).toBe(100);
		expect(ids).toHaveLength(100);
	});
});

function connectionTo(server: Postgres): Connection {
	const url = { describe: () => 'this test', read: async () => server.url() };
	return createConnection(
		{ url, size: 4, limitMs: 10_000 },
		{ clock: systemClock, random: Math.random, warn: () => undefined },
	);
}
