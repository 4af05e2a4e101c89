/** Where the process's own metrics and logs go: what the file says, else what the OpenTelemetry variables say. */
import { parseDuration } from '../../core/durations';
import { buildDestination } from './buildDestination';
import type { Problem, Report } from './errors';
import { receiverFromEnv } from './otelEnv';
import type { TelemetryInput } from './schema/destination';
import type { Env } from './secrets';
import type { OtlpReceiver, TelemetryConfig } from './types';

const SIGNALS = ['metrics', 'logs'] as const;
type Signal = (typeof SIGNALS)[number];

const INTERVAL_MS = 60_000;

interface Context {
	env: Env;
	folder: string;
	report: Report;
	problems: Problem[];
}

/** Undefined when nobody is told. */
export function telemetryOf(
	input: TelemetryInput | undefined,
	context: Context,
	warn: (text: string) => void,
): TelemetryConfig | undefined {
	const config = input ? fromFile(input, context) : fromEnv(context, warn);
	return config?.metrics || config?.logs ? config : undefined;
}

function fromFile(input: TelemetryInput, { env, folder, report }: Context): TelemetryConfig | undefined {
	const { metrics, logs, interval, ...receiver } = input;
	const asked = {
		name: 'telemetry',
		...receiver,
		onTooOld: 'deadLetter',
		lenientResponse: false,
		inFlight: 1,
	} as const;
	const built = buildDestination(asked, ['telemetry'], { env, folder, report });
	if (!built) return undefined;
	const { headers, compression, timeoutMs, tls } = built;
	const to = (signal: Signal): OtlpReceiver => ({
		endpoint: built.endpoint.replace(/logs$/, signal),
		...{ headers, compression, timeoutMs, ...(tls && { tls }) },
	});
	return {
		everyMs: interval,
		...(metrics && { metrics: to('metrics') }),
		...(logs && { logs: to('logs') }),
	};
}

function fromEnv({ env, problems }: Context, warn: (text: string) => void): TelemetryConfig {
	const config: TelemetryConfig = { everyMs: everyMs(env, problems) };
	for (const signal of SIGNALS) {
		const variable = `OTEL_${signal.toUpperCase()}_EXPORTER`;
		const wanted = (env[variable] ?? '').split(',').map((one) => one.trim().toLowerCase());
		for (const one of wanted)
			if (!['', 'none', 'otlp', 'prometheus'].includes(one))
				warn(`${variable}: ${one} is not supported; known: otlp, none`);
		if (!wanted.includes('otlp')) continue;
		const receiver = receiverFromEnv(env, signal, problems);
		if (receiver) config[signal] = receiver;
		else if (!problems.some(({ key }) => key.startsWith('OTEL_EXPORTER')))
			problems.push({
				key: variable,
				what: 'is otlp, and there is no address',
				fix: `Set OTEL_EXPORTER_OTLP_ENDPOINT or OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT, or write telemetry: { endpoint }`,
			});
	}
	return config;
}

function everyMs(env: Env, problems: Problem[]): number {
	const key = 'OTEL_METRIC_EXPORT_INTERVAL';
	if (!env[key]) return INTERVAL_MS;
	const ms = Number(env[key]);
	if (Number.isSafeInteger(ms) && ms >= 1000 && ms <= parseDuration('1h')!) return ms;
	problems.push({
		key,
		what: 'is not a usable number of milliseconds',
		fix: 'Write for example 60000; 1000 to 3600000',
	});
	return INTERVAL_MS;
}
