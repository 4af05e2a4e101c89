/** A command that needs a shard for a moment, beside workers that go on with the others. */
import { borrow, borrowAll } from '../../../../forwarder/run/cluster/borrow';
import { BEAT, cluster, TTL, type Cluster } from './cluster';

/** The command runs in the time of the cluster. */
async function command(all: Cluster, shard: number, ms: number, work: (lost: AbortSignal) => Promise<void> | void) {
	const stop = new AbortController();
	const deps = {
		...{ id: 'cli', table: all.table, ttlMs: TTL, now: all.now },
		about: { version: '1', schema: 1, config: 'c', host: 'h' },
		sleep: all.sleep,
	};
	const said: string[] = [];
	void borrow(shard, deps, stop.signal, async (lease, lost) => {
		said.push(`has epoch ${lease.epoch}`);
		await work(lost);
		await all.sleep(ms);
		said.push(lost.aborted ? 'lost it' : 'kept it');
	}).then(
		() => said.push('gave it back'),
		(error: Error) => said.push(error.message),
	);
	return { said, stop };
}

it('gets the shard from its owner, keeps it, and gives it back to the workers', async () => {
	const all = cluster(8);
	[all.add(), all.add()].forEach(() => undefined);
	await all.run(10 * BEAT);
	const before = all.table.shards.get(3)!;
	const { epoch, owner } = { ...before };
	const { said } = await command(all, 3, 3 * TTL, () => undefined);
	await all.run(4 * BEAT);
	expect(said).toEqual([`has epoch ${epoch + 1}`]);
	expect(all.workers.find(({ id }) => id === owner)!.held.has(3)).toBe(false);
	await all.run(2 * TTL);
	expect(all.owners()[3]).toBe('cli');
	await all.run(TTL + 6 * BEAT);
	expect(said.slice(1)).toEqual(['kept it', 'gave it back']);
	expect(all.owners()[3]).toMatch(/^w/);
	expect(all.workers[0]!.leases.status().view!.workers.map(({ id }) => id)).not.toContain('cli');
});

it('takes the shard of a worker that is dead, when that is sure', async () => {
	const all = cluster(8);
	const dead = all.add();
	await all.run(5 * BEAT);
	dead.kill();
	const { said } = await command(all, 3, BEAT, () => undefined);
	await all.run(TTL - BEAT);
	expect(said).toEqual([]);
	await all.run(3 * BEAT);
	expect(said[0]).toMatch(/has epoch/);
});

it('is told when the shard was taken from it', async () => {
	const all = cluster(8);
	const { said } = await command(all, 3, 4 * BEAT, async () => {
		const { epoch } = all.table.shards.get(3)!;
		await all.table.take('other', [{ shard: 3, epoch, owner: 'cli', beat: 1 }]);
	});
	await all.run(8 * BEAT);
	expect(said).toEqual(['has epoch 1', 'lost it', 'gave it back']);
	expect(all.owners()[3]).toBe('other');
});

it('waits no longer than it is wanted', async () => {
	const all = cluster(8);
	const slow = all.add({ graceMs: 100 * TTL });
	await all.run(5 * BEAT);
	const { said, stop } = await command(all, 3, BEAT, () => undefined);
	await all.run(5 * BEAT);
	stop.abort(new Error('interrupted'));
	await all.run(2 * BEAT);
	expect(said).toEqual(['interrupted']);
	expect(slow.held.has(3)).toBe(true);
});

/** Has them for a while; `said` tells in which order commands had them. */
function wanting(all: Cluster, id: string, shards: readonly number[], said: string[], stop = new AbortController()) {
	const deps = {
		...{ id, table: all.table, ttlMs: TTL, now: all.now, sleep: all.sleep },
		about: { version: '1', schema: 1, config: 'c', host: 'h' },
	};
	const work = async (leases: readonly { shard: number }[]) => {
		said.push(`${id} has ${leases.map(({ shard }) => shard).join(' ')}`);
		await all.sleep(TTL);
	};
	void borrowAll(shards, deps, stop.signal, work).catch((error: Error) => said.push(error.message));
	return stop;
}

it('gets several at once, and of two commands that want the same the second has to wait', async () => {
	const all = cluster(8);
	[all.add(), all.add()].forEach(() => undefined);
	await all.run(10 * BEAT);
	const said: string[] = [];
	wanting(all, 'first', [6, 1, 3], said);
	wanting(all, 'second', [3, 6, 2], said);
	await all.run(TTL);
	expect(said).toEqual(['first has 6 1 3']);
	await all.run(3 * TTL);
	expect(said).toEqual(['first has 6 1 3', 'second has 3 6 2']);
	await all.run(3 * TTL);
	expect(all.owners().every((owner) => /^w/.test(String(owner)))).toBe(true);
});

it('gives back what it has when it is interrupted while it waits for the rest', async () => {
	const all = cluster(8);
	const slow = all.add({ graceMs: 100 * TTL });
	await all.run(5 * BEAT);
	await all.table.release([{ shard: 1, epoch: all.table.shards.get(1)!.epoch, owner: all.owners()[1]! }]);
	const said: string[] = [];
	const stop = wanting(all, 'cli', [1, 3], said);
	await all.run(2 * BEAT);
	expect([all.owners()[1], slow.held.has(3)]).toEqual(['cli', true]);
	stop.abort(new Error('interrupted'));
	await all.run(2 * BEAT);
	expect(said).toEqual(['interrupted']);
	expect(all.owners()[1]).not.toBe('cli');
});
