/**
 * Tells when files of the configuration have changed, however that was done: written, replaced, linked anew. Folders are watched, because
 * a watched file is not there any more when it is replaced; and all is looked at now and then, for what no watcher is told of (network
 * file systems, links that lead elsewhere, new folders).
 */
import { globSync, realpathSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { Clock } from '../../../core/contract';

export interface Watched {
	/** Absolute paths of files that were read, or could not be. */
	files: readonly string[];
	/** Patterns of `include`, relative to the folder of the first file. */
	patterns: readonly string[];
}

interface WatchDeps {
	watched: () => Watched;
	/** Something is another now, and has stayed so for a moment. */
	changed: () => Promise<unknown>;
	clock: Clock;
}

/** Files are written in several steps: it is not looked into them before they have been the same for so long. */
const STEADY_MS = 250;
const LOOK_EVERY_MS = 10_000;

/** Until the signal aborts. */
export async function watchFiles({ watched, changed, clock }: WatchDeps, signal: AbortSignal): Promise<void> {
	const watchers = new Map<string, FSWatcher>();
	let known = stateOf(watched());
	let ring = new AbortController();
	/** Of all files, and of what those that are links lead to. */
	let names: ReadonlySet<string> = new Set();

	function follow(): void {
		const places = placesOf(watched());
		const folders = foldersOf(places, watched());
		names = new Set(places.map((path) => basename(path)));
		// a folder that was replaced is another one of that name
		const wanted = new Map([...folders].map((folder) => [`${folder} ${inodeOf(folder)}`, folder]));
		for (const [key, watcher] of watchers) {
			if (wanted.has(key)) continue;
			watcher.close();
			watchers.delete(key);
		}
		for (const [key, folder] of wanted) {
			if (watchers.has(key)) continue;
			try {
				const watcher = watch(folder, { persistent: false }, (_event, name) => {
					if (mayMatter(name, names)) ring.abort();
				});
				// it is gone, or there are too many of them: then it is looked at now and then
				watcher.on('error', () => watchers.delete(key));
				watchers.set(key, watcher);
			} catch {
				continue;
			}
		}
	}

	try {
		while (!signal.aborted) {
			follow();
			ring = new AbortController();
			await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([signal, ring.signal]));
			let now = stateOf(watched());
			if (signal.aborted || now === known) continue;
			for (let before = ''; before !== now && !signal.aborted; now = stateOf(watched())) {
				before = now;
				await clock.sleep(STEADY_MS, signal);
			}
			if (signal.aborted) return;
			known = now;
			await changed();
			// it may be other files now
			known = stateOf(watched());
		}
	} finally {
		for (const watcher of watchers.values()) watcher.close();
	}
}

function stateOf(watched: Watched): string {
	return [...allFiles(watched)].map(identityOf).join('\n');
}

function identityOf(path: string): string {
	try {
		const { ino, size, mtimeMs, ctimeMs } = statSync(path);
		return `${path} ${ino} ${size} ${mtimeMs} ${ctimeMs}`;
	} catch (error) {
		return `${path} ${(error as NodeJS.ErrnoException).code}`;
	}
}

function inodeOf(path: string): number | undefined {
	try {
		return statSync(path).ino;
	} catch {
		return undefined;
	}
}

function allFiles({ files, patterns }: Watched): Set<string> {
	const folder = dirname(files[0]!);
	const found = patterns.flatMap((pattern) => globSync(pattern, { cwd: folder }));
	return new Set([...files, ...found.map((path) => resolve(folder, path)).sort()]);
}

/** A link is replaced in one folder, and what it leads to is written in another. */
function placesOf(watched: Watched): string[] {
	return [...allFiles(watched)].flatMap((path) => [path, realPath(path)]);
}

function foldersOf(places: readonly string[], { files, patterns }: Watched): Set<string> {
	const folder = dirname(files[0]!);
	const ofPatterns = patterns
		.map((pattern) => resolve(folder, dirname(pattern)))
		.filter((path) => !/[*?[{]/.test(path));
	return new Set([...places.map((path) => dirname(path)), ...ofPatterns]);
}

function realPath(path: string): string {
	try {
		return realpathSync(path);
	} catch {
		return path;
	}
}

/** The state is often written beside the configuration, many times a second. `..data` is what Kubernetes links anew. */
function mayMatter(name: string | null, names: ReadonlySet<string>): boolean {
	return name === null || name.startsWith('..') || /\.ya?ml$/.test(name) || names.has(name);
}
