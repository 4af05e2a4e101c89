/** Reads, checks and completes the configuration. */
import { dirname, resolve } from 'node:path';
import { assemble, type Assembled } from './assemble';
import { buildDatabase } from './buildDatabase';
import { buildDestination } from './buildDestination';
import { buildNotification } from './buildNotification';
import { buildServer } from './buildServer';
import { buildSource } from './buildSource';
import { collecting, inOrder } from './collect';
import { nameOf, reportDuplicates, reportTaken } from './duplicates';
import { ConfigError, type Problem } from './errors';
import { reportMisplaced } from './misplaced';
import { destinationFromEnv, otlpVariables, resourceAttributes } from './otelEnv';
import { ProxyError, proxyFor } from './proxy';
import { resolveReferences } from './references';
import { providersOf, secretKind } from './providers';
import { AnySource, ConfigFile, Destination, Notification, sourceSchema } from './schema';
import type { Env } from './secrets';
import { telemetryOf } from './telemetry';
import { STATE_FILE, type Config, type DestinationConfig, type SourceConfig } from './types';

export interface Loaded {
	config: Config;
	assembled: Assembled;
	/** What became of each entry; a source may become several. */
	sources: readonly (readonly SourceConfig[])[];
}

/**
 * @param now milliseconds since the epoch: what ages in `start` count back from
 * @throws ConfigError that names every problem found
 */
export async function loadConfig(path: string, env: Env, now = Date.now()): Promise<Config> {
	return (await loadWithOrigins(path, env, now)).config;
}

/** The same, with where everything came from. */
export async function loadWithOrigins(path: string, env: Env, now = Date.now()): Promise<Loaded> {
	const folder = dirname(resolve(path));
	const assembled = await assemble(path);
	// what is missing may stand in the file that cannot be read
	if (assembled.problems.length > 0) throw new ConfigError(path, assembled.problems);
	const found = await providersOf(list(assembled.data['sources']), folder);
	const providers = found.of;
	const isSecret = (index: number, key: string) => secretKind(providers[index], key);
	const resolved = await resolveReferences(assembled.data, env, folder, isSecret);
	const { data, problems: unresolved, referenced } = resolved;
	const { problems, add, report, reportIssues } = collecting(assembled, referenced);
	for (const { path: key, what, fix } of unresolved) report(key, what, fix);
	found.report(report, problems);
	reportMisplaced(assembled, found.declared, add);
	const checked = ConfigFile.safeParse(data);
	reportIssues(checked.error, data, ConfigFile);

	const raw = data as { destinations?: unknown; sources?: unknown; notifications?: unknown };
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
	const built = list(raw.sources).map((item, index): SourceConfig[] => {
		const at = ['sources', index];
		const provider = providers[index];
		const schema = provider ? sourceSchema(provider) : AnySource;
		const { data: input, error } = schema.safeParse(item);
		reportIssues(error, item, schema, at);
		return provider && input ? buildSource(provider, input, at, { env, folder, now, destinations: names, report }) : [];
	});
	const sources = built.flat();
	reportDuplicates('destinations', list(raw.destinations), assembled, report);
	reportDuplicates('sources', list(raw.sources), assembled, report);
	const notifications = list(raw.notifications).flatMap((item, index) => {
		const { data: input } = Notification.safeParse(item);
		return input ? [buildNotification(input, ['notifications', index], { env, folder, report })] : [];
	});
	reportDuplicates('notifications', list(raw.notifications), assembled, report);
	reportTaken(
		sources.map(({ name }) => name),
		list(raw.sources),
		report,
	);
	const attributes = resourceAttributes(env, problems);
	problems.push(
		...proxyProblems([...destinations.map(({ endpoint }) => endpoint), ...sources.map(({ baseUrl }) => baseUrl)], env),
	);

	const database = checked.data && (await buildDatabase(checked.data.state, { env, folder, report }));
	const served = checked.data && (await buildServer(checked.data.server, { env, folder, report }));

	const unmatched = assembled.unmatched.map((index) => assembled.placeOf(['include', index]));
	if (!sources.length) for (const place of unmatched) add({ ...place, what: NO_FILE });
	const told: string[] = [];
	const telemetry = telemetryOf(checked.data?.telemetry, { env, folder, report, problems }, (text) => told.push(text));
	if (problems.length || !checked.success) throw new ConfigError(path, inOrder(problems));
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
	const unused = raw.destinations === undefined || (telemetry && !checked.data.telemetry) ? [] : otlpVariables(env);
	if (unused.length) warnings.push(`${unused.join(', ')}: set and not used, because the file has destinations`);
	const { state, control, deadLetters, metrics } = checked.data;
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
	return { config, assembled, sources: built };
}

const NO_FILE = 'no file is called so';

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
