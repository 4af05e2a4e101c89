/** Checks and completes what the files hold: what can be used, and which mistakes keep which sources from it. */
import { dirname, resolve } from 'node:path';
import type { Provider } from '../../core/provider';
import type { Assembled } from './assemble';
import { buildDatabase } from './buildDatabase';
import { buildDestination } from './buildDestination';
import { buildNotification } from './buildNotification';
import { buildServer } from './buildServer';
import { buildSource } from './buildSource';
import { collecting, inOrder, type Found } from './collect';
import { nameOf, reportDuplicates, reportTaken } from './duplicates';
import { ConfigError, type Problem } from './errors';
import { reportMisplaced } from './misplaced';
import { mistakesOf, type Mistake } from './mistakes';
import { destinationFromEnv, otlpVariables, resourceAttributes } from './otelEnv';
import { printOf } from './prints';
import { ProxyError, proxyFor } from './proxy';
import { resolveReferences } from './references';
import { providersOf, secretKind } from './providers';
import { Destination } from './schema/destination';
import { ConfigFile } from './schema/file';
import { Notification } from './schema/notification';
import { AnySource, sourceSchema } from './schema/source';
import type { Env } from './secrets';
import { telemetryOf } from './telemetry';
import { STATE_FILE, type Config, type DestinationConfig, type SourceConfig } from './types';
import { isMap, type Values } from './yamlFile';

const NAMED = ['sources', 'destinations', 'notifications'] as const;
type Named = (typeof NAMED)[number];

export interface Loaded {
	config: Config;
	assembled: Assembled;
	/** What became of each entry; a source may become several, and none with a mistake. */
	sources: readonly (readonly SourceConfig[])[];
	/** What keeps sources from being used, while the others are. */
	mistakes: readonly Mistake[];
	/** Text that is the same for as long as nothing about it changes: of each that has a name, and of each key that is there once. */
	prints: Record<Named | 'once', ReadonlyMap<string, string>>;
	/** The entry that each source was made of, and the file that it stands in. */
	homes: ReadonlyMap<string, { entry: string; file: string }>;
	/** Entries that can be used, by their text: for as long as that stays the same, so does what became of them. */
	known: ReadonlyMap<string, readonly SourceConfig[]>;
	/** Absolute paths of files that declare providers. */
	declarations: readonly string[];
}

/**
 * @param before entries of it that are the same are not checked again
 * @param now milliseconds since the epoch: what ages in `start` count back from
 * @throws ConfigError that names every problem found, when nothing can be used
 */
export async function complete(
	path: string,
	assembled: Assembled,
	env: Env,
	now: number,
	before?: Loaded,
): Promise<Loaded> {
	const folder = dirname(resolve(path));
	const found = await providersOf(list(assembled.data['sources']), folder);
	const providers = found.of;
	const isSecret = (index: number, key: string) => secretKind(providers[index], key);
	const entries = list(assembled.data['sources']);
	const texts = entries.map((entry) => JSON.stringify(entry));
	const same = texts.map((text, index) => sameAsBefore(before?.known.get(text), providers[index]));
	const unknown = {
		...assembled.data,
		...(before && { sources: entries.map((entry, at) => (same[at] ? null : entry)) }),
	};
	const resolved = await resolveReferences(unknown, env, folder, isSecret);
	const { problems: unresolved, referenced } = resolved;
	const data = before
		? {
				...(resolved.data as Values),
				sources: list((resolved.data as Values)['sources']).map((item, at) => item ?? entries[at]),
			}
		: resolved.data;
	const collected = collecting(assembled, referenced);
	const { add, report, reportIssues } = collected;
	for (const { problem, spoils } of assembled.wrongRows) add(problem, spoils);
	for (const { path: key, what, fix } of unresolved) report(key, what, fix);
	found.report(report, add);
	reportMisplaced(assembled, found.declared, add);
	const checked = ConfigFile.safeParse(data);
	reportIssues(checked.error, data, ConfigFile);

	const raw = data as { destinations?: unknown; sources?: unknown; notifications?: unknown };
	const destinations = list(raw.destinations).flatMap((item, index): DestinationConfig[] => {
		const { data: input } = Destination.safeParse(item);
		const built = input && buildDestination(input, ['destinations', index], { env, folder, report });
		return built ? [built] : [];
	});
	const wrongVariables: Problem[] = [];
	const fromEnv = raw.destinations === undefined ? destinationFromEnv(env, wrongVariables) : undefined;
	if (fromEnv) destinations.push(fromEnv);
	else if (raw.destinations === undefined && wrongVariables.length === 0) {
		report(['destinations'], 'is missing', 'Add a destination, or set OTEL_EXPORTER_OTLP_ENDPOINT', 'key');
	}
	const names = [...list(raw.destinations).map(nameOf), fromEnv?.name].filter((name) => name !== undefined);
	const built = list(raw.sources).map((item, index): SourceConfig[] => {
		const unchanged = same[index];
		if (unchanged && hasSame(before, names)) return [...unchanged];
		const at = ['sources', index];
		const provider = providers[index];
		const schema = provider ? sourceSchema(provider) : AnySource;
		const { data: input, error } = schema.safeParse(item);
		reportIssues(error, item, schema, at);
		return provider && input ? buildSource(provider, input, at, { env, folder, now, destinations: names, report }) : [];
	});
	reportDuplicates('destinations', list(raw.destinations), assembled, report);
	reportDuplicates('sources', list(raw.sources), assembled, report);
	const notifications = list(raw.notifications).flatMap((item, index) => {
		const { data: input } = Notification.safeParse(item);
		return input ? [buildNotification(input, ['notifications', index], { env, folder, report })] : [];
	});
	reportDuplicates('notifications', list(raw.notifications), assembled, report);
	reportTaken(built, list(raw.sources), (index, what, fix) =>
		add({ ...assembled.placeOf(['sources'], 'key'), what, fix }, [index]),
	);
	const attributes = resourceAttributes(env, wrongVariables);
	const addresses = [...destinations.map(({ endpoint }) => endpoint), ...built.flat().map(({ baseUrl }) => baseUrl)];
	for (const problem of [...wrongVariables, ...proxyProblems(addresses, env)]) add(problem);

	const once = checked.data ?? usable(data);
	const database = once && (await buildDatabase(once.state, { env, folder, report }));

	const served = once && (await buildServer(once.server, { env, folder, report }));

	const unmatched = assembled.unmatched.map((index) => assembled.placeOf(['include', index]));
	if (!built.flat().length) for (const place of unmatched) add({ ...place, what: NO_FILE });
	const told: string[] = [];
	const wrong: Problem[] = [];
	const telemetry = telemetryOf(once?.telemetry, { env, folder, report, problems: wrong }, (text) => told.push(text));
	for (const problem of wrong) add(problem);
	const spoilt = new Set(collected.found.flatMap(({ spoils = [] }) => [...spoils]));
	const kept = built.map((those, index) => (spoilt.has(index) ? [] : those));
	const sources = kept.flat();
	if (!once || sources.length === 0 || isHopeless(assembled, collected.found))
		throw new ConfigError(path, allOf(assembled, collected.found));
	const warnings = [
		...unmatched.map(({ key, line }) => `${path}:${line} ${key}: ${NO_FILE}`),
		...resolved.warnings.map(({ path: key, text }) => {
			const place = assembled.placeOf(key);
			return `${place.file === undefined ? '' : `${place.file}:${place.line} `}${place.key}: ${text}`;
		}),
	];
	for (const { name, provider } of sources) {
		const { lossy } = provider;
		if (lossy !== undefined) warnings.push(`${name}: this provider cannot be read without loss: ${lossy}`);
	}
	warnings.push(...told);
	const unused = raw.destinations === undefined || (telemetry && !once.telemetry) ? [] : otlpVariables(env);
	if (unused.length) warnings.push(`${unused.join(', ')}: set and not used, because the file has destinations`);
	const { state, control, deadLetters, metrics } = once;
	const config: Config = {
		path,
		state: { path: resolve(folder, state.path ?? STATE_FILE) },
		...(database && { database }),
		...(served && { server: served }),
		...(control.socket !== undefined && { control: { socket: resolve(folder, control.socket) } }),
		...(deadLetters.retention !== undefined && { keepDeadLettersMs: deadLetters.retention }),
		metrics: { bySource: metrics.detail === 'source', formerNames: metrics.formerNames },
		...(telemetry && { telemetry }),
		resourceAttributes: attributes,
		destinations,
		sources,
		notifications,
		// what stands in the defaults is said once
		warnings: [...new Set(warnings)],
	};
	const prints = {
		sources: new Map(
			kept.flatMap((those, index) => those.map((one) => [one.name, printOf(list(raw.sources)[index], one)] as const)),
		),
		destinations: printsOf(destinations, raw.destinations),
		notifications: printsOf(notifications, raw.notifications),
		once: new Map(
			Object.entries(data as object).flatMap(([key, value]) =>
				NAMED.some((one) => one === key) ? [] : [[key, JSON.stringify(value)]],
			),
		),
	};
	const homes = new Map(
		kept.flatMap((those, index) => {
			const home = { entry: nameOf(list(raw.sources)[index])!, file: assembled.fileOf(index).path };
			return those.map(({ name }) => [name, home] as const);
		}),
	);
	const mistakes = mistakesOf(assembled, collected.found);
	const items = list(raw.sources);
	const known = new Map(
		kept.flatMap((those, index) =>
			// what an ordinary reference stands for may change behind the same text
			those.length > 0 && JSON.stringify(items[index]) === texts[index] ? [[texts[index], those] as const] : [],
		),
	);
	return { config, assembled, sources: kept, mistakes, prints, homes, known, declarations: found.files };
}

function printsOf(all: readonly { name: string }[], entries: unknown): ReadonlyMap<string, string> {
	return new Map(all.map(({ name }, index) => [name, JSON.stringify(list(entries)[index])]));
}

const NO_FILE = 'no file is called so';

/** A file may declare its provider in another way now. */
function sameAsBefore(
	built: readonly SourceConfig[] | undefined,
	provider: Provider | undefined,
): readonly SourceConfig[] | undefined {
	const declared = built?.[0]?.provider;
	const isSame =
		declared === provider || JSON.stringify(declared?.declaration) === JSON.stringify(provider?.declaration);
	return provider && isSame ? built : undefined;
}

/** Sources name destinations, or ship to all. */
function hasSame(before: Loaded | undefined, destinations: readonly string[]): boolean {
	return JSON.stringify(before?.config.destinations.map(({ name }) => name)) === JSON.stringify(destinations);
}

/** Where the rest of the file is right, a list of sources with something else in it is no reason to know nothing. */
function usable(data: unknown) {
	const sources = list((data as { sources?: unknown }).sources).filter(isMap);
	return ConfigFile.safeParse({ ...(data as object), sources }).data;
}

/** Something that all need is wrong. */
function isHopeless({ unread }: Assembled, found: readonly Found[]): boolean {
	return unread.some(({ isVital, isKept }) => isVital && !isKept) || found.some(({ spoils }) => !spoils);
}

export function allOf({ unread }: Assembled, found: readonly Found[]): Problem[] {
	return inOrder([...unread.flatMap(({ problems }) => problems), ...found.map(({ problem }) => problem)]);
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

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
