/** What commands see of a cluster and change in it. */
import { findingsIn, type ClusterState } from '../../../../forwarder/store/cluster';
import { StaleLeaseError } from '../../../../forwarder/store/contract';
import { Beside } from '../../../../forwarder/store/postgres/beside';
import { readCluster, setDrained } from '../../../../forwarder/store/postgres/cluster';
import { leaseTable } from '../../../../forwarder/store/postgres/leases';
import { SHARDS } from '../../../../forwarder/store/postgres/schema';
import { moveStreams, placeStream } from '../../../../forwarder/store/postgres/move';
import { streamOf } from '../../../support/streamOf';
import { dr, event, idsIn, lite, page, SCHEMA, type Database } from './support';

let db: Database;
let beside: Beside;
beforeAll(async () => {
	db = await lite();
	beside = new Beside(db, SCHEMA);
});
afterAll(() => db.close());
beforeEach(async () => {
	await db.clear();
	await db.run('DELETE FROM @workers');
	await db.run('UPDATE @shards SET owner = NULL, wanted_by = NULL, falls = 0, fallen = NULL');
});

const erp = { ...dr, name: 'erp' };

describe('what is seen', () => {
	const beat = (id: string, config = 'c1') =>
		leaseTable(db, SCHEMA, SHARDS).beat({
			...{ id, beat: 1, shards: 0, outbox: 12, leaving: false, command: false },
			about: { version: '1.2.3', schema: 2, config, host: 'here' },
		});
	const seen = async () => {
		const state = await readCluster(beside);
		return { state, findings: findingsIn(state, 5_000) };
	};
	const all = (state: ClusterState) => state.shards.map(({ shard }) => shard);

	test('who holds what, for how long, and what is in it', async () => {
		await beat('worker-1');
		const store = await db.open(await db.take('worker-1', 3));
		await store.streams([dr]);
		await db.run(`UPDATE @shards SET taken = taken - interval '1 minute' WHERE shard = 3`);
		const { state, findings } = await seen();
		expect(state.workers).toEqual([
			{
				...{ id: 'worker-1', host: 'here', version: '1.2.3', schema: 2, config: 'c1', outbox: 12, shards: 1 },
				...{ leaving: false, drained: false, command: false },
				upMs: expect.any(Number) as number,
				beatAgeMs: expect.any(Number) as number,
			},
		]);
		expect(state.shards[3]).toMatchObject({ shard: 3, owner: 'worker-1', sources: ['dr'], seq: 1 });
		expect(state.shards[3]!.heldMs).toBeGreaterThanOrEqual(60_000);
		expect(state.shards[4]).toMatchObject({ shard: 4, owner: null, heldMs: null, sources: [] });
		expect(findings.unowned).toEqual(all(state).filter((shard) => shard !== 3));
	});

	test('what a worker held that gives no sign of life is held by nobody', async () => {
		await beat('worker-1');
		await db.take('worker-1', 3);
		await db.run(`UPDATE @workers SET beaten = beaten - interval '6 seconds'`);
		expect((await seen()).findings.unowned).toContain(3);
	});

	test('what ends its owners is named', async () => {
		await db.run('UPDATE @shards SET falls = 3, fallen = now() WHERE shard = 5');
		expect((await seen()).findings.poisoned).toEqual([5]);
	});

	test('configurations differ: of living workers, not of commands', async () => {
		await beat('worker-1');
		await beat('worker-2', 'c2');
		expect((await seen()).findings.configs).toEqual(['c1', 'c2']);
		await db.run(`UPDATE @workers SET command = true WHERE id = 'worker-2'`);
		expect((await seen()).findings.configs).toEqual([]);
	});

	test('a worker is drained until that is undone, whatever it beats; one that is gone is not', async () => {
		await beat('worker-1');
		expect(await setDrained(beside, 'worker-1', true)).toBe(true);
		const { workers } = await beat('worker-1');
		expect(workers).toMatchObject([{ id: 'worker-1', drained: true }]);
		expect(await setDrained(beside, 'worker-1', false)).toBe(true);
		expect(await setDrained(beside, 'worker-2', true)).toBe(false);
	});
});

describe('a source moves into another shard', () => {
	const move = async (names = ['dr']) => {
		const [from, to] = [await db.take('cli', 1), await db.take('cli', 2)];
		return moveStreams(beside, names, from, to);
	};

	test('with its position, its ids and what waits, in order, behind what waits there already', async () => {
		const old = await db.open();
		const stream = streamOf(old, dr);
		await stream.commit({ start: 1n, watermark: 1n });
		for (const id of ['a', 'b', 'c']) await stream.commit({ ...page(event(id, 10n)), watermark: 5n });
		await streamOf(old, erp).commit({ start: 1n, watermark: 1n, ...page(event('stays', 10n)) });
		const [first] = await old.outbox('siem').pending(0, 1);
		await old.outbox('siem').acknowledge([first!], 1);
		const there = await db.open(await db.take('worker-1', 2));
		await streamOf(there, { ...dr, name: 'app' }).commit({ start: 1n, watermark: 1n, ...page(event('before', 10n)) });

		expect(await move()).toBe(2);

		const now = await db.open(await db.take('worker-2', 2));
		expect(idsIn(await now.outbox('siem').pending(0, 10))).toEqual(['before', 'b', 'c']);
		expect(await streamOf(now, dr).load()).toMatchObject({ start: 1n, watermark: 5n });
		expect(
			await streamOf(now, dr).seen([
				{ id: 'a', time: 10n },
				{ id: 'x', time: 10n },
			]),
		).toEqual(new Set(['a']));
		const left = await db.open();
		expect(idsIn(await left.outbox('siem').pending(0, 10))).toEqual(['stays']);
		await streamOf(now, dr).commit(page(event('d', 11n)));
		expect(idsIn(await now.outbox('siem').pending(0, 10))).toEqual(['before', 'b', 'c', 'd']);
	});

	test('to where its destination has received nothing yet', async () => {
		const old = await db.open();
		await streamOf(old, dr).commit({ start: 1n, watermark: 1n, ...page(event('a', 10n)) });
		expect(await move()).toBe(1);
		const now = await db.open(await db.take('worker-2', 2));
		await now.streams([dr]);
		const waiting = await now.outbox('siem').pending(0, 10);
		expect(idsIn(waiting)).toEqual(['a']);
		await now.outbox('siem').acknowledge(waiting, 1);
		expect(await (await db.open(await db.take('worker-3', 2))).isWaiting()).toBe(false);
	});

	test('nothing moves when one of the shards was taken meanwhile', async () => {
		const old = await db.open();
		await streamOf(old, dr).commit({ start: 1n, watermark: 1n, ...page(event('a', 10n)) });
		for (const stolen of [1, 2]) {
			const [from, to] = [await db.take('cli', 1), await db.take('cli', 2)];
			await db.take('worker-2', stolen);
			await expect(moveStreams(beside, ['dr'], from, to)).rejects.toThrow(StaleLeaseError);
		}
		expect(idsIn(await (await db.open()).outbox('siem').pending(0, 10))).toEqual(['a']);
	});

	test('the former owners store nothing more', async () => {
		const old = await db.open();
		const stream = streamOf(old, dr);
		await stream.commit({ start: 1n, watermark: 1n });
		await move();
		await expect(stream.commit(page(event('a', 10n)))).rejects.toThrow(StaleLeaseError);
	});

	test('one that was never opened begins where it was put', async () => {
		await placeStream(beside, { name: 'dr', fingerprint: 'f1' }, 2);
		const there = await db.open(await db.take('worker-1', 2));
		expect(await streamOf(there, dr).load()).toBeUndefined();
		await expect((await db.open()).streams([dr])).rejects.toThrow('its state is kept in shard 2, not in 1');
	});
});
