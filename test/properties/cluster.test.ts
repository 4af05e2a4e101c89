/** I17: whatever happens to the workers of a cluster and their database, no two act on one shard at the same time, and in the end each shard has one. */
import fc from 'fast-check';
import { BEAT, cluster, mulberry, TTL } from '../forwarder/run/cluster/cluster';
import { property } from './tools/check';

const deed = fc.constantFrom(
	'kill',
	'stop',
	'freeze',
	'wake',
	'leave',
	'add',
	'cut',
	'mend',
	'down',
	'up',
	'lose',
	'renew',
	'fail over',
);

property(
	'I17: no two workers act on one shard',
	fc.record({
		seed: fc.integer(),
		deeds: fc.array(fc.record({ what: deed, who: fc.nat(7), after: fc.integer({ min: 0, max: 2 * TTL }) }), {
			minLength: 1,
			maxLength: 25,
		}),
	}),
	async ({ seed, deeds }) => {
		const all = cluster(12, mulberry(seed));
		for (let count = 0; count < 3; count++) all.add();
		await all.run(3 * BEAT);
		for (const { what, who, after } of deeds) {
			await all.run(after);
			const worker = all.workers[who % all.workers.length]!;
			if (what === 'add' && all.workers.length < 8) all.add();
			if (what === 'kill') worker.kill();
			if (what === 'stop') worker.stop();
			if (what === 'freeze') worker.freeze();
			if (what === 'wake') worker.wake();
			if (what === 'leave') void worker.leave();
			if (what === 'cut' || what === 'mend') worker.isCutOff = what === 'cut';
			if (what === 'down' || what === 'up') all.isDown = what === 'down';
			if (what === 'lose') worker.loseAnswer();
			if (what === 'renew') worker.renew();
			if (what === 'fail over') all.table.server += '+';
		}
		all.isDown = false;
		for (const worker of all.workers) {
			worker.wake();
			worker.isCutOff = false;
		}
		const last = all.add();
		await all.run(12 * 60_000);
		expect(all.owners()).not.toContain(null);
		const living = last.leases.status().view!.workers.map(({ id }) => id);
		for (const owner of all.owners()) expect(living).toContain(owner);
		for (const [shard, owner] of all.owners().entries())
			expect(all.workers.filter(({ held, id }) => id === owner && held.has(shard))).toHaveLength(1);
	},
	0.5,
);
