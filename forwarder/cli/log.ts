/** Structured log to stderr: JSON lines, or lines for people when stderr is a terminal. Keys never get in. */
import pino, { type Logger } from 'pino';
import type { Io } from './io';
import { createUi, plain, type Style } from './ui';

export type { Logger };

const HIDDEN = ['apiKey', 'headers', 'authorization', 'password', 'secret', 'token', 'config', 'request'];

const STYLES: Record<string, Style> = { debug: 'dim', info: 'cyan', warn: 'yellow', error: 'red', fatal: 'red' };

export interface LogOptions {
	/** `AUDIT_RELAY_LOG_LEVEL` when absent, else `info`. */
	level?: string;
	/** JSON also on a terminal. */
	json?: boolean;
	color?: boolean;
}

export function createLog(io: Pick<Io, 'stderr' | 'env' | 'clock'>, options: LogOptions = {}): Logger {
	const human = io.stderr.isTTY === true && !options.json;
	const ui = createUi(io.stderr, io.env, options.color);
	const known = [...Object.keys(pino.levels.values), 'silent'];
	const wanted = options.level ?? (io.env['AUDIT_RELAY_LOG_LEVEL'] || 'info');
	const log = pino(
		{
			level: known.includes(wanted) ? wanted : 'info',
			base: null,
			timestamp: () => `,"time":"${new Date(io.clock.now()).toISOString()}"`,
			formatters: { level: (label) => ({ level: label }) },
			redact: { paths: [...HIDDEN, ...HIDDEN.map((key) => `*.${key}`)], censor: '[REDACTED]' },
			// an error's other properties may hold the request it came from
			serializers: { err: (error: unknown) => describe(error, io.env['AUDIT_RELAY_DEBUG'] === '1') },
		},
		{ write: (line: string) => void io.stderr.write(human ? forPeople(line, ui.paint) : line) },
	);
	// a typing mistake here must not keep events from being shipped
	if (!known.includes(wanted)) {
		log.warn(`AUDIT_RELAY_LOG_LEVEL: "${wanted}" is not known, so the level is info. Known: ${known.join(', ')}`);
	}
	return log;
}

function describe(error: unknown, debug: boolean): { type: string; message: string; stack?: string } {
	if (!(error instanceof Error)) return { type: typeof error, message: 'not an error object' };
	return { type: error.name, message: error.message, ...(debug && { stack: error.stack }) };
}

function forPeople(line: string, paint: (style: Style, text: string) => string): string {
	const { level, time, msg = '', ...rest } = JSON.parse(line) as { level: string; time: string; msg?: string };
	const fields = Object.entries(rest).map(([key, value]) => {
		const text = key === 'err' ? (value as { message: string }).message : value;
		return `${paint('dim', `${key}=`)}${plain(typeof text === 'string' ? text : JSON.stringify(text))}`;
	});
	const head = `${paint('dim', time.slice(11, 19))} ${paint(STYLES[level] ?? 'cyan', level.toUpperCase().padEnd(5))}`;
	return `${[head, plain(msg), ...fields].join(' ')}\n`;
}
