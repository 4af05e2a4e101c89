/** What commands need of a configuration that ask nobody else, so that whoever runs them needs no keys. */
import { dirname, resolve } from 'node:path';
import type * as z from 'zod';
import { assemble } from './assemble';
import { buildDatabase } from './buildDatabase';
import { buildNotification } from './buildNotification';
import { inOrder } from './collect';
import { nameOf } from './duplicates';
import { ConfigError, formatKey, type Report } from './errors';
import { ENV_DESTINATION } from './otelEnv';
import { findingsOf } from './problems';
import { resolveReferences } from './references';
import { ConfigFile } from './schema/file';
import type { Env } from './secrets';
import { STATE_FILE, type NotificationConfig, type StatePlace } from './types';
import { readYamlFile } from './yamlFile';

/**
 * Only where the state is (a path is absolute): for commands that look at what is stored. They ask nobody else, so they need no
 * keys, and whoever runs them may have none.
 * @throws ConfigError
 */
export async function loadStatePlace(path: string, env: Env): Promise<StatePlace> {
	return partOf(path, env, ConfigFile.pick({ state: true, control: true }), async ({ state, control }, deps) => {
		const { folder } = deps;
		const database = await buildDatabase(state, deps);
		return {
			state: { path: resolve(folder, state.path ?? STATE_FILE) },
			...(database && { database }),
			...(control.socket !== undefined && { control: { socket: resolve(folder, control.socket) } }),
		};
	});
}

/**
 * Only who is told, also where nothing can be read or shipped: that is what people are to be told of.
 * @throws ConfigError
 */
export async function loadNotifications(path: string, env: Env): Promise<NotificationConfig[]> {
	return partOf(path, env, ConfigFile.pick({ notifications: true }), async ({ notifications = [] }, deps) =>
		notifications.map((one, index) => buildNotification(one, ['notifications', index], deps)),
	);
}

interface PartDeps {
	env: Env;
	folder: string;
	report: Report;
}

/** Keys that stand in the main file, whatever else is in it. */
async function partOf<T extends object, R>(
	path: string,
	env: Env,
	schema: z.ZodObject & z.ZodType<T>,
	build: (part: T, deps: PartDeps) => Promise<R>,
): Promise<R> {
	const folder = dirname(resolve(path));
	const { data: file, at } = await readYamlFile(path);
	const given = Object.fromEntries(Object.keys(schema.shape).map((key) => [key, file[key]]));
	const { data, problems, referenced } = await resolveReferences(given, env, folder);
	const checked = schema.safeParse(data);
	const found = (checked.error?.issues ?? []).flatMap((issue) =>
		findingsOf(issue, data, (key) => !referenced.has(formatKey(key))),
	);
	const report: Report = (key, what, fix, part = 'value') => void found.push({ path: key, what, fix, part });
	const built = checked.data && (await build(checked.data, { env, folder, report }));
	if (built !== undefined && problems.length + found.length === 0) return built;
	const all = [...problems, ...found].map(({ path: key, what, fix }) => ({
		key: formatKey(key),
		what,
		fix,
		...at(key),
	}));
	throw new ConfigError(path, inOrder(all));
}

export interface ConfiguredNames {
	sources: string[];
	destinations: string[];
}

/** What sources and destinations are called, also where the rest of the files has mistakes. */
export async function loadNames(path: string): Promise<ConfiguredNames> {
	const { sources, destinations } = (await assemble(path)).data;
	const names = (items: unknown) => (Array.isArray(items) ? items : []).flatMap((item) => nameOf(item) ?? []);
	return {
		sources: names(sources),
		destinations: destinations === undefined ? [ENV_DESTINATION] : names(destinations),
	};
}
