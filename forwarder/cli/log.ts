/** Structured log to stderr: JSON lines, or lines for people when stderr is a terminal. Keys never get in. */
import pino, { type Logger } from 'pino';
import { NEW_EVENTS } from '../run/logging';
import { BY_HAND } from '../store/actions';
import type { Io } from './io';
import type { Described, Entry, Sink } from './log/entry';
import { forPeople } from './log/forPeople';
import { FORMATS, jsonLine } from './log/names';
import { limitRepeats } from './log/repeats';
import { createUi } from './ui';

export type { Logger };

const HIDDEN = ['apiKey', 'headers', 'authorization', 'password', 'secret', 'token', 'config', 'request'];

const LEVELS = [...Object.keys(pino.levels.values), 'silent'];

export interface LogOptions {
	/** `AUDIT_RELAY_LOG_LEVEL` when absent, else `info`. */
	level?: string;
	/** JSON also on a terminal. */
	json?: boolean;
	color?: boolean;
}

type LogIo = Pick<Io, 'stderr' | 'env' | 'clock'>;

/** Everything that is said is written. */
export function createLog(io: LogIo, options: LogOptions = {}): Logger {
	const { sink, problem } = sinkOf(io, options);
	return logTo(sink, io, options, problem);
}

export interface DaemonLog {
	log: Logger;
	/** What is written is told there too, from now on. */
	also(sink: Sink): void;
	/** Says what is held back. Lines after it are written as they come. */
	end(): void;
}

/** For what runs for years: lines that are alike are counted. At `debug` everything is written. */
export function createDaemonLog(io: LogIo, options: LogOptions = {}): DaemonLog {
	const { sink, problem } = sinkOf(io, options);
	const rules = { clock: io.clock, always: new Set([BY_HAND]), added: new Map([[NEW_EVENTS, 'events']]) };
	const sinks = [sink];
	const say: Sink = (entry) => sinks.forEach((one) => one(entry));
	const repeats = limitRepeats(rules, say);
	const { known: level } = chosen(io, 'LEVEL', LEVELS, 'info', options.level);
	const all = level === 'debug' || level === 'trace';
	const log = logTo(all ? say : repeats.tell, io, options, problem);
	return { log, also: (one) => void sinks.push(one), end: repeats.end };
}

function logTo(sink: Sink, io: LogIo, options: LogOptions, ...problems: (string | undefined)[]): Logger {
	const { known, problem } = chosen(io, 'LEVEL', LEVELS, 'info', options.level);
	const log = pino(
		{
			level: known,
			base: null,
			timestamp: () => `,"time":"${new Date(io.clock.now()).toISOString()}"`,
			formatters: { level: (label) => ({ level: label }) },
			redact: { paths: [...HIDDEN, ...HIDDEN.map((key) => `*.${key}`)], censor: '[REDACTED]' },
			// an error's other properties may hold the request it came from
			serializers: { err: (error: unknown) => describe(error, io.env['AUDIT_RELAY_DEBUG'] === '1') },
		},
		// read again, so that what is hidden is hidden whatever it is called outside
		{ write: (line: string) => sink({ msg: '', ...(JSON.parse(line) as Omit<Entry, 'msg'>) } as Entry) },
	);
	for (const one of [problem, ...problems]) if (one !== undefined) log.warn(one);
	return log;
}

function sinkOf(io: LogIo, options: LogOptions): { sink: Sink; problem?: string } {
	const { known: format, problem } = chosen(io, 'FORMAT', FORMATS, 'otel');
	const { paint } = createUi(io.stderr, io.env, options.color);
	const human = io.stderr.isTTY === true && !options.json;
	const text = (entry: Entry) => (human ? forPeople(entry, paint) : jsonLine(entry, format));
	return { sink: (entry) => void io.stderr.write(text(entry)), problem };
}

/** A typing mistake in the environment must not keep events from being shipped. */
function chosen<T extends string>(
	{ env }: LogIo,
	what: 'LEVEL' | 'FORMAT',
	values: readonly T[],
	usual: T,
	given?: string,
): { known: T; problem?: string } {
	const name = `AUDIT_RELAY_LOG_${what}`;
	const wanted = given ?? (env[name] || usual);
	const known = values.find((one) => one === wanted);
	if (known !== undefined) return { known };
	const problem = `${name}: "${wanted}" is not known, so the ${what.toLowerCase()} is ${usual}. Known: ${values.join(', ')}`;
	return { known: usual, problem };
}

function describe(error: unknown, debug: boolean): Described {
	if (!(error instanceof Error)) return { type: typeof error, message: 'not an error object' };
	return { type: error.name, message: error.message, ...(debug && { stack: error.stack }) };
}
