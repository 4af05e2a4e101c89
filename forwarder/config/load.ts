/** Reads, checks and completes the configuration file. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { buildDatabase } from './buildDatabase';
import { buildDestination } from './buildDestination';
import { buildSource } from './buildSource';
import type * as z from 'zod';
import { ConfigError, formatKey, type KeyPath, type Problem, type Report } from './errors';
import { textOf } from './files';
import { parse, type Parsed } from './locate';
import { destinationFromEnv, ENV_DESTINATION, otlpVariables, resourceAttributes } from './otelEnv';
import { findingsOf } from './problems';
import { ProxyError, proxyFor } from './proxy';
import { resolveReferences } from './references';
import { providersOf, secretKind } from './providers';
import { AnySource, ConfigFile, Destination, sourceSchema } from './schema';
import { SecretError, type Env } from './secrets';
import type { Config, DestinationConfig, SourceConfig, StatePlace } from './types';

const STATE_FILE = './audit-relay.db';

/**
 * @param now milliseconds since the epoch: what ages in `start` count back from
 * @throws ConfigError that names every problem found
 */
export async function loadConfig(path: string, env: Env, now = Date.now()): Promise<Config> {
	const folder = dirname(resolve(path));
	const parsed = await readMap(path);
	const found = await providersOf(list((parsed.data as { sources?: unknown }).sources), folder);
	const providers = found.of;
	const isSecret = (index: number, key: string) => secretKind(providers[index], key);
	const resolved = await resolveReferences(parsed.data, env, folder, isSecret);
	const { data, problems: unresolved, referenced, warnings } = resolved;
	const problems: Problem[] = [];
	const reported = new Set<string>();
	const report: Report = (key, what, fix, part = 'value') => {
		const name = formatKey(key);
		// one sentence per place: a value that could not be read need not be called malformed too
		if (reported.has(name)) return;
		reported.add(name);
		problems.push({ key: name, what, fix, ...parsed.at(key, part) });
	};
	for (const { path: key, what, fix } of unresolved) report(key, what, fix);
	found.report(report, problems);
	const reportIssues = (error: z.ZodError | undefined, of: unknown, schema: z.ZodType, at: KeyPath = []) => {
		const quotable = (key: KeyPath) => !referenced.has(formatKey([...at, ...key]));
		for (const issue of error?.issues ?? []) {
			for (const { path: key, what, fix, part } of findingsOf(issue, of, quotable, schema)) {
				report([...at, ...key], what, fix, part);
			}
		}
	};
	const checked = ConfigFile.safeParse(data);
	reportIssues(checked.error, data, ConfigFile);

	const raw = data as { destinations?: unknown; sources?: unknown };
	const destinations = list(raw.destinations).flatMap((item, index): DestinationConfig[] => {
		const { data: input } = Destination.safeParse(item);
		const built = input && buildDestination(input, ['destinations', index], { env, folder, report });
		return built ? [built] : [];
	});
	const fromEnv = raw.destinations === undefined ? destinationFromEnv(env, problems) : undefined;
	if (fromEnv) destinations.push(fromEnv);
	else if (raw.destinations === undefined && !problems.some(({ key }) => key.startsWith('OTEL_'))) {
		report(['destinations'], 'is missing', 'Add a destination, or set OTEL_EXPORTER_OTLP_ENDPOINT', 'key');
	}
	const names = [...list(raw.destinations).map(nameOf), fromEnv?.name].filter((name) => name !== undefined);
	const sources = list(raw.sources).flatMap((item, index): SourceConfig[] => {
		const at = ['sources', index];
		const provider = providers[index];
		const schema = provider ? sourceSchema(provider) : AnySource;
		const { data: input, error } = schema.safeParse(item);
		reportIssues(error, item, schema, at);
		return provider && input ? buildSource(provider, input, at, { env, folder, now, destinations: names, report }) : [];
	});
	reportDuplicates('destinations', raw.destinations, report);
	reportDuplicates('sources', raw.sources, report);
	reportTaken(
		sources.map(({ name }) => name),
		raw.sources,
		report,
	);
	for (const { name, provider } of sources) {
		const { lossy } = provider;
		if (lossy !== undefined) warnings.push(`${name}: this provider cannot be read without loss: ${lossy}`);
	}
	const unused = raw.destinations === undefined ? [] : otlpVariables(env);
	if (unused.length) warnings.push(`${unused.join(', ')}: set and not used, because the file has destinations`);
	const attributes = resourceAttributes(env, problems);
	problems.push(
		...proxyProblems([...destinations.map(({ endpoint }) => endpoint), ...sources.map(({ baseUrl }) => baseUrl)], env),
	);

	const database = checked.data && (await buildDatabase(checked.data.state, { env, folder, report }));

	if (problems.length || !checked.success) throw new ConfigError(path, inOrder(problems));
	const { state, server, deadLetters } = checked.data;
	return {
		path,
		state: { path: resolve(folder, state.path ?? STATE_FILE) },
		...(database && { database }),
		...(server.enabled && {
			server: { ...hostAndPort(server.listen), ...(server.hosts.length && { hosts: server.hosts }) },
		}),
		...(deadLetters.retention !== undefined && { keepDeadLettersMs: deadLetters.retention }),
		resourceAttributes: attributes,
		destinations,
		sources,
		warnings,
	};
}

/**
 * Only where the state is (a path is absolute): for commands that look at what is stored. They ask nobody else, so they need no
 * keys, and whoever runs them may have none.
 * @throws ConfigError
 */
export async function loadStatePlace(path: string, env: Env): Promise<StatePlace> {
	const folder = dirname(resolve(path));
	const { data: file, at } = await readMap(path);
	const { data, problems, referenced } = await resolveReferences(
		{ state: (file as { state?: unknown }).state },
		env,
		folder,
	);
	const checked = ConfigFile.pick({ state: true }).safeParse(data);
	const found = (checked.error?.issues ?? []).flatMap((issue) =>
		findingsOf(issue, data, (key) => !referenced.has(formatKey(key))),
	);
	const report: Report = (key, what, fix) => void found.push({ path: key, what, fix, part: 'value' });
	const database = checked.data && (await buildDatabase(checked.data.state, { env, folder, report }));
	if (checked.success && problems.length + found.length === 0) {
		return { state: { path: resolve(folder, checked.data.state.path ?? STATE_FILE) }, ...(database && { database }) };
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

/** What sources and destinations are called, also where the rest of the file has mistakes. */
export async function loadNames(path: string): Promise<ConfiguredNames> {
	const { data } = await readMap(path);
	const { sources, destinations } = data as { sources?: unknown; destinations?: unknown };
	const names = (items: unknown) => list(items).flatMap((item) => nameOf(item) ?? []);
	return {
		sources: names(sources),
		destinations: destinations === undefined ? [ENV_DESTINATION] : names(destinations),
	};
}

async function readMap(path: string): Promise<Parsed> {
	const parsed = parse(await readText(path));
	if (parsed.problems.length) throw new ConfigError(path, parsed.problems);
	if (typeof parsed.data !== 'object' || parsed.data === null || Array.isArray(parsed.data)) {
		const what = parsed.data === null ? 'the file is empty' : 'the file must be a map of keys and values';
		throw new ConfigError(path, [{ key: '', what, fix: '`audit-relay init` writes an example', line: 1, column: 1 }]);
	}
	return parsed;
}

async function readText(path: string): Promise<string> {
	try {
		return textOf(await readFile(path), 'the file');
	} catch (error) {
		if (error instanceof SecretError)
			throw new ConfigError(path, [{ key: '', what: error.message, fix: 'Save it as UTF-8' }]);
		const { code } = error as NodeJS.ErrnoException;
		const what = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
		const fix = code === 'ENOENT' ? '`audit-relay init` writes an example; --config names another file' : undefined;
		throw new ConfigError(path, [{ key: '', what, fix }]);
	}
}

/** A proxy that cannot be used is said here: later it would look like a network that fails. */
function proxyProblems(urls: readonly string[], env: Env): Problem[] {
	const found = new Map<string, Problem>();
	for (const url of urls) {
		try {
			proxyFor(new URL(url), env);
		} catch (error) {
			if (!(error instanceof ProxyError)) throw error;
			const { variable, what, fix } = error;
			found.set(variable, { key: variable, what, fix });
		}
	}
	return [...found.values()];
}

function reportDuplicates(section: 'sources' | 'destinations', items: unknown, report: Report): void {
	const first = new Map<string, number>();
	for (const [index, item] of list(items).entries()) {
		const name = nameOf(item);
		if (name === undefined) continue;
		const before = first.get(name);
		if (before === undefined) first.set(name, index);
		else
			report([section, index, 'name'], `"${name}" is already the name of ${section}[${before}]`, 'Choose another name');
	}
}

/** A source of several values has a name for each, which another source may have too. */
function reportTaken(names: readonly string[], given: unknown, report: Report): void {
	const twice = names.find((name, index) => names.indexOf(name) !== index);
	if (twice === undefined || list(given).filter((item) => nameOf(item) === twice).length > 1) return;
	report(['sources'], `two of them are called "${twice}", one as a part of another`, 'Choose other names', 'key');
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}

function nameOf(item: unknown): string | undefined {
	const name = (item as { name?: unknown } | null)?.name;
	return typeof name === 'string' ? name : undefined;
}

function hostAndPort(listen: string): { host: string; port: number } {
	const at = listen.lastIndexOf(':');
	return { host: listen.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(listen.slice(at + 1)) };
}

function inOrder(problems: readonly Problem[]): Problem[] {
	const rank = ({ line = Infinity, column = 0 }: Problem) => line * 10_000 + column;
	// those of another file after those of this one
	const fileOf = ({ file = '' }: Problem) => file;
	return [...problems].sort((a, b) => fileOf(a).localeCompare(fileOf(b)) || rank(a) - rank(b) || 0);
}
