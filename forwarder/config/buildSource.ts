/** Completes one source: defaults of its provider, and the checks that need more than the value itself. */
import { parseInstant, fromMillis } from '../../core/time';
import type { Nanos } from '../../core/contract';
import type { Provider, Settings } from '../../core/provider';
import { parseDuration } from '../../core/durations';
import type { KeyPath, Report } from './errors';
import { nearest } from '../../core/nearest';
import type { SourceInput } from './schema/source';
import { documentSecret, secretOf, type Env } from './secrets';
import { filled, settingsThat } from '../../core/settings';
import type { Secret, SourceConfig } from './types';
import { readTls } from './tls';
import { checkUrl, trimSlashes } from './urls';

interface Context {
	env: Env;
	folder: string;
	report: Report;
	now: number;
	destinations: readonly string[];
}

/** One source; several where a setting that makes a source of each of its values has several. None when something is wrong. */
export function buildSource(provider: Provider, input: SourceInput, at: KeyPath, context: Context): SourceConfig[] {
	const variants = variantsOf(provider, input);
	const built = variants.map((settings) => buildOne(provider, input, settings, at, context));
	if (variants.length === 1) return built.filter((source) => source !== undefined);
	return built.flatMap((source, index) =>
		source ? [{ ...source, name: `${input.name}.${suffixOf(provider, variants[index]!)}` }] : [],
	);
}

/** The settings that are not secrets, once for each value of those that may have several. */
function variantsOf(provider: Provider, input: SourceInput): Settings[] {
	let variants: Settings[] = [{}];
	for (const [name, setting] of Object.entries(provider.settings)) {
		if (setting.secret) continue;
		const given = input[name] ?? setting.default;
		if (given === undefined) continue;
		const values = (Array.isArray(given) ? given : [given]) as string[];
		variants = variants.flatMap((variant) => values.map((value) => ({ ...variant, [name]: value })));
	}
	return variants;
}

function suffixOf(provider: Provider, settings: Settings): string {
	return settingsThat(provider, ({ each }) => each)
		.map((name) => settings[name]?.replace(/[^A-Za-z0-9_-]+/g, '-'))
		.join('.');
}

function buildOne(
	provider: Provider,
	input: SourceInput,
	settings: Settings,
	at: KeyPath,
	context: Context,
): SourceConfig | undefined {
	const { report } = context;
	const { defaults } = provider;
	if (input.pageSize !== undefined && input.pageSize > defaults.maxPageSize) {
		report([...at, 'pageSize'], 'is out of range', `${provider.title} allows 1 to ${defaults.maxPageSize}`);
	}
	const url = checkUrl(input.baseUrl ?? filled(defaults.baseUrl, settings), input.allowInsecure, 'source');
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
	const retentionMs = input.retention ?? provider.retention?.(settings) ?? defaults.retentionMs;
	const latenessMs = input.lateness ?? provider.lateness?.(settings) ?? defaults.latenessMs;
	const tls = readTls(input.tls, [...at, 'tls'], context);
	if (!url.ok || typeof start !== 'bigint') return undefined;
	return {
		name: input.name,
		provider,
		baseUrl: trimSlashes(url.url),
		settings,
		secrets: secretsOf(provider, input, context),
		sizes: {
			pageSize: input.pageSize ?? defaults.pageSize,
			maxPageSize: input.pageSize ?? defaults.maxPageSize,
		},
		start,
		...(ageOf(input.start) !== undefined && { startAgeMs: ageOf(input.start) }),
		pollIntervalMs: input.pollInterval,
		latenessMs,
		pastLatenessMs: Math.max(latenessMs, defaults.pastLatenessMs ?? 0),
		...(retentionMs !== undefined && { retentionMs }),
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

function secretsOf(provider: Provider, input: SourceInput, { env, folder }: Context): Record<string, Secret> {
	const given = settingsThat(provider, ({ secret }) => secret).filter((name) => input[name] !== undefined);
	return Object.fromEntries(
		given.map((name) => [
			name,
			secretOf(String(input[name]), env, folder, provider.settings[name]!.multiline ? documentSecret : undefined),
		]),
	);
}

const ageOf = (text: string): number | undefined => (text === 'now' ? 0 : parseDuration(text));

/** An instant, a date, an age or `now`. */
export function startOf(text: string, now: number): Nanos | { what: string; fix: string } {
	const age = ageOf(text);
	const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
	const instant = age === undefined ? parseInstant(date) : fromMillis(now - age);
	const fix = 'Write an ISO 8601 instant (2026-11-01T00:00:00Z), an age (7d) or now';
	if (instant === undefined) return { what: 'is not a date, an age or "now"', fix };
	// a number of nanoseconds in the state file could not say it
	if (instant < 0n) return { what: 'is before 1970', fix };
	return instant > fromMillis(now) ? { what: 'is in the future', fix } : instant;
}
