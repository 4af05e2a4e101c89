/** What a configuration that was read again changes about the one that runs. */
import type { Loaded } from './complete';
import type { Config, SourceConfig } from './types';

export interface Changes {
	sources: Changed;
	destinations: Changed;
	notifications: Changed;
	/** Keys that are there once, and hold from now on. */
	applied: string[];
	/** Those that take effect with a restart only. */
	restart: string[];
}

/** By name. */
export interface Changed {
	added: string[];
	changed: string[];
	removed: string[];
}

export type Running = Pick<Loaded, 'config' | 'prints' | 'homes'>;

export interface Merged {
	/** What did not change is the same object as before. */
	running: Running;
	changes: Changes;
}

/**
 * A source with a mistake goes on as it was before, and so does one whose name is not there any more while its file has an entry
 * without a usable name: it may be the same.
 */
export function merged(before: Running, after: Loaded): Merged {
	const kept = before.config.sources.filter(
		({ name }) => !after.prints.sources.has(name) && isSpared(name, before, after),
	);
	const sources = [...same(before, after, 'sources'), ...kept];
	const destinations = same(before, after, 'destinations');
	const notifications = same(before, after, 'notifications');
	const once = namesIn(changed(before.prints.once, after.prints.once));
	const prints = {
		...after.prints,
		sources: new Map([...after.prints.sources, ...those(before.prints.sources, kept)]),
		once: new Map([
			...[...before.prints.once].filter(([key]) => !APPLIED.has(key)),
			...[...after.prints.once].filter(([key]) => APPLIED.has(key)),
		]),
	};
	const homes = new Map([...after.homes, ...those(before.homes, kept)]);
	return {
		running: { config: { ...after.config, sources, destinations, notifications }, prints, homes },
		changes: {
			sources: changed(before.prints.sources, prints.sources),
			destinations: changed(before.prints.destinations, prints.destinations),
			notifications: changed(before.prints.notifications, prints.notifications),
			applied: once.filter((key) => APPLIED.has(key)),
			restart: once.filter((key) => !APPLIED.has(key)),
		},
	};
}

/** What could not be used before and can be now is added; all else stays as it is. */
export function mended(before: Running, after: Loaded, mistaken: ReadonlySet<string>): Merged {
	const isNews = (name: string) => !before.prints.sources.has(name) || mistaken.has(before.homes.get(name)!.entry);
	const news = after.config.sources.filter(({ name }) => isNews(name));
	const isSame = ({ name }: SourceConfig) => after.prints.sources.get(name) === before.prints.sources.get(name);
	const fresh = new Map(news.filter((source) => !isSame(source)).map((source) => [source.name, source]));
	const added = [...fresh.values()].filter(({ name }) => !before.prints.sources.has(name));
	const sources = [...before.config.sources.map((source) => fresh.get(source.name) ?? source), ...added];
	const changedOnes = [...fresh.values()];
	const prints = {
		...before.prints,
		sources: new Map([...before.prints.sources, ...those(after.prints.sources, changedOnes)]),
	};
	const homes = new Map([...before.homes, ...those(after.homes, changedOnes)]);
	return {
		running: { config: { ...before.config, sources }, prints, homes },
		changes: { ...NO_CHANGES, sources: changed(before.prints.sources, prints.sources) },
	};
}

/** Keys that are there once in a process, and are read anew whenever they are needed. */
const APPLIED: ReadonlySet<string> = new Set(['metrics']);

const NOTHING: Changed = { added: [], changed: [], removed: [] };
const NO_CHANGES: Changes = {
	...{ sources: NOTHING, destinations: NOTHING, notifications: NOTHING },
	...{ applied: [], restart: [] },
};

export function isNothing(changes: Changes): boolean {
	return changesText(changes).length === 0;
}

/** One sentence for each. */
export function changesText({ sources, destinations, notifications, applied, restart }: Changes): string[] {
	const of = (what: string, { added, changed: others, removed }: Changed) => [
		...added.map((name) => `${what} ${name}: added`),
		...others.map((name) => `${what} ${name}: changed`),
		...removed.map((name) => `${what} ${name}: removed`),
	];
	return [
		...of('source', sources),
		...of('destination', destinations),
		...of('notification', notifications),
		...applied.map((key) => `${key}: changed`),
		...restart.map((key) => `${key}: changed, and takes effect with a restart only`),
	];
}

const namesIn = ({ added, changed: others, removed }: Changed) => [...added, ...others, ...removed];

function isSpared(name: string, { homes }: Running, { mistakes }: Loaded): boolean {
	const { entry, file } = homes.get(name)!;
	return mistakes.some(({ source, file: at }) => (source === undefined ? at === file : source === entry));
}

function same<S extends 'sources' | 'destinations' | 'notifications'>(
	before: Running,
	after: Loaded,
	section: S,
): Config[S] {
	const known = new Map(before.config[section].map((one) => [one.name, one]));
	const isSame = (name: string) => before.prints[section].get(name) === after.prints[section].get(name);
	return after.config[section].map((one) => (isSame(one.name) ? (known.get(one.name) ?? one) : one)) as Config[S];
}

function those<T>(all: ReadonlyMap<string, T>, chosen: readonly { name: string }[]): [string, T][] {
	return chosen.map(({ name }) => [name, all.get(name)!]);
}

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Changed {
	return {
		added: [...after.keys()].filter((name) => !before.has(name)),
		changed: [...after].filter(([name, print]) => before.has(name) && before.get(name) !== print).map(([name]) => name),
		removed: [...before.keys()].filter((name) => !after.has(name)),
	};
}
