/** Lives of the command, one after the other, each under its own faults and each ended by SIGKILL. */
import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { start, type Run } from '../trial/command';
import type { Dice, Tally } from '../trial/dice';
import { lifePlan, type LifePlan } from './plan';
import type { Providers } from './providers';
import type { ChaosReceiver } from '../trial/receiver';
import type { Scene } from './scene';
import { arm, type Watch } from './trigger';

export interface Stage {
	scene: Scene;
	providers: Providers;
	receiver: ChaosReceiver;
	watch: Watch;
	/** Faults that are neither a provider's nor the receiver's. */
	faults: Tally;
	draw: Dice;
}

export interface Life {
	number: number;
	kind: LifePlan['kind'];
	killedBy: string;
	ms: number;
}

export interface History {
	/** The ones that a plan ended. */
	lives: Life[];
	/** Every start that was cut off. */
	cutOff: Set<number>;
	/** What must not happen: an end by itself, a stand-still. */
	troubles: string[];
	starts: number;
}

/** Polls are due every 250 ms; after a disturbance everything must move again within this time. */
const STANDSTILL_MS = 15_000;

export async function liveOnce(stage: Stage, history: History): Promise<void> {
	const { scene, providers, receiver, watch, draw } = stage;
	const plan = lifePlan(history.lives.length, draw);
	providers.setRate(plan.providerRate);
	receiver.setWeather(plan.receiver);
	if (plan.kind === 'full disk') await liveInOrder(stage, history);
	const begun = Date.now();
	const number = history.starts++;
	const run = begin(stage, number, plan.kind === 'clock jump');
	const armed = arm(run, plan, watch);
	try {
		const killedBy = (await disturb(stage, run, plan, history)) ?? (armed.enable(), await armed.killedBy);
		const end = await run.end;
		if (killedBy === undefined) {
			history.troubles.push(`start ${number} (${plan.kind}) ended by itself: ${lastWords(run)}`);
		} else if (end.signal === 'SIGKILL') history.cutOff.add(number);
		history.lives.push({ number, kind: plan.kind, killedBy: killedBy ?? 'itself', ms: Date.now() - begun });
	} finally {
		run.kill('SIGKILL');
		watch.on = () => undefined;
		providers.skew(0);
		rmSync(scene.clockFile, { force: true });
	}
}

function begin({ scene }: Stage, life: number, withClock = false): Run {
	const { script, folder, env, clockFile } = scene;
	const preloads = withClock ? [resolve('test/trial/clock.cjs')] : [];
	return start(['run', '--grace', '2s'], { script, folder, life, env: { ...env, CHAOS_CLOCK: clockFile }, preloads });
}

/** Does what is special about this life. Returns by what it was killed, if it was. */
async function disturb(stage: Stage, run: Run, plan: LifePlan, history: History): Promise<string | undefined> {
	const { scene, providers, faults } = stage;
	const moving = (when: string) => moves(stage, run, history, when);
	/** There and back: one of the two is a step into the past. */
	const jumps = async (what: string, set: (ms: number) => void): Promise<undefined> => {
		for (const ms of [0, plan.jumpMs, 0]) {
			set(ms);
			if (ms !== 0) faults.add(`${what} ${ms > 0 ? '+' : '-'}1 h and back`);
			await moving(`with the ${what} ${ms} ms off`);
		}
	};
	switch (plan.kind) {
		case 'clock jump':
			return jumps('clock', (ms) => writeFileSync(scene.clockFile, String(ms)));
		case 'provider clock jump':
			return jumps('Date header', (ms) => providers.skew(ms));
		case 'full disk': {
			if (!scene.disk.kind) return undefined;
			await moving('before the disk is full');
			scene.disk.fill(run.pid);
			faults.add('full disk');
			await delay(1_500);
			if (plan.staysFull) return startOnFullDisk(stage, run, history);
			scene.disk.free(run.pid);
			await moving('after the disk had room again');
			return undefined;
		}
		default:
			return undefined;
	}
}

async function startOnFullDisk(stage: Stage, run: Run, history: History): Promise<string> {
	run.kill('SIGKILL');
	await run.end;
	const number = history.starts++;
	const heir = begin(stage, number);
	await Promise.race([heir.end, delay(3_000)]);
	stage.faults.add(`started on a full disk, ${heir.ended ? `ended with ${heir.ended.code}` : 'went on'}`);
	if (heir.ended && heir.ended.code !== 2)
		history.troubles.push(`start ${number} on a full disk ended without its own words: ${lastWords(heir)}`);
	heir.kill('SIGKILL');
	await heir.end;
	history.cutOff.add(number);
	stage.scene.disk.free();
	return 'while the disk was full';
}

/** Starts and stops as one should: SQLite then leaves no log behind whose room a full disk could not take away. */
async function liveInOrder(stage: Stage, history: History): Promise<void> {
	const number = history.starts++;
	const run = begin(stage, number);
	await moves(stage, run, history, 'in an orderly life');
	run.kill('SIGTERM');
	const { code } = await run.end;
	if (code !== 0) history.troubles.push(`start ${number} did not stop as it should: ${lastWords(run)}`);
}

/** Every provider is asked again, and something arrives. */
async function moves({ providers, receiver }: Stage, run: Run, history: History, when: string): Promise<void> {
	const counts = () => [
		...Object.values(providers.servers).map(({ requests }) => requests.length),
		receiver.copies.length,
	];
	const before = counts();
	// two requests: the second one shows that a whole poll went by
	const moved = () => counts().map((count, index) => count - before[index]!);
	const until = Date.now() + STANDSTILL_MS;
	while (!run.ended && Date.now() < until) {
		if (moved().every((count) => count >= 2)) return;
		await delay(50);
	}
	const [arpio, arcus, auditapi, copies] = moved();
	const what = JSON.stringify({ arpio, arcus, auditapi, copies });
	history.troubles.push(`start ${history.starts - 1} stood still ${when}: ${what}; ${lastWords(run)}`);
}

export function lastWords({ output, ended }: Run): string {
	return `${JSON.stringify(ended ?? 'running')} ${output.trim().split('\n').slice(-3).join(' | ').slice(-900)}`;
}
