/** Completes one source: defaults of its provider, and the checks that need more than the value itself. */
import { parseInstant, fromMillis } from '../../providers/time';
import type { Nanos, Provider } from '../../providers/contract';
import { providers } from '../../providers/registry';
import { parseDuration } from './durations';
import type { KeyPath, Report } from './errors';
import { nearest } from './nearest';
import type { SourceInput } from './schema';
import { secretOf, type Env } from './secrets';
import type { SourceConfig } from './types';
import { readTls } from './tls';
import { checkUrl, trimSlashes } from './urls';

export function buildSource(
	input: SourceInput,
	at: KeyPath,
	context: { env: Env; folder: string; report: Report; now: number; destinations: readonly string[] },
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
	const apiKey = secretOf(input.apiKey, context.env, context.folder);
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
			maxPageSize: input.pageSize ?? defaults.maxPageSize,
		},
		apiKey,
		start,
		...(ageOf(input.start) !== undefined && { startAgeMs: ageOf(input.start) }),
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

const ageOf = (text: string): number | undefined => (text === 'now' ? 0 : parseDuration(text));

/** An instant, a date, an age or `now`. */
export function startOf(text: string, now: number): Nanos | { what: string; fix: string } {
	const age = ageOf(text);
	const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
	const instant = age === undefined ? parseInstant(date) : fromMillis(now - age);
	const fix = 'Write an ISO 8601 instant (2026-11-01T00:00:00Z), an age (7d) or now';
	if (instant === undefined) return { what: 'is not a date, an age or "now"', fix };
	// a number of nanoseconds in the state file could not say it
	if (instant < 0n) return { what: 'lies before 1970', fix };
	return instant > fromMillis(now) ? { what: 'lies in the future', fix } : instant;
}
