/** `audit-relay cluster drain`: a worker gives its shards to the others and takes none, and goes on running. */
import type { Command } from 'commander';
import { isAlive, type ClusterState, type WorkerState } from '../../store/cluster';
import { readCluster, setDrained } from '../../store/postgres/cluster';
import { contextOf, examples } from '../context';
import { CommandFailed, UsageError } from '../exit';
import type { Io } from '../io';
import { counted } from '../ui';
import { inCluster } from './open';

const HELP = `
It holds for as long as the process runs: one that is started again is another worker. To stop a worker, SIGTERM is enough: it gives its shards back first.
`;

export function addDrain(group: Command, io: Io): void {
	group
		.command('drain')
		.description('let a worker give its shards to the others and take none')
		.argument('<worker>', 'its name in `cluster status`, or how that begins')
		.option('--undo', 'let it take shards again')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay cluster drain relay-2', 'before work on its machine'],
					['audit-relay cluster drain relay-2 --undo', 'it takes its share again'],
				),
		)
		.action(async (name: string, { undo = false }: { undo?: boolean }, command: Command) => {
			const { json, statePlace } = contextOf(command, io);
			const worker = await inCluster(await statePlace(), io, async ({ beside, config }) => {
				const state = await readCluster(beside);
				const found = workerIn(state, name);
				if (!undo) checkOthers(state, found, config.leaseTtlMs);
				if (!(await setDrained(beside, found.id, !undo))) throw new CommandFailed(`${found.id}: has just ended`);
				return found;
			});
			const done = undo ? 'takes shards again' : `gives back ${counted(worker.shards, 'shard')}, and takes none`;
			io.stdout.write(json ? `${JSON.stringify({ worker: worker.id, drained: !undo })}\n` : `${worker.id}: ${done}\n`);
		});
}

function workerIn({ workers }: ClusterState, name: string): WorkerState {
	const able = workers.filter(({ command }) => !command);
	const found = able.filter(({ id }) => id === name || id.startsWith(name));
	const [one] = found.filter(({ id }) => id === name).concat(found.length === 1 ? found : []);
	if (one) return one;
	const ids = (found.length > 0 ? found : able).map(({ id }) => id).join(', ');
	throw new UsageError(
		found.length > 0
			? `${name}: is the beginning of several workers: ${ids}`
			: `${name}: is no worker; ${ids ? `there are: ${ids}` : 'none runs'}`,
	);
}

function checkOthers({ workers }: ClusterState, drained: WorkerState, ttlMs: number): void {
	const takes = (worker: WorkerState) =>
		isAlive(worker, ttlMs) && !worker.command && !worker.leaving && !worker.drained && worker.id !== drained.id;
	if (workers.some(takes)) return;
	throw new UsageError(
		`${drained.id}: no other worker takes shards, so nobody would work. Start one first; to stop the work, stop the process`,
	);
}
