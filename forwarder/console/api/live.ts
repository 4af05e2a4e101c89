/**
 * What the process says, and says again when it has changed: one stream for all that a page looks at, because a browser has few
 * connections to one host. It is closed while nobody sees the page.
 */
import { openStream, type StreamState } from './stream';
import type { Failure } from './types';

export interface Said<Body> {
	body?: Body;
	failure?: Failure;
}

interface Watched {
	said: Said<unknown>;
	listeners: Set<() => void>;
}

interface Frame {
	path: string;
	body?: unknown;
	error?: Failure;
}

/** While somebody scrolls, one part of a list follows upon another. */
const SETTLE_MS = 15;

const watched = new Map<string, Watched>();
const fresh = new Set<Watched>();
const onLink = new Set<() => void>();
let link: StreamState = { state: 'connecting' };
let close: () => void = () => undefined;
let opening: ReturnType<typeof setTimeout> | undefined;

export const linkNow = () => link;

export function watchLink(tell: () => void): () => void {
	onLink.add(tell);
	return () => void onLink.delete(tell);
}

export function said<Body>(path: string): Said<Body> {
	return (watched.get(path)?.said ?? {}) as Said<Body>;
}

/** @param tell called after each news of the path */
export function watch(path: string, tell: () => void): () => void {
	const known = watched.get(path);
	const entry = known ?? { said: {}, listeners: new Set() };
	entry.listeners.add(tell);
	if (!known) {
		watched.set(path, entry);
		openSoon();
	}
	return () => {
		entry.listeners.delete(tell);
		if (entry.listeners.size > 0) return;
		watched.delete(path);
		openSoon();
	};
}

function openSoon(): void {
	clearTimeout(opening);
	opening = setTimeout(open, SETTLE_MS);
}

function open(): void {
	close();
	if (watched.size > 0 && !document.hidden) close = openStream([...watched.keys()], { said: take, is: setLink });
}

function take(data: string): void {
	const { path, body, error } = JSON.parse(data) as Frame;
	const entry = watched.get(path);
	if (!entry) return;
	entry.said = error ? { failure: error } : { body };
	if (fresh.size === 0) requestAnimationFrame(draw);
	fresh.add(entry);
}

/** What comes together is drawn once. */
function draw(): void {
	const entries = [...fresh];
	fresh.clear();
	for (const { listeners } of entries) listeners.forEach((tell) => tell());
}

function setLink(next: StreamState): void {
	link = next;
	onLink.forEach((tell) => tell());
}

document.addEventListener('visibilitychange', () => {
	if (!document.hidden) return openSoon();
	close();
	// what is there when it is seen again is of now
	setLink({ state: 'connecting' });
});
