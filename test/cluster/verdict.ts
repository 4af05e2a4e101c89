/** What is to be said of a scene when everything has settled. */
import type { Copy } from '../trial/receiver';
import { judge, type Verdict } from '../trial/verdict';
import { readAudit, readLetters, shardsOf, type Audit } from './audit';
import { IN_FLIGHT_MS } from './disturbances';
import { isOf, judgeOwnership } from './ownership';
import { judgePace } from './pace';
import type { Scene } from './scene';
import type { Key } from './sources';

export interface Outcome {
	verdict: Verdict;
	letters: number;
	audit: Audit;
	/** Everything that must not be. */
	wrong: string[];
}

/** Stops the faults, waits until everything has arrived, and ends the workers in order. */
export async function conclude(scene: Scene, arriveWithinMs?: number): Promise<Outcome> {
	const { workers, keys, events, receiver, database, name, disturbances, lives } = scene;
	events.stop();
	for (const key of keys) {
		key.setRate(0);
		key.setLatency(0);
	}
	receiver.setWeather({ rate: 0 });
	scene.receiverWay.stall(undefined);
	for (const worker of workers) {
		worker.way.block(false);
		worker.way.stall(undefined);
		worker.way.hold(undefined);
		worker.setClock(0);
		if (!worker.isUp) await worker.start();
	}
	await events.settled();
	await scene.arrived(arriveWithinMs);
	for (const worker of workers) if (worker.isUp) disturbances.at('SIGTERM', { lives: [worker.life.number] });
	const wrong: string[] = [];
	await Promise.all(workers.filter(({ isUp }) => isUp).map((worker) => worker.signal('SIGTERM')));
	for (const { number, run, ending } of lives) {
		const { code, signal } = await run.end;
		const isRight = ending === undefined ? false : ending === 'SIGTERM' ? code === 0 : signal === ending;
		if (!isRight) wrong.push(`start ${number} ended with ${code ?? signal}: ${lastWords(run.output)}`);
	}
	const audit = await readAudit(database, name);
	const letters = await readLetters(database, name);
	const shards = await shardsOf(database, name);
	const shardOf = new Map<string, number>(
		scene.streams.flatMap(({ name: stream, label, log }) =>
			log.all().map(({ id }) => [`${label}:${id}`, shards.get(stream)!] as const),
		),
	);
	const verdict = judge({
		truth: events.truth(),
		copies: receiver.copies,
		letters,
		causeOf: (before, copy) =>
			disturbances.causeOf(before, copy) ??
			(isTakenBetween(audit, shardOf.get(copy.uid), before, copy) ? 'taken anew' : undefined),
	});
	const list = (what: string, some: readonly string[]) =>
		some.length > 0 && wrong.push(`${some.length} ${what}: ${some.slice(0, 5).join('; ')}`);
	list('LOST', verdict.lost);
	list('invented', verdict.invented);
	list('altered', verdict.altered);
	list('copies without a fault', verdict.unexplained);
	const ownership = judgeOwnership(audit, (port, at) => scene.lifeAt(port, at)?.run.pid);
	list('breaks of a lease', ownership);
	const handovers = ({ streams }: Key) =>
		audit.shards
			.filter(({ shard, epoch, before }) => shard === shards.get(streams[0]!.name) && epoch !== before.epoch)
			.map(({ at }) => at);
	list(
		'breaks of a rate limit',
		keys.flatMap((key) => judgePace(key, handovers(key))),
	);
	return { verdict, letters: letters.size, audit, wrong };
}

/** An answer of the database that a busy machine keeps for too long ends a lease, and what was not acknowledged by then is sent again. */
function isTakenBetween({ shards }: Audit, shard: number | undefined, before: Copy, copy: Copy): boolean {
	const [from, to] = [Math.min(before.at, copy.at), Math.max(before.at, copy.at)];
	return shards.some(
		(change) =>
			change.shard === shard &&
			change.epoch !== change.before.epoch &&
			change.at > from - IN_FLIGHT_MS &&
			change.at < to,
	);
}

/** How long after `from` each of these shards had another owner than the process `pid`, the slowest one. Undefined: one never had. */
export function takeoverMs({ shards }: Audit, held: readonly number[], pid: number, from: number): number | undefined {
	const times = held.map((shard) => {
		const taken = shards.find(
			(change) => change.shard === shard && change.at >= from && change.owner !== null && !isOf(change.owner, pid),
		);
		return taken ? taken.at - from : Infinity;
	});
	const slowest = Math.max(0, ...times);
	return Number.isFinite(slowest) ? slowest : undefined;
}

const lastWords = (output: string) => output.trim().split('\n').slice(-2).join(' | ').slice(-400);
