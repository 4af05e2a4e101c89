/** What the process says of a path, and says again when it has changed. Nothing is asked for while nobody sees the page. */
import { openStream, type StreamState } from './stream';
import type { Failure } from './types';

export interface Said<Body> {
	body?: Body;
	failure?: Failure;
}

interface Watched {
	said: Said<unknown>;
	state: StreamState;
	listeners: Set<() => void>;
	close: () => void;
}

const watched = new Map<string, Watched>();
const fresh = new Set<Watched>();
const onLink = new Set<() => void>();

export function said<Body>(path: string): Said<Body> {
	return (watched.get(path)?.said ?? {}) as Said<Body>;
}

/** @param tell called after each news of the path */
export function watch(path: string, tell: () => void): () => void {
	const entry = watched.get(path) ?? begin(path);
	entry.listeners.add(tell);
	return () => {
		entry.listeners.delete(tell);
		if (entry.listeners.size > 0) return;
		entry.close();
		watched.delete(path);
	};
}

/** Of all that is watched: what is wrong goes first, and what only begins comes last. */
export function linkNow(): StreamState {
	const states = [...watched.values()].map(({ state }) => state);
	const of = (which: StreamState['state']) => states.find(({ state }) => state === which);
	return of('locked') ?? of('lost') ?? of('live') ?? { state: 'connecting' };
}

export function watchLink(tell: () => void): () => void {
	onLink.add(tell);
	return () => void onLink.delete(tell);
}

/** After a login, or when the page is seen again. */
export function openAgain(): void {
	for (const [path, entry] of watched) {
		entry.close();
		open(path, entry);
	}
}

function begin(path: string): Watched {
	const entry: Watched = { said: {}, state: { state: 'connecting' }, listeners: new Set(), close: () => undefined };
	watched.set(path, entry);
	if (!document.hidden) open(path, entry);
	return entry;
}

function open(path: string, entry: Watched): void {
	const set = (next: Said<unknown>) => {
		entry.said = next;
		drawSoon(entry);
	};
	entry.close = openStream(path, {
		said: (data) => set({ body: JSON.parse(data) as unknown }),
		refused: (failure) => set({ failure }),
		is: (state) => {
			// while it connects again, what is known of the loss is still true
			if (state.state === 'connecting' && entry.state.state !== 'locked') return;
			entry.state = state;
			onLink.forEach((tell) => tell());
		},
	});
}

/** What comes together is drawn once. */
function drawSoon(entry: Watched): void {
	if (fresh.size === 0) requestAnimationFrame(draw);
	fresh.add(entry);
}

function draw(): void {
	const entries = [...fresh];
	fresh.clear();
	for (const { listeners } of entries) listeners.forEach((tell) => tell());
}

document.addEventListener('visibilitychange', () => {
	if (!document.hidden) openAgain();
	else for (const { close } of watched.values()) close();
});
