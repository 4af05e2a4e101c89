/** `audit-relay cluster status`: workers, shards, and what needs somebody. */
import type { Command } from 'commander';
import { findingsIn } from '../../store/cluster';
import { readCluster } from '../../store/postgres/cluster';
import { contextOf, examples } from '../context';
import type { Io } from '../io';
import { inCluster } from './open';
import { clusterText } from './text';

const HELP = `
LAST BEAT is by the clock of the database. OUTBOX is event text that waits for a destination. A worker that has not been seen for lease.ttl counts as dead.
`;

export function addStatus(group: Command, io: Io): void {
	group
		.command('status')
		.description('show the workers, who holds which shard, and what needs attention')
		.addHelpText(
			'after',
			HELP +
				examples(
					['audit-relay cluster status', 'from any machine that reaches the database'],
					['audit-relay cluster status --json', 'for scripts: also what each shard keeps'],
				),
		)
		.action(async (_options: unknown, command: Command) => {
			const { json, ui, statePlace } = contextOf(command, io);
			const { state, ttlMs } = await inCluster(await statePlace(), io, async ({ beside, config }) => ({
				state: await readCluster(beside),
				ttlMs: config.leaseTtlMs,
			}));
			const findings = findingsIn(state, ttlMs);
			io.stdout.write(
				json ? `${JSON.stringify({ ...state, ...findings })}\n` : clusterText({ state, findings, ttlMs }, ui),
			);
		});
}
