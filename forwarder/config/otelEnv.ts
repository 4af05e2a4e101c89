/** The OpenTelemetry environment variables, with the meaning that the specification gives them. */
import { parseDuration } from './durations';
import type { Problem } from './errors';
import { LONGEST_TIMEOUT } from './schema';
import { fixedSecret, type Env } from './secrets';
import type { Compression, DestinationConfig } from './types';
import { checkUrl, logsEndpoint, trimSlashes } from './urls';

const PREFIX = 'OTEL_EXPORTER_OTLP_';

/** Undefined when no endpoint is set. `OTEL_EXPORTER_OTLP_LOGS_…` wins over the general variable. */
export function destinationFromEnv(env: Env, problems: Problem[]): DestinationConfig | undefined {
	const read = (name: string): { value: string; from: string } | undefined => {
		for (const from of [`${PREFIX}LOGS_${name}`, `${PREFIX}${name}`]) if (env[from]) return { value: env[from], from };
		return undefined;
	};
	const endpoint = read('ENDPOINT');
	if (!endpoint) return undefined;
	const url = checkUrl(endpoint.value, read('INSECURE')?.value === 'true', 'destination');
	if (!url.ok) {
		const fix = url.fix.replace(/set allowInsecure.*/, 'set OTEL_EXPORTER_OTLP_INSECURE=true');
		problems.push({ key: endpoint.from, what: url.what, fix });
		return undefined;
	}
	const headers = read('HEADERS');
	const pairs = headers ? parsePairs(headers.value, headers.from, problems) : {};
	const place = `environment variable ${headers?.from}`;
	return {
		name: 'otlp',
		// the variable for logs is the whole URL, the general one is the base
		endpoint: endpoint.from.includes('_LOGS_') ? trimSlashes(url.url) : logsEndpoint(url.url),
		headers: Object.fromEntries(Object.entries(pairs).map(([name, value]) => [name, fixedSecret(value, place)])),
		compression: compressionOf(read('COMPRESSION'), problems),
		timeoutMs: timeoutOf(read('TIMEOUT'), problems),
		lenientResponse: false,
		inFlight: 4,
		renameAttributes: {},
		limits: {},
	};
}

export function resourceAttributes(env: Env, problems: Problem[]): Record<string, string> {
	const name = 'OTEL_RESOURCE_ATTRIBUTES';
	return env[name] ? parsePairs(env[name], name, problems) : {};
}

/** `a=1,b=2`, percent-encoded as in W3C baggage. */
function parsePairs(text: string, key: string, problems: Problem[]): Record<string, string> {
	const pairs: Record<string, string> = {};
	for (const [index, item] of text.split(',').entries()) {
		if (!item.trim()) continue;
		const at = item.indexOf('=');
		const name = item.slice(0, at).trim();
		if (at < 1 || !name) {
			problems.push({ key, what: `entry ${index + 1} is not name=value`, fix: 'Write name=value,name=value' });
			continue;
		}
		try {
			pairs[decodeURIComponent(name)] = decodeURIComponent(item.slice(at + 1).trim());
		} catch {
			problems.push({ key, what: `entry ${index + 1} is not percent-encoded correctly`, fix: 'Write % itself as %25' });
		}
	}
	return pairs;
}

type Setting = { value: string; from: string } | undefined;

function compressionOf(setting: Setting, problems: Problem[]): Compression {
	if (!setting) return 'gzip';
	if (['none', 'gzip', 'zstd'].includes(setting.value)) return setting.value as Compression;
	problems.push({ key: setting.from, what: 'is not known', fix: 'Known: none, gzip, zstd' });
	return 'gzip';
}

function timeoutOf(setting: Setting, problems: Problem[]): number {
	if (!setting) return 10_000;
	const ms = Number(setting.value);
	if (Number.isSafeInteger(ms) && ms > 0 && ms <= parseDuration(LONGEST_TIMEOUT)!) return ms;
	const fix = `Write for example 10000, at most ${LONGEST_TIMEOUT}`;
	problems.push({ key: setting.from, what: 'is no number of milliseconds that makes sense', fix });
	return 10_000;
}
