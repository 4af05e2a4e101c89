/** A cluster, as people read it: what needs attention comes last. */
import { isAlive, type ClusterFindings, type ClusterState, type WorkerState } from '../../store/cluster';
import { age } from '../age';
import { counted, plain, type Ui } from '../ui';

export interface ClusterView {
	state: ClusterState;
	findings: ClusterFindings;
	ttlMs: number;
}

export function clusterText({ state, findings, ttlMs }: ClusterView, ui: Ui): string {
	const { workers, shards } = state;
	const stateOf = (worker: WorkerState) => {
		if (!isAlive(worker, ttlMs)) return ui.paint('red', 'no sign of life');
		if (worker.command) return 'a command';
		if (worker.leaving) return ui.paint('yellow', 'leaving');
		if (worker.drained) return ui.paint('yellow', worker.shards > 0 ? 'draining' : 'drained');
		return ui.paint('green', 'working');
	};
	const workerRows = workers.map((worker) => [
		plain(worker.id),
		stateOf(worker),
		String(worker.shards),
		`${(worker.outbox / 1e6).toFixed(1)} MB`,
		`${age(worker.beatAgeMs)} ago`,
		age(worker.upMs),
		plain(worker.version),
		plain(worker.config.slice(0, 8)),
	]);
	const shown = shards.filter(({ sources, wantedBy }) => sources.length > 0 || wantedBy !== null);
	const shardRows = shown.map(({ shard, owner, heldMs, wantedBy, sources }) => [
		String(shard),
		owner === null ? ui.paint('yellow', 'nobody') : plain(owner),
		heldMs === undefined ? '-' : age(heldMs),
		namesOf(sources) + (wantedBy === null ? '' : ` (asked for by ${plain(wantedBy)})`),
	]);
	const toDo = attention(
		findings,
		workers.some((worker) => isAlive(worker, ttlMs) && !worker.command),
	);
	const parts = [
		workers.length > 0
			? ui.table(workerRows, ['WORKER', 'STATE', 'SHARDS', 'OUTBOX', 'LAST BEAT', 'UP', 'VERSION', 'CONFIG'])
			: 'no workers\n',
		shardRows.length > 0 && ui.table(shardRows, ['SHARD', 'HELD BY', 'FOR', 'SOURCES']),
		`${counted(shards.length, 'shard')}, ${shards.filter(({ sources }) => sources.length > 0).length} of them with sources\n`,
		toDo.length > 0 && `${ui.paint('bold', 'Needs attention')}\n${toDo.map((line) => `${line}\n`).join('')}`,
	];
	return parts.filter((part) => part !== false).join('\n');
}

const FEW = 5;

function namesOf(sources: readonly string[]): string {
	const rest = sources.length - FEW;
	return sources.slice(0, FEW).map(plain).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function attention({ unowned, poisoned, configs }: ClusterFindings, isWorkedOn: boolean): string[] {
	const list = (shards: readonly number[]) =>
		shards.length === 1 ? `shard ${shards[0]}` : `shards ${ranges(shards).join(', ')}`;
	const next = isWorkedOn ? 'a running worker takes them within seconds' : 'no worker runs: start `audit-relay run`';
	return [
		...(unowned.length > 0
			? [`${list(unowned)}: nobody alive holds them, so nothing of them is polled or shipped; ${next}`]
			: []),
		...(poisoned.length > 0
			? [
					`${list(poisoned)}: left alone for a while, because workers that held them ended one after the other; see their logs`,
				]
			: []),
		...(configs.length > 0
			? [
					`workers have ${configs.length} different configurations (CONFIG); each follows its own. Give all the same file`,
				]
			: []),
	];
}

/** `0-3` for what follows each other. */
function ranges(numbers: readonly number[]): string[] {
	const parts: [number, number][] = [];
	for (const number of numbers) {
		const last = parts.at(-1);
		if (last && number === last[1] + 1) last[1] = number;
		else parts.push([number, number]);
	}
	return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
}
