/** The configuration of a running process: read again when somebody asks, applied as far as it differs, and never half. */
import { resolve } from 'node:path';
import { assemble } from '../../config/assemble';
import { complete, type Loaded } from '../../config/complete';
import {
	changesText,
	isNothing,
	mended,
	merged,
	type Changes,
	type Merged,
	type Running,
} from '../../config/difference';
import { causeText, ConfigError, problemLines, problemText, type Problem } from '../../config/errors';
import { fingerprint } from '../../config/fingerprint';
import type { Mistake } from '../../config/mistakes';
import { saidOnce, shortened } from '../../config/saidOnce';
import type { Config } from '../../config/types';
import { grouped } from '../../grouped';
import type { ReloadOutcome } from '../../server/routes';
import type { SourceMistake } from '../../run/snapshot';
import { anotherLog } from '../../store/stateError';
import type { Io } from '../io';
import type { Logger } from '../log';
import type { Working } from '../parts';
import type { Watched } from './watch';

export type Reloaded =
	/** `mistakes`: what is used as it was before, or not at all. */
	| { ok: true; changes: Changes; mistakes: SourceMistake[] }
	/** Everything goes on as before. */
	| { ok: false; problems: readonly Problem[] };

export interface Live {
	readonly config: Config;
	mistakes(): readonly SourceMistake[];
	/** Applies what the files hold now. What they get wrong is used as it was before. */
	reload(): Promise<Reloaded>;
	/** What that would change. */
	compare(): Promise<Reloaded>;
	/** Tries again what could not be used, until the signal aborts: a key that was missing may be there now. */
	run(signal: AbortSignal): Promise<void>;
	/** What it was read from. */
	watched(): Watched;
}

/** How soon a key that was put in its place is found. */
const AGAIN_MS = 10_000;

/** What is to be changed. */
export interface Changing {
	observed: Pick<Working['observed'], 'look'>;
	change(config: Config): Promise<void>;
}

export function createLive(
	first: Loaded,
	{ clock, env }: Pick<Io, 'clock' | 'env'>,
	log: Logger,
): Live & {
	/** To be called once; who asks for a change before that waits for it. */
	of(working: Changing): void;
} {
	const { path } = first.config;
	let working: Changing;
	let loaded = first;
	let running: Running = first;
	let mistakes: SourceMistake[] = [];
	let works = () => {};
	let last: Promise<unknown> = new Promise<void>((resolve) => (works = resolve));
	note(first.mistakes);

	/** One after the other. */
	function next<T>(work: () => Promise<T>): Promise<T> {
		const result = last.then(work);
		last = result.catch(() => undefined);
		return result;
	}

	function mistakesIn(found: readonly Mistake[]): SourceMistake[] {
		return found.map(({ source, provider, problems }) => {
			const message = problems.map((problem) => problemText(path, problem)).join(' ');
			return {
				...(source !== undefined && { source }),
				...(provider !== undefined && { provider }),
				sinceMs: clock.now(),
				message,
				cause: problems.map(causeText).join(' '),
			};
		});
	}

	/** Says what is new, once, and each cause once, however many sources have it. */
	function note(found: readonly Mistake[]): void {
		const before = new Map(mistakes.map((one) => [textOf(one), one.sinceMs]));
		mistakes = mistakesIn(found).map((one) => ({ ...one, sinceMs: before.get(textOf(one)) ?? one.sinceMs }));
		const fresh = mistakes.filter((one) => !before.has(textOf(one)));
		for (const [first, ...others] of grouped(fresh, causeOf).values()) {
			const sources = [first!, ...others].flatMap(({ source }) => source ?? []);
			log.error(
				{ ...namesOf(sources), error: first!.message },
				'a mistake in the configuration: what it is about is used as it was before, or not at all; the others go on',
			);
		}
	}

	async function apply({ running: next, changes }: Merged): Promise<void> {
		if (!isNothing(changes)) await working.change(next.config);
		const warnings = next.config.warnings.filter((text) => !running.config.warnings.includes(text));
		for (const warning of warnings) log.warn(warning);
		running = next;
	}

	async function read(): Promise<Loaded | ConfigError> {
		try {
			return await complete(path, await assemble(path, loaded.assembled.included), env, clock.now(), loaded);
		} catch (error) {
			if (error instanceof ConfigError) return error;
			throw error;
		}
	}

	async function compare(): Promise<Reloaded> {
		const found = await read();
		if (found instanceof ConfigError) return { ok: false, problems: found.problems };
		const { running: next, changes } = merged(running, found);
		const mistakes = [...mistakesIn(found.mistakes), ...othersIn(next)];
		return { ok: true, changes: withoutRefused(changes, mistakes), mistakes };
	}

	/** Those that their state will refuse. */
	function othersIn(next: Running): SourceMistake[] {
		const before = new Map(running.config.sources.map((source) => [source.name, source]));
		return next.config.sources.flatMap((source) => {
			const known = before.get(source.name);
			if (!known || known === source || fingerprint(known) === fingerprint(source)) return [];
			const { message } = anotherLog(source.name);
			return [{ source: source.name, provider: source.provider.name, sinceMs: clock.now(), message }];
		});
	}

	async function reload(): Promise<Reloaded> {
		const begun = clock.now();
		const found = await read();
		if (found instanceof ConfigError) {
			log.error({ error: found.message }, 'the configuration cannot be used; everything goes on as before');
			return { ok: false, problems: found.problems };
		}
		const result = merged(running, found);
		await apply(result);
		loaded = found;
		note(found.mistakes);
		const tookMs = clock.now() - begun;
		const { mistakes } = await working.observed.look();
		const changes = withoutRefused(result.changes, mistakes);
		tell(changes, tookMs);
		return { ok: true, changes, mistakes };
	}

	function tell(changes: Changes, tookMs: number): void {
		const { sources, destinations, notifications, applied, restart } = changes;
		if (restart.length > 0) log.warn({ keys: restart }, 'these keys have changed and take effect with a restart only');
		if (isNothing(changes)) return log.info('configuration read again; nothing has changed');
		log.info(
			{
				...{ sources: namesIn(sources), destinations: namesIn(destinations) },
				...(isChanged(notifications) && { notifications: namesIn(notifications) }),
				...(applied.length > 0 && { keys: applied }),
				tookMs,
			},
			'configuration reloaded',
		);
	}

	async function again(): Promise<void> {
		const mistaken = new Set(loaded.mistakes.flatMap(({ source }) => source ?? []));
		if (mistaken.size === 0) return;
		let found: Loaded;
		try {
			// the files are not read again: nobody has asked for what they say now
			found = await complete(path, loaded.assembled, env, clock.now());
		} catch (error) {
			if (!(error instanceof ConfigError)) throw error;
			return;
		}
		const result = mended(running, found, mistaken);
		// until that has succeeded they are mistakes, and tried again
		await apply(result);
		loaded = {
			...loaded,
			mistakes: found.mistakes.filter(({ source }) => source === undefined || mistaken.has(source)),
		};
		note(loaded.mistakes);
		if (isNothing(result.changes)) return;
		log.info({ sources: namesIn(result.changes.sources) }, 'what was wrong in the configuration is right now');
	}

	return {
		of(given) {
			working = given;
			works();
		},
		get config() {
			return running.config;
		},
		mistakes: () => mistakes,
		reload: () => next(reload),
		compare: () => next(compare),
		async run(signal) {
			const failed = (err: unknown) =>
				log.error({ err }, 'what was wrong in the configuration could not be tried again; it will be');
			while (!signal.aborted) {
				await clock.sleep(AGAIN_MS, signal);
				// the state may say no, and must end nothing
				if (!signal.aborted) await next(again).catch(failed);
			}
		},
		watched() {
			const { files, included, tables } = loaded.assembled;
			const patterns = files[0].data['include'];
			return {
				files: [resolve(path), ...included.keys(), ...tables, ...loaded.declarations],
				patterns: (Array.isArray(patterns) ? patterns : []).filter((one): one is string => typeof one === 'string'),
			};
		},
	};
}

const textOf = ({ source = '', message }: Pick<SourceMistake, 'source' | 'message'>) => `${source} ${message}`;

const causeOf = ({ source = '', message, cause = message }: SourceMistake) => (source === '' ? message : cause);

/** What a source says of itself that its state cannot be is no change: the mistake says so. */
function withoutRefused(changes: Changes, mistakes: readonly SourceMistake[]): Changes {
	const refused = new Set(mistakes.flatMap(({ source }) => source ?? []));
	const left = (names: readonly string[]) => names.filter((name) => !refused.has(name));
	const { added, changed, removed } = changes.sources;
	return { ...changes, sources: { added: left(added), changed: left(changed), removed } };
}

const isChanged = (changed: Changes['sources']) => Object.values(changed).some((names: string[]) => names.length > 0);

function namesOf(sources: readonly string[]) {
	if (sources.length === 0) return {};
	return sources.length === 1 ? { source: sources[0] } : { sources: shortened(sources) };
}

function namesIn(changed: Changes['sources']) {
	return Object.fromEntries(
		Object.entries(changed).flatMap(([what, names]: [string, string[]]) =>
			names.length > 0 ? [[what, shortened(names)]] : [],
		),
	);
}

/** In sentences. */
export function toldOf(reloaded: Reloaded, path: string): ReloadOutcome {
	if (!reloaded.ok) return { ok: false, problems: problemLines(path, reloaded.problems) };
	const { changes, mistakes } = reloaded;
	return {
		ok: true,
		changes: changesText(changes),
		mistakes: saidOnce(mistakes, {
			causeOf,
			textOf: ({ message }) => message,
			nameOf: ({ source, message }) => source ?? message,
		}),
	};
}
