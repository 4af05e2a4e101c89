/** `audit-relay cluster`: the processes that share a database. */
import type { Command } from 'commander';
import { examples } from '../context';
import type { Io } from '../io';
import { addDrain } from './drain';
import { addMove } from './move';
import { addStatus } from './status';

export function addCluster(program: Command, io: Io): void {
	const group = program
		.command('cluster')
		.description('look at and change how several processes share the work (state.url)')
		.addHelpText(
			'after',
			examples(
				['audit-relay cluster status', 'workers, and who holds what'],
				['audit-relay cluster drain relay-2-31-9f2c', 'it gives its shards to the others'],
				['audit-relay cluster move dr 12', 'the state of a source into another shard'],
			),
		);
	addStatus(group, io);
	addDrain(group, io);
	addMove(group, io);
}
