/** A command that needs a shard for a moment, beside workers that go on with the others. */
import { borrow } from '../../../../forwarder/run/cluster/borrow';
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
