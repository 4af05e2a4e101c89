import { shardFor, shardsInUse, streamsIn } from '../../../../forwarder/store/postgres/placement';
import { streamOf } from '../../../support/streamOf';
import { dr, event, lite, page, SCHEMA, type Database } from './support';

let db: Database;
beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());

test('a shard whose only stream is gone is still worked on: what waits in it has to be shipped', async () => {
	expect(await shardsInUse(db, SCHEMA)).toEqual([]);
	const store = await db.open(await db.take('worker-1', 3));
	const stream = streamOf(store, dr);
	await stream.commit({ start: 1n, ...page(event('a', 10n)) });
	expect([...(await streamsIn(db, SCHEMA)).entries()]).toEqual([[dr.name, { shard: 3, fingerprint: dr.fingerprint }]]);
	await db.run('DELETE FROM @streams');
	expect(await shardsInUse(db, SCHEMA)).toEqual([3]);
});

test('sources with one key belong to one shard in every process, and many keys to all shards', () => {
	expect(shardFor('arpio https://a file /k', 64)).toBe(shardFor('arpio https://a file /k', 64));
	const used = new Set(Array.from({ length: 2000 }, (_, key) => shardFor(`arpio https://a file /${key}`, 64)));
	expect(used.size).toBe(64);
});
