/** The OpenTelemetry environment variables, with the meaning that the specification gives them. */
import { parseDuration } from '../../core/durations';
import type { Problem, Report } from './errors';
import { nameMistake, valueMistake } from './headers';
import { parsePairs, type Pair } from './pairs';
import { LONGEST_TIMEOUT } from './schema/values';
import { fixedSecret, type Env } from './secrets';
import { readTls, type TlsInput } from './tls';
import type { Compression, DestinationConfig, OtlpReceiver, Secret, Tls } from './types';
import { checkUrl, logsEndpoint, trimSlashes } from './urls';

const PREFIX = 'OTEL_EXPORTER_OTLP_';

const TLS_FILES = { caFile: 'CERTIFICATE', certFile: 'CLIENT_CERTIFICATE', keyFile: 'CLIENT_KEY' } as const;

const NAMES = [
	...['ENDPOINT', 'INSECURE', 'HEADERS', 'COMPRESSION', 'TIMEOUT', 'PROTOCOL'],
	...Object.values(TLS_FILES),
] as const;

type Signal = 'logs' | 'metrics';

type Setting = { value: string; from: string };
type Read = (name: (typeof NAMES)[number]) => Setting | undefined;

/** `OTEL_EXPORTER_OTLP_LOGS_…` wins over the general variable. */
const reading =
	(env: Env, signal: Signal = 'logs'): Read =>
	(name) =>
		[`${PREFIX}${signal.toUpperCase()}_${name}`, `${PREFIX}${name}`]
			.filter((from) => env[from])
			.map((from) => ({ value: env[from]!.trim(), from }))[0];

/** Those that are set. */
export function otlpVariables(env: Env): string[] {
	return NAMES.map(reading(env)).flatMap((setting) => setting?.from ?? []);
}

/** Name of the destination that the environment describes. */
export const ENV_DESTINATION = 'otlp';

/** Undefined when no endpoint is set. */
export function destinationFromEnv(env: Env, problems: Problem[]): DestinationConfig | undefined {
	const receiver = receiverFromEnv(env, 'logs', problems);
	if (!receiver) return undefined;
	const { tls, ...rest } = receiver;
	const usual = { lenientResponse: false, inFlight: 4, ...(tls && { tls }), renameAttributes: {}, limits: {} };
	return { name: ENV_DESTINATION, ...rest, ...usual };
}

/** Undefined when no endpoint is set. */
export function receiverFromEnv(env: Env, signal: Signal, problems: Problem[]): OtlpReceiver | undefined {
	const read = reading(env, signal);
	const endpoint = read('ENDPOINT');
	if (!endpoint) return undefined;
	const url = checkUrl(endpoint.value, read('INSECURE')?.value.toLowerCase() === 'true', 'destination');
	if (!url.ok) {
		const fix = url.fix.replace(/set allowInsecure.*/, 'set OTEL_EXPORTER_OTLP_INSECURE=true');
		problems.push({ key: endpoint.from, what: url.what, fix });
		return undefined;
	}
	checkProtocol(read('PROTOCOL'), problems);
	const tls = tlsOf(read, problems);
	return {
		// the variable for a signal is the whole URL, the general one is the base
		endpoint:
			endpoint.from === `${PREFIX}ENDPOINT` ? logsEndpoint(url.url).replace(/logs$/, signal) : trimSlashes(url.url),
		headers: headersOf(read('HEADERS'), problems),
		compression: compressionOf(read('COMPRESSION'), problems),
		timeoutMs: timeoutOf(read('TIMEOUT'), problems),
		...(tls && { tls }),
	};
}

export function resourceAttributes(env: Env, problems: Problem[]): Record<string, string> {
	const name = 'OTEL_RESOURCE_ATTRIBUTES';
	const pairs = env[name] ? parsePairs(env[name], name, problems) : [];
	return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
}

function headersOf(setting: Setting | undefined, problems: Problem[]): Record<string, Secret> {
	if (!setting) return {};
	const { value, from } = setting;
	const check = ({ entry, name, value }: Pair) => {
		const mistake = nameMistake(name) ?? valueMistake(value);
		if (mistake) problems.push({ key: from, what: `entry ${entry} ${mistake[0]}`, fix: mistake[1] });
		return [name, fixedSecret(value, `environment variable ${from}`)] as const;
	};
	return Object.fromEntries(parsePairs(value, from, problems).map(check));
}

/** Relative paths start where the process does. */
function tlsOf(read: Read, problems: Problem[]): Tls | undefined {
	const files = Object.entries(TLS_FILES).flatMap(([key, name]) => {
		const setting = read(name);
		return setting ? [[key, setting] as const] : [];
	});
	if (files.length === 0) return undefined;
	const variables = new Map(files.map(([key, { from }]) => [key, from]));
	const report: Report = ([key], what, fix) => {
		const name = String(key) as keyof typeof TLS_FILES;
		problems.push({
			key: variables.get(name) ?? `${PREFIX}${TLS_FILES[name]}`,
			what,
			fix: fix?.replaceAll(/\w+File/g, (one) => `${PREFIX}${TLS_FILES[one as typeof name]}`),
		});
	};
	const input: TlsInput = Object.fromEntries(files.map(([key, { value }]) => [key, value]));
	return readTls(input, [], { folder: '.', report });
}

function checkProtocol(setting: Setting | undefined, problems: Problem[]): void {
	if (!setting || setting.value.toLowerCase() === 'http/protobuf') return;
	const fix =
		setting.value.toLowerCase() === 'grpc'
			? 'Set it to http/protobuf, and the endpoint to the port that the receiver has for HTTP, 4318 in most cases'
			: 'Set it to http/protobuf, or remove it';
	problems.push({ key: setting.from, what: 'is not http/protobuf, the only protocol supported', fix });
}

function compressionOf(setting: Setting | undefined, problems: Problem[]): Compression {
	if (!setting) return 'gzip';
	const value = setting.value.toLowerCase();
	if (['none', 'gzip', 'zstd'].includes(value)) return value as Compression;
	problems.push({ key: setting.from, what: 'is not known', fix: 'Known: none, gzip, zstd' });
	return 'gzip';
}

function timeoutOf(setting: Setting | undefined, problems: Problem[]): number {
	if (!setting) return 10_000;
	const ms = Number(setting.value);
	if (Number.isSafeInteger(ms) && ms > 0 && ms <= parseDuration(LONGEST_TIMEOUT)!) return ms;
	const fix = `Write for example 10000, at most ${LONGEST_TIMEOUT}`;
	problems.push({ key: setting.from, what: 'is not a usable number of milliseconds', fix });
	return 10_000;
}
