/** Who holds what, told as stories: three workers, and what happens to them. `cluster` checks all the time that no two act on one shard. */
import { BEAT, cluster, TTL, type Cluster, type Worker } from './cluster';

const count = (all: Cluster, worker: Worker) => all.owners().filter((owner) => owner === worker.id).length;
const unowned = (all: Cluster) => all.owners().filter((owner) => owner === null).length;

async function three(): Promise<[Cluster, Worker, Worker, Worker]> {
	const all = cluster();
	const workers = [all.add(), all.add(), all.add()] as const;
	await all.run(40 * BEAT);
	for (const worker of workers) worker.said.length = 0;
	return [all, ...workers];
}

it('gives all shards to a worker that is alone, within three beats', async () => {
	const all = cluster();
	const worker = all.add();
	await all.run(3 * BEAT);
	expect(worker.held.size).toBe(64);
	expect(worker.leases.mayAct()).toBe(true);
});

it('shares evenly, and then leaves things as they are', async () => {
	const [all, ...workers] = await three();
	const counts = workers.map((worker) => count(all, worker));
	expect(counts.reduce((sum, held) => sum + held)).toBe(64);
	expect(Math.max(...counts)).toBe(Math.ceil(64 / 3));
	await all.run(20 * BEAT);
	expect(workers.flatMap(({ said }) => said)).toEqual([]);
});

it('takes over from a worker that was killed, after the time to live and two beats at most', async () => {
	const [all, a, b, c] = await three();
	a.kill();
	await all.run(TTL - BEAT);
	expect(count(all, a)).toBeGreaterThan(15);
	await all.run(3 * BEAT);
	expect(b.held.size + c.held.size).toBe(64);
	expect([b.held.size, c.held.size]).toEqual([32, 32]);
	// its row is gone
	await all.run(2 * BEAT);
	expect(
		b.leases
			.status()
			.view!.workers.map(({ id }) => id)
			.sort(),
	).toEqual([b.id, c.id]);
});

it('takes over from one that was stopped; waking, it acts on nothing, and is told what it has lost', async () => {
	const [all, a, b, c] = await three();
	a.stop();
	await all.run(TTL + 2 * BEAT);
	expect(b.held.size + c.held.size).toBe(64);
	const before = a.held.size;
	a.wake();
	expect(a.leases.mayAct()).toBe(false);
	await all.run(100);
	expect(a.said).toContain(`lost ${before}`);
	await all.run(40 * BEAT);
	expect(count(all, a)).toBeGreaterThan(15);
});

it('does not act either after its machine was frozen, and its clock with it', async () => {
	const [all, a] = await three();
	a.freeze();
	await all.run(3 * TTL);
	a.wake();
	expect(a.leases.mayAct()).toBe(false);
	await all.run(40 * BEAT);
	expect(count(all, a)).toBeGreaterThan(15);
});

it('declares nobody dead after the database was away: everybody goes on with what it holds', async () => {
	const [all, ...workers] = await three();
	const before = all.owners();
	all.isDown = true;
	await all.run(4 * TTL);
	expect(workers.map(({ leases }) => leases.mayAct())).toEqual([false, false, false]);
	all.isDown = false;
	await all.run(2 * TTL);
	expect(all.owners()).toEqual(before);
	expect(workers.flatMap(({ said }) => said).filter((line) => /took|lost/.test(line))).toEqual([]);
	expect(workers.map(({ leases }) => leases.mayAct())).toEqual([true, true, true]);
});

it.each([0, 1, 2])('takes nothing when it is the first that the database answers again (%i)', async (who) => {
	const [all, ...workers] = await three();
	const before = all.owners();
	all.isDown = true;
	await all.run(2 * TTL);
	const first = workers[who]!;
	const others = workers.filter((worker) => worker !== first);
	for (const worker of others) worker.isCutOff = true;
	all.isDown = false;
	await all.run(TTL - BEAT);
	for (const worker of others) worker.isCutOff = false;
	await all.run(TTL);
	expect(all.owners()).toEqual(before);
	expect(first.said.filter((line) => line.startsWith('took'))).toEqual([]);
});

it('takes nothing when it was stopped itself, and wakes to beats that it has not seen move', async () => {
	const [all, a, b, c] = await three();
	a.stop();
	await all.run(TTL - BEAT);
	// their last beats are those that it saw
	[b, c].forEach((worker) => worker.stop());
	await all.run(BEAT / 2);
	a.wake();
	await all.run(BEAT);
	[b, c].forEach((worker) => worker.wake());
	await all.run(TTL);
	expect(a.said.filter((line) => line.startsWith('took'))).toEqual([]);
});

it('stops acting before another may take over, counted from the beginning of a beat that was answered late', async () => {
	const all = cluster(4, () => 0, 0.1 * TTL);
	const began = all.now();
	const worker = all.add();
	await all.run(0.2 * TTL + 1);
	worker.isCutOff = true;
	await all.run(began + 0.8 * TTL - 1 - all.now());
	expect(worker.leases.mayAct()).toBe(true);
	await all.run(1);
	expect(worker.leases.mayAct()).toBe(false);
});

it('loses what it holds when the database cannot be reached from it alone', async () => {
	const [all, a, b, c] = await three();
	a.isCutOff = true;
	await all.run(TTL + 2 * BEAT);
	expect([a, b, c].map((worker) => count(all, worker))).toEqual([0, 32, 32]);
});

it('hands over every shard within three beats of SIGTERM, and takes none of them back', async () => {
	const [all, a, b, c] = await three();
	void a.leave();
	await all.run(3 * BEAT);
	expect(b.held.size + c.held.size).toBe(64);
	expect(a.hasEnded()).toBe(true);
	expect(a.said).toEqual([]);
	expect(b.leases.status().view!.workers.map(({ id }) => id)).not.toContain(a.id);
});

it('says that it leaves before it gives anything back', async () => {
	const [all, a] = await three();
	void a.leave();
	let leaving = false;
	for (let ms = 0; ms < 3 * BEAT; ms++) {
		await all.run(1);
		leaving ||= all.workers[1]!.leases.status().view!.workers.some((row) => row.id === a.id && row.leaving);
		if (unowned(all) > 0) break;
	}
	const self = (await all.table.beat({ ...look(), id: 'onlooker' })).workers.find(({ id }) => id === a.id)!;
	expect(self.leaving).toBe(true);
});

it('acts on nothing either when it wakes to leave', async () => {
	const [all, a] = await three();
	a.stop();
	await all.run(TTL + 2 * BEAT);
	void a.leave();
	a.wake();
	await all.run(BEAT);
	expect(a.held.size).toBe(0);
	expect(a.hasEnded()).toBe(true);
});

it('keeps a shard until what is in flight has ended, and gives it back then', async () => {
	const all = cluster(8);
	const slow = all.add({ graceMs: 4 * BEAT });
	await all.run(5 * BEAT);
	const other = all.add();
	await all.run(BEAT);
	void slow.leave();
	await all.run(3 * BEAT);
	expect(slow.leases.mayAct()).toBe(true);
	expect(slow.held.size).toBeGreaterThan(0);
	await all.run(4 * BEAT);
	expect(other.held.size).toBe(8);
});

it('ends also while the database is away', async () => {
	const [all, a] = await three();
	all.isDown = true;
	void a.leave();
	await all.run(3 * TTL);
	expect(a.hasEnded()).toBe(true);
});

it('gives a newcomer its share, one shard a beat', async () => {
	const [all, a, b, c] = await three();
	const newcomer = all.add();
	await all.run(3 * BEAT);
	expect(newcomer.held.size).toBeLessThan(10);
	await all.run(30 * BEAT);
	expect([a, b, c, newcomer].map((worker) => count(all, worker))).toEqual([16, 16, 16, 16]);
	expect(unowned(all)).toBe(0);
});

it('takes what is free although the rows of the dead make its share small', async () => {
	const [all, ...workers] = await three();
	for (const worker of workers) worker.kill();
	await all.run(BEAT);
	for (const [shard, { epoch, owner }] of all.table.shards) await all.table.release([{ shard, epoch, owner: owner! }]);
	const newcomer = all.add();
	await all.run(TTL - BEAT);
	expect(newcomer.held.size).toBe(64);
});

it('takes a shard anew, with another epoch, when its relay has ended by itself', async () => {
	const [all, a] = await three();
	const [shard, lease] = [...a.held][0]!;
	a.renew();
	await all.run(2 * BEAT);
	expect(a.held.get(shard)!.epoch).toBe(lease.epoch + 1);
	expect(a.said).toEqual(['took 1 again']);
});

it('takes anew what it was given without hearing of it', async () => {
	const all = cluster(4);
	const worker = all.add();
	await all.run(7);
	worker.loseAnswer();
	await all.run(5 * BEAT);
	expect(worker.held.size).toBe(4);
	expect([...worker.held.values()].map(({ epoch }) => epoch).sort()).toEqual([1, 1, 2, 2]);
});

it('leaves nothing behind that it was given without hearing of it', async () => {
	const all = cluster(4);
	const worker = all.add();
	await all.run(7);
	worker.loseAnswer();
	await all.run(BEAT);
	void worker.leave();
	await all.run(4 * BEAT);
	expect(unowned(all)).toBe(4);
	expect(worker.hasEnded()).toBe(true);
});

it('believes nothing that it holds when the database was failed over', async () => {
	const [all, a, b, c] = await three();
	const before = new Map(a.held);
	all.table.server = 'second';
	await all.run(3 * BEAT);
	for (const worker of [a, b, c])
		expect(worker.said).toEqual([expect.stringMatching(/^lost 2/), expect.stringMatching(/^took 2. again/)]);
	for (const [shard, lease] of a.held) expect(lease.epoch).toBeGreaterThan(before.get(shard)?.epoch ?? 0);
});

it('gives a shard to a command that wants it; nobody else takes it, until the command has given it back', async () => {
	const [all, a] = await three();
	const [shard] = [...a.held.keys()];
	const command = { ...look(), id: 'cli', command: true };
	const beats = async (ms: number) => {
		for (let left = ms; left > 0; left -= BEAT) {
			await all.table.beat({ ...command, beat: all.now() });
			await all.run(BEAT);
		}
	};
	await beats(BEAT);
	await all.table.want(shard!, 'cli');
	await beats(4 * BEAT);
	expect(a.held.has(shard!)).toBe(false);
	expect(all.owners()[shard!]).toBeNull();
	const { epoch } = all.table.shards.get(shard!)!;
	const [lease] = await all.table.take('cli', [{ shard: shard!, epoch, owner: null }]);
	await beats(2 * TTL);
	expect(all.owners()[shard!]).toBe('cli');
	await all.table.release([lease!]);
	await all.table.leave('cli');
	await all.run(4 * BEAT);
	expect(all.owners()[shard!]).not.toBeNull();
});

it('does not wait for a command that has died', async () => {
	const [all, a] = await three();
	const [shard] = [...a.held.keys()];
	await all.table.beat({ ...look(), id: 'cli', command: true });
	await all.table.want(shard!, 'cli');
	await all.run(2 * BEAT);
	expect(all.owners()[shard!]).toBeNull();
	await all.run(TTL + 3 * BEAT);
	expect(all.owners()[shard!]).not.toBeNull();
});

it('leaves a shard alone for a while after three owners that ended with it', async () => {
	const all = cluster(4);
	for (let owner = 0; owner < 3; owner++) {
		const worker = all.add();
		await all.run(TTL + 6 * BEAT);
		expect(worker.held.size).toBe(4);
		worker.kill();
	}
	const survivor = all.add();
	await all.run(TTL + 6 * BEAT);
	expect(survivor.held.size).toBe(4);
	survivor.kill();
	const last = all.add();
	await all.run(TTL + 3 * BEAT);
	expect(last.held.size).toBe(0);
	// once, however often it looks
	expect(last.said.filter((one) => one === 'leaves 0,1,2,3 alone')).toHaveLength(1);
	await all.run(TTL + 3 * BEAT);
	expect(last.held.size).toBe(4);
});

it('empties a worker that somebody drains, which goes on living', async () => {
	const [all, a, b, c] = await three();
	all.table.drain(a.id);
	await all.run(4 * BEAT);
	expect([a, b, c].map((worker) => count(all, worker))).toEqual([0, 32, 32]);
	expect(a.hasEnded()).toBe(false);
	await all.run(10 * BEAT);
	expect(a.said).toEqual([]);
});

function look() {
	const about = { version: '1', schema: 1, config: 'c', host: 'h' };
	return { beat: 1, shards: 0, outbox: 0, leaving: false, command: false, about };
}
