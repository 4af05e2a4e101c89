/** Test files run in processes of their own and may need the same program at the same moment: one builds, the others wait. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Runs `work` while no other process does so under the same lock; a process that is gone holds none. */
export function oneAtATime<T>(lock: string, work: () => T): T {
	while (!taken(lock)) pause(250);
	try {
		return work();
	} finally {
		rmSync(lock, { force: true });
	}
}

function taken(lock: string): boolean {
	try {
		writeFileSync(lock, String(process.pid), { flag: 'wx' });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
	}
	if (abandoned(lock)) rmSync(lock, { force: true });
	return false;
}

function abandoned(lock: string): boolean {
	try {
		process.kill(Number(readFileSync(lock, 'utf8')), 0);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'ESRCH';
	}
}

/** Without giving anybody else a turn: whoever waits here has nothing to do before. */
function pause(ms: number): void {
	Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
