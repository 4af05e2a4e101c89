/**
 * Memory settings that hold however the command is started. V8 takes the size of its young generation only at the start, and
 * glibc reads its variables before `main`; so the process replaces itself once, with the same pid, standard streams and arguments.
 */
import { accessSync, constants } from 'node:fs';
import { setFlagsFromString } from 'node:v8';

/** Commands that read whole logs. The others end before it would pay: the start costs them some 30 ms more. */
const READERS = new Set(['run', 'backfill', 'verify']);

/**
 * A young generation of 8 MB, and a heap that is collected at twice what is alive. And nothing is made old at birth: V8 decides
 * that in one run and not in the next, and whole pages of events then stay until old garbage is collected.
 */
export const V8_FLAGS = ['--max-semi-space-size=8', '--max-old-space-size=1024', '--no-allocation-site-pretenuring'];

/** glibc gives back what was freed. */
export const GLIBC = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };

export type Started = Pick<NodeJS.Process, 'argv' | 'env' | 'execArgv' | 'execPath' | 'platform'>;

/** What to start instead. Undefined when there is nothing to gain: another command, Windows, or all of it is set. */
export function leaner({ argv, env, execArgv, execPath, platform }: Started) {
	if (platform === 'win32' || !argv.slice(2).some((word) => READERS.has(word))) return undefined;
	const missing = V8_FLAGS.filter((flag) => !isSet(flag, { execArgv, env }));
	if (missing.length === 0) return undefined;
	return { file: execPath, args: [execPath, ...execArgv, ...missing, ...argv.slice(1)], env: { ...GLIBC, ...env } };
}

/** What somebody has set is theirs. */
function isSet(flag: string, { execArgv, env }: Pick<Started, 'execArgv' | 'env'>): boolean {
	const given = [...execArgv, ...(env['NODE_OPTIONS'] ?? '').split(/\s+/)].map(nameOf);
	return given.includes(nameOf(flag));
}

/** V8 takes `_` for `-`. */
const nameOf = (flag: string) => flag.split('=')[0]!.replaceAll('_', '-');

/** Does not return when it replaces the process. Where that is impossible the command runs as it was started. */
export function startLean(): void {
	const better = leaner(process);
	if (!better || !process.execve) return;
	try {
		// a program file that has just been replaced: `execve` does not throw then, it ends the process
		accessSync(better.file, constants.X_OK);
		process.execve(better.file, better.args, better.env);
	} catch {
		// Node's permission model forbids it, or the file is gone
	}
}

/** From so many sources on, nearly all of the heap is what they are made of. */
const MANY = 2_000;

/**
 * With many sources little of the heap is ever garbage: it is collected when it is an eighth larger than what is alive, which takes a
 * fifth less memory, and is due twice a minute.
 */
export function collectFor(
	sources: number,
	started: Pick<Started, 'execArgv' | 'env'> = process,
	set: (flag: string) => void = setFlagsFromString,
): void {
	const flag = '--heap-growing-percent=12';
	if (sources >= MANY && !isSet(flag, started)) set(flag);
}
