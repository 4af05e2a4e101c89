/** Completes one destination or source: defaults, presets, and the checks that need more than the value itself. */
import { parseInstant, fromMillis } from '../../providers/time';
import type { Nanos, Provider } from '../../providers/contract';
import { providers } from '../../providers/registry';
import { parseDuration } from './durations';
import type { KeyPath, Report } from './errors';
import { nearest } from './nearest';
import { presets } from './presets';
import type { DestinationInput, SourceInput } from './schema';
import { hasReference, parseTemplate, SecretError, templateSecret, fixedSecret, type Env } from './secrets';
import type { DestinationConfig, Secret, SourceConfig } from './types';
import { readTls } from './tls';
import { checkUrl, logsEndpoint, trimSlashes } from './urls';

interface Context {
	env: Env;
	/** Where relative secret files start. */
	folder: string;
	report: Report;
}

export function buildDestination(
	input: DestinationInput,
	at: KeyPath,
	context: Context,
): DestinationConfig | undefined {
	const { report, env } = context;
	const preset = input.preset === undefined ? undefined : presets[input.preset]!;
	const headers = Object.fromEntries(
		Object.entries(input.headers ?? {}).map(([name, value]) => [name, secretOf(value, context)]),
	);
	if (preset) {
		const { name, variable } = preset.keyHeader;
		if (!Object.keys(headers).some((header) => header.toLowerCase() === name)) {
			if (env[variable]) headers[name] = templateSecret(`\${env:${variable}}`, env, context.folder);
			else {
				const fix = `Set ${variable}, or write headers: { ${name}: "\${env:NAME}" }`;
				report([...at, 'headers', name], `is missing: ${preset.title} needs the header ${name}`, fix);
			}
		}
	}
	const maxEventAgeMs = input.maxEventAge ?? preset?.maxEventAgeMs;
	if (input.onTooOld === 'restamp' && maxEventAgeMs === undefined) {
		report(
			[...at, 'onTooOld'],
			'says what to do with events older than maxEventAge',
			'Set maxEventAge, or remove it',
			'key',
		);
	}
	const tls = readTls(input.tls, [...at, 'tls'], context);
	const endpoint = endpointOf(input, at, report);
	if (!endpoint) return undefined;
	return {
		name: input.name,
		endpoint,
		...(input.preset !== undefined && { preset: input.preset }),
		headers,
		compression: input.compression ?? preset?.compression ?? 'gzip',
		...(maxEventAgeMs !== undefined && { maxEventAgeMs }),
		...(input.onTooOld === 'restamp' && { onTooOld: input.onTooOld }),
		timeoutMs: input.timeout,
		lenientResponse: input.lenientResponse,
		inFlight: input.inFlight,
		...(tls && { tls }),
		renameAttributes: preset?.renameAttributes ?? {},
		limits: preset?.limits ?? {},
	};
}

function endpointOf(input: DestinationInput, at: KeyPath, report: Report): string | undefined {
	const preset = input.preset === undefined ? undefined : presets[input.preset]!;
	const { site = preset?.defaultSite } = input;
	if (!preset && input.site !== undefined) {
		report([...at, 'site'], 'means something with a preset only', 'Remove it, or add preset', 'key');
	}
	if (preset && site !== undefined && !preset.sites.includes(site)) {
		const near = nearest(site, preset.sites);
		const known = `${preset.title} takes OTLP at: ${preset.sites.join(', ')}`;
		report([...at, 'site'], 'is not known', `${near ? `Did you mean "${near}"? ` : ''}${known}`);
		return undefined;
	}
	if (input.endpoint === undefined) {
		if (preset && site !== undefined) return preset.endpoint(site);
		report([...at, 'endpoint'], 'is missing', 'Write endpoint: https://host:4318, or a preset', 'key');
		return undefined;
	}
	const url = checkUrl(input.endpoint, input.allowInsecure, 'destination');
	if (url.ok) return logsEndpoint(url.url);
	report([...at, 'endpoint'], url.what, url.fix);
	return undefined;
}

export function buildSource(
	input: SourceInput,
	at: KeyPath,
	context: Context & { now: number; destinations: readonly string[] },
): SourceConfig | undefined {
	const { report } = context;
	const provider: Provider = providers[input.provider];
	const { defaults } = provider;
	for (const key of provider.required) {
		if (input[key] === undefined) report([...at, key], 'is missing', `${provider.title} needs it`, 'key');
	}
	if (input.pageSize !== undefined && input.pageSize > defaults.maxPageSize) {
		report([...at, 'pageSize'], 'is out of range', `${provider.title} allows 1 to ${defaults.maxPageSize}`);
	}
	const url = checkUrl(input.baseUrl ?? defaults.baseUrl, input.allowInsecure, 'source');
	if (!url.ok) report([...at, 'baseUrl'], url.what, url.fix);
	const start = startOf(input.start, context.now);
	if (typeof start !== 'bigint') report([...at, 'start'], start.what, start.fix);
	for (const [index, name] of (input.destinations ?? []).entries()) {
		if (context.destinations.includes(name)) continue;
		const near = nearest(name, context.destinations);
		const known = `Known: ${context.destinations.join(', ') || 'none'}`;
		report([...at, 'destinations', index], 'there is no such destination', near ? `Did you mean "${near}"?` : known);
	}
	const reconcile = {
		every: defaults.reconcile?.everyMs ?? 3_600_000,
		span: defaults.reconcile?.spanMs ?? 172_800_000,
	};
	const apiKey = secretOf(input.apiKey, context);
	const tls = readTls(input.tls, [...at, 'tls'], context);
	if (!url.ok || typeof start !== 'bigint') return undefined;
	return {
		name: input.name,
		provider: input.provider,
		baseUrl: trimSlashes(url.url),
		settings: {
			...(input.accountId !== undefined && { accountId: input.accountId }),
			...(input.entityId !== undefined && { entityId: input.entityId }),
			pageSize: input.pageSize ?? defaults.pageSize,
		},
		apiKey,
		start,
		pollIntervalMs: input.pollInterval,
		latenessMs: input.lateness ?? defaults.latenessMs,
		...(input.retention !== undefined && { retentionMs: input.retention }),
		...(tls && { tls }),
		rateLimit: {
			...input.rateLimit,
			requestsPerMinute: input.rateLimit.requestsPerMinute ?? defaults.requestsPerMinute,
		},
		...((input.reconcile?.enabled ?? defaults.reconcile !== undefined) && {
			reconcile: {
				everyMs: input.reconcile?.every ?? reconcile.every,
				spanMs: input.reconcile?.span ?? reconcile.span,
			},
		}),
		...(input.verify.every !== undefined && { verifyEveryMs: input.verify.every }),
		...(input.verify.keep !== undefined && { keepLedgerMs: input.verify.keep }),
		dropReads: input.filter.dropReads,
		redact: input.redact,
		destinations: input.destinations ?? [...context.destinations],
	};
}

/** An instant, a date, an age or `now`. */
export function startOf(text: string, now: number): Nanos | { what: string; fix: string } {
	if (text === 'now') return fromMillis(now);
	const age = parseDuration(text);
	if (age !== undefined) return fromMillis(now - age);
	const instant = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
	const fix = 'Write an ISO 8601 instant (2026-11-01T00:00:00Z), an age (7d) or now';
	if (instant === undefined) return { what: 'is no date, age or "now"', fix };
	return instant > fromMillis(now) ? { what: 'lies in the future', fix } : instant;
}

/** A template that was already found wrong is reported elsewhere; here it only must not throw. */
function secretOf(text: string, { env, folder }: Context): Secret {
	try {
		if (!hasReference(text)) return fixedSecret(text);
		parseTemplate(text);
		return templateSecret(text, env, folder);
	} catch (error) {
		if (error instanceof SecretError) return fixedSecret('');
		throw error;
	}
}
