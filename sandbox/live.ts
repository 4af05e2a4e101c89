/** Made-up but realistic traffic: mostly routine, now and then something that deserves attention. */
import { createHash } from 'node:crypto';
import { entries, sandboxNames } from './entries';
import { randomFrom } from './faults';
import type { SeededLogs } from './seed';

/** Each call adds one event, happening at `nowMs`, to one of the logs. The same seed tells the same story. */
export function liveEvents(logs: SeededLogs, seed = 1): (nowMs: number) => void {
	const random = randomFrom(seed);
	let count = 0;
	return (nowMs) => {
		const hex = createHash('sha256').update(`live ${seed} ${count++}`).digest('hex');
		const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
		const name = sandboxNames[Math.floor(random() * sandboxNames.length)]!;
		entries[name].happen(logs[name], random(), { hex, uuid }, Math.round(nowMs * 1000));
	};
}
