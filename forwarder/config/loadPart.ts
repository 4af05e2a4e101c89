/** What commands need of a configuration that ask nobody else, so that whoever runs them needs no keys. */
import { dirname, resolve } from 'node:path';
import { assemble } from './assemble';
import { buildDatabase } from './buildDatabase';
import { inOrder } from './collect';
import { nameOf } from './duplicates';
import { ConfigError, formatKey, type Report } from './errors';
import { ENV_DESTINATION } from './otelEnv';
import { findingsOf } from './problems';
import { resolveReferences } from './references';
import { ConfigFile } from './schema/file';
import type { Env } from './secrets';
import { STATE_FILE, type StatePlace } from './types';
import { readYamlFile } from './yamlFile';

/**
 * Only where the state is (a path is absolute): for commands that look at what is stored. They ask nobody else, so they need no
 * keys, and whoever runs them may have none.
 * @throws ConfigError
 */
export async function loadStatePlace(path: string, env: Env): Promise<StatePlace> {
	const folder = dirname(resolve(path));
	const { data: file, at } = await readYamlFile(path);
	const { data, problems, referenced } = await resolveReferences(
		{ state: file['state'], control: file['control'] },
		env,
		folder,
	);
	const checked = ConfigFile.pick({ state: true, control: true }).safeParse(data);
	const found = (checked.error?.issues ?? []).flatMap((issue) =>
		findingsOf(issue, data, (key) => !referenced.has(formatKey(key))),
	);
	const report: Report = (key, what, fix) => void found.push({ path: key, what, fix, part: 'value' });
	const database = checked.data && (await buildDatabase(checked.data.state, { env, folder, report }));
	if (checked.success && problems.length + found.length === 0) {
		const { state, control } = checked.data;
		return {
			state: { path: resolve(folder, state.path ?? STATE_FILE) },
			...(database && { database }),
			...(control.socket !== undefined && { control: { socket: resolve(folder, control.socket) } }),
		};
	}
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
