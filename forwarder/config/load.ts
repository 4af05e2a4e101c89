/** Reads, checks and completes the configuration. */
import { assemble } from './assemble';
import { inOrder } from './collect';
import { complete, type Loaded } from './complete';
import { ConfigError } from './errors';
import type { Env } from './secrets';
import type { Config } from './types';

export type { Loaded } from './complete';

/**
 * @param now milliseconds since the epoch: what ages in `start` count back from
 * @throws ConfigError that names every problem found
 */
export async function loadConfig(path: string, env: Env, now = Date.now()): Promise<Config> {
	return (await loadWithOrigins(path, env, now)).config;
}

/** The same, with where everything came from. */
export async function loadWithOrigins(path: string, env: Env, now = Date.now()): Promise<Loaded> {
	const assembled = await assemble(path);
	// what is missing may stand in the file that cannot be read
	const unread = assembled.unread.flatMap(({ problems }) => problems);
	if (unread.length > 0) throw new ConfigError(path, unread);
	const loaded = await complete(path, assembled, env, now);
	const problems = new Set(loaded.mistakes.flatMap((mistake) => mistake.problems));
	if (problems.size > 0) throw new ConfigError(path, inOrder([...problems]));
	return loaded;
}

/**
 * What can be used of it: one source's mistake keeps that source from being used, and no other.
 * @throws ConfigError when that is nothing, or when something is wrong that all need
 */
export async function loadUsable(path: string, env: Env, now = Date.now()): Promise<Loaded> {
	return complete(path, await assemble(path), env, now);
}
