/** Who may write, and what becomes of a writer who may not. */
import { StaleLeaseError } from '../../../../forwarder/store/contract';
import type { Lease } from '../../../../forwarder/store/lease';
import { dr, event, idsIn, lite, page, type Database } from './support';

let db: Database;

beforeAll(async () => {
	db = await lite();
});
afterAll(() => db.close());
afterEach(() => db.clear());

const everything = async () => ({
	shards: await db.run('SELECT shard, epoch, owner, seq FROM @shards WHERE shard = 1'),
	streams: await db.run('SELECT name, watermark FROM @streams'),
	batches: await db.run('SELECT seq FROM @batches'),
	cursors: await db.run('SELECT * FROM @cursors'),
	shipped: await db.run('SELECT * FROM @shipped'),
	letters: await db.run('SELECT event_id FROM @dead_letters'),
});

const letter = { stream: 'dr', eventId: 'a', raw: '{}', time: 1n, observed: 1n, reason: 'rejected', detail: 'bad' };

describe('each part of a lease counts by itself', () => {
	const wrong: [keyof Lease, (lease: Lease) => Lease][] = [
		['shard', (lease) => ({ ...lease, shard: 2 })],
		['epoch', (lease) => ({ ...lease, epoch: lease.epoch - 1 })],
		['owner', (lease) => ({ ...lease, owner: 'worker-2' })],
		['seq', (lease) => ({ ...lease, seq: lease.seq + 1 })],
	];

	async function current(): Promise<Lease> {
		const [row] = await db.run<Record<'epoch' | 'seq', bigint>>('SELECT epoch, seq FROM @shards WHERE shard = 1');
		return { shard: 1, owner: 'worker-1', epoch: Number(row!.epoch), seq: Number(row!.seq) };
	}

	test.each(wrong)('a page of a lease with another %s is refused', async (part, other) => {
		const store = await db.open();
		await (await store.streams([dr]))[0]!.commit(page(event('a', 1n)));
		const stale = await db.open(other(await current()));
		const before = await everything();
		const attempt = async () => {
			const [stream] = await stale.streams([part === 'shard' ? { ...dr, name: 'erp' } : dr]);
			await stream!.commit(page(event('b', 2n)));
		};
		await expect(attempt()).rejects.toThrow(StaleLeaseError);
		expect(await everything()).toEqual(before);
	});

	test.each(wrong.slice(1, 3))(
		'an acknowledgement of a lease with another %s is refused, with dead letters and without',
		async (_, other) => {
			const store = await db.open();
			const [stream] = await store.streams([dr]);
			await stream!.commit(page(event('a', 1n)));
			const lease = await current();
			const before = await everything();
			for (const letters of [[], [letter]]) {
				const outbox = (await db.open(other(lease))).outbox('siem');
				const batches = await outbox.pending(0, 1);
				await expect(outbox.acknowledge(batches, 1, letters)).rejects.toThrow(StaleLeaseError);
				expect(await everything()).toEqual(before);
			}
		},
	);
});

test('after a refusal nothing of the memory is given to anybody', async () => {
	const store = await db.open();
	const [stream] = await store.streams([dr]);
	await stream!.commit({ start: 1n, watermark: 1n, ...page(event('a', 1n)) });
	await db.take('worker-2');
	await expect(stream!.commit(page(event('b', 2n)))).rejects.toThrow(/shard 1 .*another process has taken it/);
	await expect(stream!.load()).rejects.toThrow(StaleLeaseError);
	await expect(stream!.commit({ watermark: 5n })).rejects.toThrow(StaleLeaseError);
	await expect(store.outbox('siem').pending(0, 1)).rejects.toThrow(StaleLeaseError);
	await expect(store.notePoll('dr')).rejects.toThrow(StaleLeaseError);
});

test('commits of two streams at once come one after the other', async () => {
	const store = await db.open();
	const streams = await store.streams([dr, { ...dr, name: 'erp' }]);
	await Promise.all(
		streams.flatMap((stream, at) => [1, 2, 3].map((n) => stream.commit(page(event(`${at}-${n}`, BigInt(n)))))),
	);
	const batches = await store.outbox('siem').pending(0, 10);
	expect(batches.map(({ id }) => id)).toEqual([...new Set(batches.map(({ id }) => id))].sort((a, b) => a - b));
	expect(idsIn(batches)).toHaveLength(6);
});

describe('an answer that is lost', () => {
	test('of a page that was committed: the lease ends, and the next one knows the page', async () => {
		const store = await db.open();
		const [stream] = await store.streams([dr]);
		await stream!.commit({ start: 1n, watermark: 1n });
		db.loseAnswer();
		await expect(stream!.commit(page(event('a', 1n)))).rejects.toThrow(StaleLeaseError);
		await expect(stream!.load()).rejects.toThrow(StaleLeaseError);
		const next = await db.open();
		const [again] = await next.streams([dr]);
		expect(await again!.seen([{ id: 'a', time: 1n }])).toEqual(new Set(['a']));
		expect(idsIn(await next.outbox('siem').pending(0, 10))).toEqual(['a']);
	});

	test.each([
		['without dead letters', []],
		['with a dead letter', [letter]],
	])('of an acknowledgement %s: it counts once', async (_, letters) => {
		const store = await db.open();
		const [stream] = await store.streams([dr]);
		await stream!.commit(page(event('a', 1n)));
		const batches = await store.outbox('siem').pending(0, 1);
		db.loseAnswer();
		await expect(store.outbox('siem').acknowledge(batches, 1, letters)).rejects.toThrow(StaleLeaseError);
		const next = await db.open();
		const before = await next.summary();
		await next.outbox('siem').acknowledge(batches, 1, letters);
		await next.outbox('siem').acknowledge(batches, 1, letters);
		expect(await next.summary()).toEqual(before);
		expect(before.destinations).toMatchObject([
			{ name: 'siem', shipped: 1, deadLetters: letters.length, waiting: letters.length },
		]);
	});

	test('what was certainly not done leaves the lease as it is', async () => {
		const store = await db.open();
		const [stream] = await store.streams([dr]);
		await db.run(`ALTER TABLE @batches ADD CONSTRAINT none CHECK (seq < 0) NOT VALID`);
		await expect(stream!.commit(page(event('a', 1n)))).rejects.not.toThrow(StaleLeaseError);
		await db.run(`ALTER TABLE @batches DROP CONSTRAINT none`);
		expect(await stream!.seen([{ id: 'a', time: 1n }])).toEqual(new Set());
		await stream!.commit(page(event('a', 1n)));
		expect(idsIn(await store.outbox('siem').pending(0, 10))).toEqual(['a']);
	});
});

describe('a database that goes back to an earlier moment below a living owner', () => {
	const TABLES = ['shards', 'streams', 'cursors', 'batches', 'pages', 'shipped'];

	async function remembered(): Promise<void> {
		for (const table of TABLES) await db.run(`CREATE TABLE @old_${table} AS TABLE @${table}`);
	}

	async function rolledBack(): Promise<void> {
		for (const table of TABLES) {
			await db.run(`DELETE FROM @${table}`);
			await db.run(`INSERT INTO @${table} SELECT * FROM @old_${table}`);
		}
	}

	afterEach(async () => {
		for (const table of TABLES) await db.run(`DROP TABLE IF EXISTS @old_${table}`);
	});

	test('refuses his next page: what was lost is read again by whoever takes it next', async () => {
		const store = await db.open();
		const [stream] = await store.streams([dr]);
		await stream!.commit({ start: 1n, watermark: 1n, ...page(event('a', 1n)) });
		await remembered();
		await stream!.commit({ watermark: 5n, ...page(event('b', 2n)) });
		await rolledBack();
		await expect(stream!.commit({ watermark: 9n, ...page(event('c', 6n)) })).rejects.toThrow(StaleLeaseError);
		const [again] = await (await db.open()).streams([dr]);
		expect(await again!.load()).toMatchObject({ watermark: 1n });
		expect(await again!.seen([event('a', 1n), event('b', 2n)])).toEqual(new Set(['a']));
	});

	test('refuses his acknowledgement of a batch that is no more; it never hits another batch of that number', async () => {
		const store = await db.open();
		const [stream] = await store.streams([dr]);
		await stream!.commit(page(event('a', 1n)));
		await store.outbox('siem').acknowledge(await store.outbox('siem').pending(0, 1), 1);
		await remembered();
		await stream!.commit(page(event('b', 2n)));
		const lost = await store.outbox('siem').pending(0, 1);
		await rolledBack();
		const next = await db.open();
		const [again] = await next.streams([dr]);
		await again!.commit(page(event('other', 3n)));
		const other = await next.outbox('siem').pending(0, 1);
		expect(other[0]!.id).toBe(lost[0]!.id);
		await expect(store.outbox('siem').acknowledge(lost, 1)).rejects.toThrow(StaleLeaseError);
		expect(idsIn(await (await db.open()).outbox('siem').pending(0, 10))).toEqual(['other']);
	});

	test('refuses an acknowledgement beyond its last commit, when nobody has taken it since', async () => {
		const store = await db.open();
		const [stream] = await store.streams([dr]);
		await stream!.commit(page(event('a', 1n)));
		await remembered();
		await stream!.commit(page(event('b', 2n)));
		const batches = await store.outbox('siem').pending(0, 2);
		await rolledBack();
		await expect(store.outbox('siem').acknowledge(batches, 2)).rejects.toThrow(StaleLeaseError);
		expect(idsIn(await (await db.open()).outbox('siem').pending(0, 10))).toEqual(['a']);
	});
});
