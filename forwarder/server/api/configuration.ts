/**
 * A source and a destination as they are configured now, in the words of the file. Keys are shown by where they are, never what they are;
 * addresses whole only to those who may do everything: a path may be a password.
 */
import { exactDuration } from '../../../core/durations';
import { formatInstant } from '../../../core/time';
import type { DestinationConfig, Secret, SourceConfig } from '../../config/types';
import { withoutPath } from '../../run/advised';
import type { Authority } from '../http/exchange';

type Shown = Record<string, unknown>;

export function sourceConfiguration(source: SourceConfig, authority: Authority): Shown {
	const { name, provider, settings, secrets, baseUrl, sizes, rateLimit, reconcile } = source;
	return given({
		...{ name, provider: provider.name, ...settings, ...places(secrets), baseUrl: address(baseUrl, authority) },
		start: source.startAgeMs === undefined ? formatInstant(source.start, 0) : started(source.startAgeMs),
		pollInterval: exactDuration(source.pollIntervalMs),
		lateness: exactDuration(source.latenessMs),
		pageSize: sizes.pageSize,
		rateLimit,
		retention: duration(source.retentionMs),
		reconcile: reconcile
			? { every: exactDuration(reconcile.everyMs), span: exactDuration(reconcile.spanMs) }
			: { enabled: false },
		verify: { every: duration(source.verifyEveryMs) ?? 'off', keep: duration(source.keepLedgerMs) ?? '30d' },
		filter: { dropReads: source.dropReads },
		redact: source.redact,
		tls: source.tls && 'own certificates',
		destinations: source.destinations,
	});
}

export function destinationConfiguration(destination: DestinationConfig, authority: Authority): Shown {
	const { name, endpoint, preset, headers, compression, onTooOld, lenientResponse, inFlight } = destination;
	return given({
		...{ name, endpoint: address(endpoint, authority), preset, headers: places(headers), compression },
		maxEventAge: duration(destination.maxEventAgeMs),
		onTooOld,
		timeout: exactDuration(destination.timeoutMs),
		...{ lenientResponse, inFlight },
		tls: destination.tls && 'own certificates',
	});
}

const places = (secrets: Readonly<Record<string, Secret>>): Shown =>
	Object.fromEntries(Object.entries(secrets).map(([key, secret]) => [key, `(${secret.describe()})`]));

const duration = (ms: number | undefined) => (ms === undefined ? undefined : exactDuration(ms));
const started = (ageMs: number) => (ageMs === 0 ? 'now' : exactDuration(ageMs));

/** A user's password in it is nobody's business. */
function address(text: string, authority: Authority): string {
	if (authority !== 'full') return withoutPath(text);
	const url = URL.parse(text);
	if (!url || (url.username === '' && url.password === '')) return text;
	url.username = url.password = '';
	return url.href;
}

function given(values: Shown): Shown {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
