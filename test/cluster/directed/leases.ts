/** Who takes what from whom, and how soon. */
import { patience, until } from '../../e2e/support/wait';
import { owners } from '../audit';
import { isOf } from '../ownership';
import { SLACK } from '../report';
import type { Scene } from '../scene';
import { takeoverMs, type Outcome } from '../verdict';
import type { Worker } from '../worker';
import { wait, type Scenario } from './scenario';

const BEAT = 'INSERT INTO "audit_relay".workers';
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** By the time that the table says, which a busy machine makes longer than it is. */
function within(limitMs: number, held: readonly number[], worker: { pid: number; from: number }) {
	return (outcome: Outcome, wrong: string[]): string => {
		const took = takeoverMs(outcome.audit, held, worker.pid, worker.from);
		if (took === undefined) wrong.push('shards were never taken over');
		else if (took > patience(limitMs) * SLACK)
			wrong.push(`taken over after ${seconds(took)}, and ${seconds(limitMs)} are allowed`);
		return `${held.length} shards taken after ${took === undefined ? 'never' : seconds(took)}`;
	};
}

async function victim(scene: Scene): Promise<{ worker: Worker; held: number[]; pid: number }> {
	const worker = (await scene.ownerOf(scene.streams[0]!.name))!;
	return { worker, held: (await scene.held()).get(worker)!, pid: worker.life.run.pid };
}

async function gone(scene: Scene, pid: number): Promise<void> {
	await until('others have all that it had', async () =>
		[...(await owners(scene.database, scene.name)).values()].every((owner) => owner !== null && !isOf(owner, pid)),
	);
}

async function struck(scene: Scene, signal: 'SIGKILL' | 'SIGSTOP') {
	const { worker, held, pid } = await victim(scene);
	scene.events.start(10);
	const from = Date.now();
	const over = scene.disturbances.begin(signal, { lives: [worker.life.number] });
	await worker.signal(signal);
	await gone(scene, pid);
	if (signal === 'SIGSTOP') await worker.signal('SIGCONT');
	await wait(2 * scene.beatMs);
	over();
	return within(scene.ttlMs + 2 * scene.beatMs, held, { pid, from });
}

/** One shard has requests in flight while the others are free already. */
async function leaver(scene: Scene) {
	const { receiver, events, streams, disturbances } = scene;
	const { worker, held, pid } = await victim(scene);
	const busy = await scene.shard(streams[0]!.name);
	receiver.setWeather({ rate: 0, misconfigured: { kind: 'slow', pauseMs: 2_500 } });
	const copies = receiver.copies.length;
	events.once([streams[0]!]);
	await until('a request is under way', () => receiver.copies.length > copies);
	const from = Date.now();
	disturbances.at('SIGTERM', { lives: [worker.life.number] });
	await worker.signal('SIGTERM');
	await gone(scene, pid);
	receiver.setWeather({ rate: 0 });
	return (outcome: Outcome, wrong: string[]): string => {
		const back = outcome.audit.shards.filter(
			({ at, epoch, before, owner }) => at > from + scene.beatMs && epoch !== before.epoch && isOf(owner, pid),
		);
		if (back.length > 0) wrong.push(`the worker that left took ${back.length} shards back`);
		const idle = held.filter((shard) => shard !== busy);
		return within(3 * scene.beatMs, idle, { pid, from })(outcome, wrong);
	};
}

/** Its beats do not get through, and everything else does. */
async function beatsLost(scene: Scene) {
	const { receiver, events, disturbances } = scene;
	const { worker, held, pid } = await victim(scene);
	events.start(20);
	const over = disturbances.begin('beats lost', { lives: [worker.life.number] });
	worker.way.hold(BEAT);
	const from = Date.now();
	await gone(scene, pid);
	await wait(2 * scene.beatMs);
	const late = receiver.copies.filter(({ life, at }) => life === worker.life.number && at > from + scene.ttlMs);
	worker.way.hold(undefined);
	await wait(2 * scene.beatMs);
	over();
	return (outcome: Outcome, wrong: string[]): string => {
		if (late.length > 0) wrong.push(`${late.length} records were sent after the lease was over`);
		return within(scene.ttlMs + 2 * scene.beatMs, held, { pid, from })(outcome, wrong);
	};
}

/** The database was away for all of them, and they are back one after the other. */
async function outage(scene: Scene) {
	const { workers, ttlMs, beatMs, disturbances, events } = scene;
	events.start(10);
	const from = Date.now();
	const over = disturbances.begin('database away');
	const [first, ...others] = workers;
	for (const { way } of others) way.block(true);
	// it has seen their last beats
	await wait(1.5 * beatMs);
	first!.way.block(true);
	await wait(ttlMs + 2 * beatMs);
	first!.way.block(false);
	await wait(2 * beatMs);
	for (const { way } of others) way.block(false);
	await wait(3 * beatMs);
	over();
	const to = Date.now();
	return ({ audit }: Outcome, wrong: string[]): string => {
		const robbed = audit.shards.filter(
			({ at, owner, before }) =>
				at > from && at < to && before.owner !== null && owner !== null && owner !== before.owner,
		);
		if (robbed.length > 0)
			wrong.push(`${robbed.length} shards were taken from workers that live, after an outage for all`);
		return `${robbed.length} shards taken from others`;
	};
}

/** One worker cannot reach the database, in one of the ways in which networks break. */
async function cutOff(scene: Scene, how: 'block' | 'to worker' | 'to database') {
	const { worker, held, pid } = await victim(scene);
	scene.events.start(20);
	await wait(500);
	const from = Date.now();
	const over = scene.disturbances.begin(`cut off: ${how}`, { lives: [worker.life.number] });
	if (how === 'block') worker.way.block(true);
	else worker.way.stall(how);
	await gone(scene, pid);
	await wait(scene.beatMs);
	worker.way.block(false);
	worker.way.stall(undefined);
	await scene.balanced();
	over();
	return within(scene.ttlMs + 2 * scene.beatMs, held, { pid, from });
}

export const leaseScenarios: readonly Scenario[] = [
	{ name: 'kill -9', harm: (scene) => struck(scene, 'SIGKILL') },
	{ name: 'SIGSTOP for longer than the lease', harm: (scene) => struck(scene, 'SIGSTOP') },
	{ name: 'a worker leaves', scene: { timeoutMs: 10_000, grace: '6s' }, harm: leaver },
	{ name: 'beats are lost', harm: beatsLost },
	{ name: 'outage of the database for all', harm: outage },
	{ name: 'one worker without the database', harm: (scene) => cutOff(scene, 'block') },
	{ name: 'answers of the database are stalled', harm: (scene) => cutOff(scene, 'to worker') },
	{ name: 'statements are stalled and arrive late', harm: (scene) => cutOff(scene, 'to database') },
];
