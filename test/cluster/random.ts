/** Faults at random, from a seed, one after the other and on top of each other. Random faults find what nobody thought of, and prove nothing. */
import { Tally, type Dice } from '../trial/dice';
import type { Database } from './database';
import { wait } from './directed/scenario';
import type { Key } from './sources';
import { openScene, type Scene } from './scene';
import { conclude, type Outcome } from './verdict';
import type { Worker } from './worker';

export interface Weathered {
	outcome: Outcome;
	faults: Tally;
	providers: Tally;
	receiver: Tally;
	takeovers: number;
	seconds: number;
	streams: number;
}

interface Stage {
	scene: Scene;
	draw: Dice;
	faults: Tally;
}

type Fault = (stage: Stage) => Promise<void>;

export async function weather(
	database: Database,
	{ seed, minutes, dist, keep }: { seed: number; minutes: number; dist: string; keep: boolean },
	tell: (what: string) => void,
): Promise<Weathered> {
	const began = Date.now();
	await database.follow();
	const scene = await openScene({ database, name: 't_random', dist, seed, requestsPerMinute: 400, timeoutMs: 5_000 });
	const { draw, disturbances } = scene;
	const stage: Stage = { scene, draw, faults: new Tally() };
	try {
		await scene.balanced();
		scene.events.start(15);
		for (const key of scene.keys) key.setRate(0.03);
		scene.receiver.setWeather({ rate: 0.05 });
		const order = shuffledFor(draw);
		const until = Date.now() + minutes * 60_000;
		for (let next = 0; Date.now() < until; next++) {
			const [name, fault] = order[next % order.length]!;
			tell(name);
			await fault(stage);
			stage.faults.add(name);
			for (const worker of scene.workers) if (!worker.isUp) await worker.start();
			await wait(draw.between(200, 2_000));
		}
		const outcome = await conclude(scene, 90_000);
		const takeovers = outcome.audit.shards.filter(({ epoch, before }) => epoch !== before.epoch).length;
		const { receiver, faults: providers, streams } = scene;
		return {
			...{ outcome, faults: stage.faults, providers, receiver: receiver.faults, takeovers, streams: streams.length },
			seconds: (Date.now() - began) / 1000,
		};
	} finally {
		for (const { kind, from, to } of keep ? disturbances.all : []) console.log(kind, from, to);
		await scene.close(keep);
	}
}

const up = ({ scene, draw }: Stage): Worker => draw.pick(scene.workers.filter(({ isUp }) => isUp));

async function killed({ scene }: Stage, worker: Worker): Promise<void> {
	scene.disturbances.at('kill -9', { lives: [worker.life.number] });
	await worker.signal('SIGKILL');
}

const FAULTS: Readonly<Record<string, Fault>> = {
	async 'kill -9'(stage) {
		await killed(stage, up(stage));
		await wait(stage.draw.between(0, 2 * stage.scene.ttlMs));
	},
	async SIGSTOP(stage) {
		const { scene, draw } = stage;
		const worker = up(stage);
		const over = scene.disturbances.begin('SIGSTOP', { lives: [worker.life.number] });
		await worker.signal('SIGSTOP');
		await wait(scene.ttlMs + draw.between(500, 3_000));
		await worker.signal('SIGCONT');
		await wait(2 * scene.beatMs);
		over();
	},
	async SIGTERM(stage) {
		const worker = up(stage);
		const over = stage.scene.disturbances.begin('SIGTERM', { lives: [worker.life.number] });
		await worker.signal('SIGTERM');
		over();
	},
	async 'Postgres stopped as by a crash'({ scene, draw }) {
		const over = scene.disturbances.begin('Postgres stopped');
		await scene.database.crash(draw.between(0, 1.5 * scene.ttlMs));
		await wait(2 * scene.beatMs);
		over();
	},
	async 'connections cut'(stage) {
		const worker = up(stage);
		stage.scene.disturbances.at('cut', { lives: [worker.life.number] });
		worker.way.cut();
		await wait(500);
	},
	'answers stalled': (stage) => stalled(stage, 'to worker'),
	'statements stalled': (stage) => stalled(stage, 'to database'),
	async 'clock step'(stage) {
		const { scene, draw } = stage;
		const worker = up(stage);
		// there and back: one of the two is a step into the past
		worker.setClock((draw.chance(0.5) ? 1 : -1) * 3_600_000);
		await wait(draw.between(1_000, 3_000));
		worker.setClock(0);
		await wait(scene.beatMs);
	},
	async '429, and its owner killed'(stage) {
		const { scene, draw } = stage;
		const key = draw.pick<Key>(scene.keys);
		const owner = await scene.ownerOf(key.streams[0]!.name);
		const pause = await Promise.race([key.refuse(8), wait(5_000)]);
		if (!pause || !owner?.isUp) return;
		await wait(1_000);
		await killed(stage, owner);
		await wait(pause.to - Date.now() + 500);
	},
	async 'failover that loses commits'({ scene, draw }) {
		const { database } = scene;
		await database.follow();
		await database.leaveBehind();
		const forgotSince = Date.now();
		await wait(draw.between(200, 1_500));
		const over = scene.disturbances.begin('failover', { forgotSince });
		await database.failOver();
		scene.leadOn();
		await wait(2 * scene.beatMs);
		over();
	},
};

async function stalled(stage: Stage, direction: 'to worker' | 'to database'): Promise<void> {
	const { scene, draw } = stage;
	const worker = up(stage);
	const over = scene.disturbances.begin('stalled', { lives: [worker.life.number] });
	worker.way.stall(direction);
	await wait(draw.between(500, 2 * scene.ttlMs));
	worker.way.stall(undefined);
	await wait(2 * scene.beatMs);
	over();
}

/** Each comes once before any comes twice. */
function shuffledFor(draw: Dice): [string, Fault][] {
	const left = Object.entries(FAULTS);
	const order: [string, Fault][] = [];
	while (left.length > 0) order.push(...left.splice(draw.between(0, left.length - 1), 1));
	return order;
}
