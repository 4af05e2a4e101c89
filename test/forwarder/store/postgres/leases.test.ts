/** The statements of leases: in PostgreSQL without a server, in a real one where there is one, and in the table that stories use. */
import { fixedSecret } from '../../../../forwarder/config/secrets';
import type { Beat, LeaseTable, ShardRow } from '../../../../forwarder/store/lease';
import { createConnection } from '../../../../forwarder/store/postgres/connection';
import { leaseTable } from '../../../../forwarder/store/postgres/leases';
import type { Queries } from '../../../../forwarder/store/postgres/queries';
import { migrate } from '../../../../forwarder/store/postgres/schema';
import { systemClock } from '../../../../forwarder/waits';
import { startLite } from '../../../support/pglite';
import { postgresBinaries, startPostgres } from '../../../support/postgres';
import { memoryTable } from '../../../support/leaseTable';

const SCHEMA = 'relay_test';

interface Subject {
	table: LeaseTable;
	/** Absent: it has no statements. */
	queries?: Queries;
	end(): unknown;
}

const subjects: [string, () => Promise<Subject>][] = [
	['the table of the stories', async () => ({ table: memoryTable(4), end: () => undefined })],
	[
		'PostgreSQL in the process',
		async () => {
			const queries = await startLite();
			await migrate(queries, SCHEMA, undefined, 4);
			return { table: leaseTable(queries, SCHEMA, 4), queries, end: () => queries.close() };
		},
	],
];
if (postgresBinaries()) {
	subjects.push([
		'a PostgreSQL server',
		async () => {
			const server = await startPostgres();
			const deps = { clock: systemClock, random: Math.random, warn: () => undefined };
			const db = createConnection({ url: fixedSecret(server.url()), size: 4, limitMs: 20_000 }, deps);
			await migrate(db, SCHEMA, undefined, 4);
			return { table: leaseTable(db, SCHEMA, 4), queries: db, end: () => (db.close(), server.end()) };
		},
	]);
}

const beatOf = (id: string, beat: number, more: Partial<Beat> = {}): Beat => ({
	...{ id, beat, shards: 0, outbox: 0, leaving: false, command: false },
	about: { version: '1', schema: 1, config: 'c', host: 'h' },
	...more,
});

describe.each(subjects)('%s', (_, make) => {
	let subject: Subject;
	let table: LeaseTable;
	beforeAll(async () => {
		subject = await make();
		({ table } = subject);
	}, 120_000);
	afterAll(() => subject?.end());

	const shard = async (number: number): Promise<ShardRow> =>
		(await table.beat(beatOf('onlooker', ++looks))).shards.find((row) => row.shard === number)!;
	let looks = 0;

	it('shows every worker and every shard with a beat, the own one as it is now', async () => {
		await table.beat(beatOf('a', 1));
		const view = await table.beat(beatOf('b', 7, { leaving: true, outbox: 5 }));
		expect(view.workers.filter(({ id }) => id !== 'onlooker').sort((x, y) => x.id.localeCompare(y.id))).toEqual([
			{ id: 'a', beat: 1, outbox: 0, leaving: false, drained: false, command: false, config: 'c' },
			{ id: 'b', beat: 7, outbox: 5, leaving: true, drained: false, command: false, config: 'c' },
		]);
		expect(view.shards).toHaveLength(4);
		expect(view.shards[0]).toEqual({ shard: 0, epoch: 0, owner: null, wantedBy: null, falls: 0 });
		expect(view.server).not.toBe('');
	});

	it('gives a free shard to the first that takes it as it was seen', async () => {
		const seen = { shard: 0, epoch: 0, owner: null };
		await expect(table.take('a', [seen])).resolves.toEqual([{ shard: 0, epoch: 1, owner: 'a', seq: 0 }]);
		await expect(table.take('b', [seen])).resolves.toEqual([]);
	});

	it('does not give the shard of a worker whose beat has moved since', async () => {
		await table.beat(beatOf('a', 2));
		await expect(table.take('b', [{ shard: 0, epoch: 1, owner: 'a', beat: 1 }])).resolves.toEqual([]);
		await expect(table.take('b', [{ shard: 0, epoch: 1, owner: 'a' }])).resolves.toEqual([]);
	});

	it('gives the shard of a dead one, and counts its falls', async () => {
		await expect(table.take('b', [{ shard: 0, epoch: 1, owner: 'a', beat: 2 }])).resolves.toEqual([
			{ shard: 0, epoch: 2, owner: 'b', seq: 0 },
		]);
		await expect(shard(0)).resolves.toMatchObject({ owner: 'b', epoch: 2, falls: 1 });
		await table.beat(beatOf('b', 8));
		await table.take('c', [{ shard: 0, epoch: 2, owner: 'b', beat: 8 }]);
		await expect(shard(0)).resolves.toMatchObject({ owner: 'c', falls: 2 });
	});

	it('raises the epoch also for the owner itself, and counts that as no fall', async () => {
		const [lease] = await table.take('c', [{ shard: 0, epoch: 3, owner: 'c' }]);
		expect(lease).toMatchObject({ epoch: 4, owner: 'c' });
		await expect(shard(0)).resolves.toMatchObject({ falls: 2 });
	});

	it('takes back only from who has it, with that epoch', async () => {
		await table.release([
			{ shard: 0, epoch: 3, owner: 'c' },
			{ shard: 0, epoch: 4, owner: 'b' },
		]);
		await expect(shard(0)).resolves.toMatchObject({ owner: 'c' });
		await table.release([{ shard: 0, epoch: 4, owner: 'c' }]);
		await expect(shard(0)).resolves.toMatchObject({ owner: null, epoch: 4, falls: 0 });
	});

	it('remembers who wants a shard until somebody has taken it', async () => {
		await table.want(1, 'cli');
		await expect(shard(1)).resolves.toMatchObject({ wantedBy: 'cli' });
		await table.take('cli', [{ shard: 1, epoch: 0, owner: null }]);
		await expect(shard(1)).resolves.toMatchObject({ wantedBy: null, owner: 'cli' });
	});

	it('buries only who owns nothing and has not moved', async () => {
		await table.take('a', [{ shard: 2, epoch: 0, owner: null }]);
		await table.bury([
			{ id: 'a', beat: 2 },
			{ id: 'b', beat: 7 },
		]);
		const ids = (await table.beat(beatOf('c', 1))).workers.map(({ id }) => id);
		expect(ids).toEqual(expect.arrayContaining(['a', 'b', 'c']));
		await table.bury([{ id: 'b', beat: 8 }]);
		await table.leave('c');
		expect((await table.beat(beatOf('onlooker', ++looks))).workers.map(({ id }) => id).sort()).toEqual([
			'a',
			'onlooker',
		]);
	});

	it('shows the others another configuration as soon as a worker has it', async () => {
		const { about } = beatOf('again', 1);
		await table.beat(beatOf('again', 1));
		await table.beat(beatOf('again', 2, { about: { ...about, config: 'other' } }));
		const { workers } = await table.beat(beatOf('looker', 1));
		expect(workers.find(({ id }) => id === 'again')).toMatchObject({ config: 'other' });
	});

	it('gives a shard that many want at once to one of them', async () => {
		const seen = { shard: 3, epoch: 0, owner: null };
		const taken = await Promise.all(Array.from({ length: 8 }, (_one, n) => table.take(`w${n}`, [seen])));
		expect(taken.flat()).toHaveLength(1);
	});

	it('shows a shard whose row is gone as nobody’s, and gives it to nobody', async () => {
		if (!subject.queries) return;
		const remove = await subject.queries.query<{ epoch: bigint }>(
			`DELETE FROM ${SCHEMA}.shards WHERE shard = 3 RETURNING epoch`,
		);
		const gone = await shard(3);
		expect(gone).toEqual({ shard: 3, epoch: -1, owner: null, wantedBy: null, falls: 0 });
		await expect(table.take('a', [gone])).resolves.toEqual([]);
		await subject.queries.query(`INSERT INTO ${SCHEMA}.shards (shard, epoch) VALUES (3, ${remove[0]!.epoch})`);
	});

	it('marks the cursors of a shard with its new epoch', async () => {
		if (!subject.queries) return;
		await subject.queries.query(`INSERT INTO ${SCHEMA}.cursors VALUES (2, 'siem', 1, 10), (1, 'siem', 1, 10)`);
		await table.take('b', [{ shard: 2, epoch: 1, owner: 'a', beat: 2 }]);
		await expect(
			subject.queries.query(`SELECT shard, epoch, acked FROM ${SCHEMA}.cursors ORDER BY shard`),
		).resolves.toEqual([
			{ shard: 1, epoch: 1n, acked: 10n },
			{ shard: 2, epoch: 2n, acked: 10n },
		]);
	});
});
