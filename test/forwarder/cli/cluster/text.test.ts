/** How a cluster looks to people. */
import { addCluster } from '../../../../forwarder/cli/cluster/cluster';
import { clusterText } from '../../../../forwarder/cli/cluster/text';
import { createUi } from '../../../../forwarder/cli/ui';
import { findingsIn, type ShardState, type WorkerState } from '../../../../forwarder/store/cluster';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../runCli';

const ui = createUi({ write: () => true }, {});

const worker = (id: string, given: Partial<WorkerState> = {}): WorkerState => ({
	...{ id, host: 'here', version: '0.1.0', schema: 2, config: 'aaaaaaaabbbb', upMs: 3_600_000, beatAgeMs: 400 },
	...{ shards: 1, outbox: 0, leaving: false, drained: false, command: false },
	...given,
});
const shard = (number: number, owner: string | null, given: Partial<ShardState> = {}): ShardState => ({
	...{ shard: number, epoch: 1, seq: 1, owner, wantedBy: null, falls: 0, sources: [] },
	...(owner !== null && { heldMs: 60_000 }),
	...given,
});
const shown = (workers: WorkerState[], shards: ShardState[]) => {
	const state = { workers, shards };
	return clusterText({ state, findings: findingsIn(state, 5_000), ttlMs: 5_000 }, ui);
};

test('who works, who holds what, and nothing to do', () => {
	expect(
		shown(
			[worker('a-1'), worker('b-2', { outbox: 2_500_000 })],
			[shard(0, 'a-1'), shard(1, 'b-2', { sources: ['s1', 's2', 's3', 's4', 's5', 's6', 's7'] })],
		),
	).toBe(
		`WORKER  STATE    SHARDS  OUTBOX  LAST BEAT  UP  VERSION  CONFIG
a-1     working  1       0.0 MB  0s ago     1h  0.1.0    aaaaaaaa
b-2     working  1       2.5 MB  0s ago     1h  0.1.0    aaaaaaaa

SHARD  HELD BY  FOR  SOURCES
1      b-2      1m   s1, s2, s3, s4, s5 and 2 more

2 shards, 1 of them with sources
`,
	);
});

test.each<[string, WorkerState[], ShardState[], string[]]>([
	[
		'a dead worker',
		[worker('a-1', { beatAgeMs: 9_000 })],
		[shard(0, 'a-1')],
		['no sign of life', 'shard 0: nobody alive'],
	],
	['a poisoned shard', [worker('a-1')], [shard(7, null, { falls: 3 })], ['shard 7: left alone for a while']],
	[
		'two configurations',
		[worker('a-1'), worker('b-2', { config: 'c' })],
		[],
		['workers have 2 different configurations'],
	],
	['one that gives its shards back', [worker('a-1', { drained: true })], [], ['draining']],
	['one that has given them back', [worker('a-1', { drained: true, shards: 0 })], [], ['drained']],
	[
		'nobody',
		[],
		[0, 1, 2, 5].map((one) => shard(one, null)),
		['no workers', 'shards 0-2, 5: nobody alive', 'no worker runs: start `audit-relay run`'],
	],
])('%s', (_what, workers, shards, texts) => {
	for (const text of texts) expect(shown(workers, shards)).toContain(text);
});

test('a state file has no cluster', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	try {
		writeFileSync(join(folder, 'audit-relay.yaml'), 'state:\n  path: x.db\n');
		const { code, err } = await runCli(['cluster', 'status'], { cwd: folder }, [addCluster]);
		expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('It needs state.url') as string });
	} finally {
		rmSync(folder, { recursive: true });
	}
});
