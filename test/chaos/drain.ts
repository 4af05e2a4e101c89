/** The end of a trial: faults stop, everything becomes visible, `run --once` ships the rest, and the state is read. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../trial/command';
import type { Traffic } from './traffic';
import { lastWords, type History, type Stage } from './trial';

const ATTEMPTS = 3;
const ATTEMPT_MS = 60_000;

export async function drain(stage: Stage, history: History, traffic: Traffic): Promise<void> {
	const { scene, providers, receiver } = stage;
	traffic.stop();
	providers.setRate(0);
	receiver.setWeather({ rate: 0 });
	await delay(Math.max(0, traffic.settledAt - Date.now() + 100));
	for (let attempt = 1; ; attempt++) {
		const life = history.starts++;
		const run = start(['run', '--once'], { ...scene, life });
		const timer = setTimeout(() => run.kill('SIGKILL'), ATTEMPT_MS);
		const { code } = await run.end;
		clearTimeout(timer);
		if (code === 0) break;
		if (attempt < ATTEMPTS) continue;
		history.troubles.push(`the rest could not be shipped: ${lastWords(run)}`);
		return;
	}
	const before = receiver.copies.length;
	for (const args of [['run', '--once'], ['status']]) {
		const run = start(args, { ...scene, life: history.starts++ });
		if ((await run.end).code !== 0) history.troubles.push(`${args.join(' ')} failed: ${lastWords(run)}`);
	}
	const again = receiver.copies.length - before;
	if (again > 0) history.troubles.push(`a second pass without faults shipped ${again} more records`);
}

/** `log.record.uid` and reason of every dead letter. Sources are named as their events are. */
export function readLetters(state: string): Map<string, string> {
	const db = new DatabaseSync(state, { readOnly: true });
	try {
		const rows = db.prepare('SELECT stream, event_id, reason FROM dead_letters').all();
		return new Map(rows.map((row) => [`${String(row['stream'])}:${String(row['event_id'])}`, String(row['reason'])]));
	} finally {
		db.close();
	}
}
