/** The primary is lost, and the standby does not have the newest commits: the database goes back below owners that live on. */
import { until } from '../../e2e/support/wait';
import type { Scene } from '../scene';
import type { Stream } from '../sources';
import type { Worker } from '../worker';
import { wait, type Scenario } from './scenario';

/** So that nobody asks the database while it is away: an error would make every owner look again. */
const IDLE = {
	ttlMs: 10_000,
	pollMs: 4_000,
	lateness: '1s',
	workers: 2,
	keys: 1,
	labels: ['arpio'],
	timeoutMs: 30_000,
} as const;
const BEAT = 'INSERT INTO "audit_relay".workers';

async function seqOf({ database, name }: Scene, shard: number): Promise<number> {
	const [row] = await database.query<{ seq: string }>(name, 'SELECT seq FROM audit_relay.shards WHERE shard = $1', [
		shard,
	]);
	return Number(row!.seq);
}

/** One more event in each stream; resolves when each is committed. */
async function committed(scene: Scene, streams: readonly Stream[], shard: number): Promise<void> {
	const before = await seqOf(scene, shard);
	scene.events.once(streams);
	await until('the events are stored', async () => (await seqOf(scene, shard)) >= before + streams.length);
}

interface Lost {
	owner: Worker;
	streams: readonly Stream[];
	/** Resolves when the standby has taken the primary's place. */
	failOver(): Promise<void>;
}

/** From here on nothing that is committed stays. */
async function behind(scene: Scene): Promise<Lost & { shard: number }> {
	const { database, disturbances, keys } = scene;
	const { streams } = keys[0]!;
	const [owner, shard] = [(await scene.ownerOf(streams[0]!.name))!, await scene.shard(streams[0]!.name)];
	// what was put off is written by now
	await wait(5_500);
	await database.follow();
	await database.leaveBehind();
	const forgotSince = Date.now();
	return {
		...{ owner, streams, shard },
		async failOver() {
			// a beat would tell the owner that this is another server
			owner.way.hold(BEAT);
			const over = disturbances.begin('failover', { forgotSince });
			await database.failOver();
			scene.leadOn();
			over();
		},
	};
}

/** The owner still believes what it remembers. What it did not ship dies with it. */
async function idle(scene: Scene): Promise<string> {
	const { receiver, events, disturbances } = scene;
	receiver.setWeather({ rate: 0, misconfigured: { kind: 'status', status: 503 } });
	const { owner, streams, shard, failOver } = await behind(scene);
	await committed(scene, streams, shard);
	const before = await seqOf(scene, shard);
	await failOver();
	const lost = before - (await seqOf(scene, shard));
	events.once(streams);
	// the next poll of each
	await wait(IDLE.pollMs + 1_500);
	owner.way.hold(undefined);
	disturbances.at('kill -9', { lives: [owner.life.number] });
	await owner.signal('SIGKILL');
	return `${lost} commits lost`;
}

/** What is acknowledged does not exist any more, and another batch is about to get its number. */
async function acknowledged(scene: Scene): Promise<string> {
	const { receiver, receiverWay, events } = scene;
	const { owner, streams, shard, failOver } = await behind(scene);
	receiverWay.stall('to worker');
	const copies = receiver.copies.length;
	await committed(scene, streams, shard);
	await until('the batches are on their way', () => receiver.copies.length >= copies + streams.length);
	const before = await seqOf(scene, shard);
	await failOver();
	const lost = before - (await seqOf(scene, shard));
	receiverWay.stall(undefined);
	// the answers are heard, and are written down or not
	await wait(1_500);
	events.once(streams);
	owner.way.hold(undefined);
	return `${lost} commits lost`;
}

export const failoverScenarios: readonly Scenario[] = [
	{ name: 'failover that loses commits while the owner idles', exchangesServer: true, scene: IDLE, harm: idle },
	{ name: 'acknowledgement of a batch that was lost', exchangesServer: true, scene: IDLE, harm: acknowledged },
];
