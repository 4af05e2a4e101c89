/**
 * What the process says, and says again when it has changed: one stream for all that a page looks at, because a browser has few
 * connections to one host. It closes while nobody sees the page, and opens again by itself whatever ended it.
 */
import { createEventReader } from './events';
import type { Failure } from './types';

export type Link = { state: 'connecting' | 'live' } | { state: 'lost'; since: number; why: string };

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

/** The process sends something more often than this, be it a comment. */
const SILENCE_MS = 25_000;
const AGAIN_MS = [500, 1000, 2000, 5000];

const watched = new Map<string, Watched>();
const fresh = new Set<Watched>();
const onLink = new Set<() => void>();
let link: Link = { state: 'connecting' };
let stream: AbortController | undefined;
let failures = 0;
let asked: ReturnType<typeof setTimeout> | undefined;

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
	if (!known) {
		watched.set(path, entry);
		openSoon();
	}
	entry.listeners.add(tell);
	return () => {
		entry.listeners.delete(tell);
		if (entry.listeners.size > 0) return;
		watched.delete(path);
		openSoon();
	};
}

/** After all that a change of view begins and ends to watch. */
function openSoon(waitMs = 0): void {
	clearTimeout(asked);
	asked = setTimeout(() => void open(), waitMs);
}

async function open(): Promise<void> {
	close();
	if (watched.size === 0 || document.hidden) return;
	const mine = (stream = new AbortController());
	const query = [...watched.keys()].map((path) => `path=${encodeURIComponent(path)}`).join('&');
	let silence: ReturnType<typeof setTimeout> | undefined;
	const heard = () => {
		clearTimeout(silence);
		silence = setTimeout(() => mine.abort(new Error('it is silent')), SILENCE_MS);
	};
	let why = 'the connection ended';
	try {
		heard();
		const answer = await fetch(`/api/v1/live?${query}`, {
			headers: { accept: 'text/event-stream' },
			signal: mine.signal,
		});
		if (!answer.ok || !answer.body) throw new Error(await refusalOf(answer));
		setLink({ state: 'live' });
		failures = 0;
		const read = createEventReader(take);
		const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
		for (let part = await reader.read(); !part.done; part = await reader.read()) {
			heard();
			read(part.value);
		}
	} catch (error) {
		why = error instanceof TypeError ? 'it cannot be reached' : (error as Error).message;
	} finally {
		clearTimeout(silence);
	}
	// it was closed on purpose, or another one took its place
	if (stream !== mine) return;
	if (link.state !== 'lost') setLink({ state: 'lost', since: Date.now(), why });
	openSoon(AGAIN_MS[Math.min(failures++, AGAIN_MS.length - 1)]);
}

function close(): void {
	const open = stream;
	stream = undefined;
	open?.abort();
}

async function refusalOf(answer: Response): Promise<string> {
	if (answer.status === 401) return 'it asks for a login: load this page again';
	const text = (await answer.text()).slice(0, 300);
	return `it answers ${answer.status}${text ? `: ${text}` : ''}`;
}

function take(data: string): void {
	const { path, body, error } = JSON.parse(data) as Frame;
	const entry = watched.get(path);
	if (!entry) return;
	entry.said = error ? { failure: error } : { body };
	if (fresh.size === 0) requestAnimationFrame(tellFresh);
	fresh.add(entry);
}

/** What comes together is drawn once. */
function tellFresh(): void {
	const entries = [...fresh];
	fresh.clear();
	for (const { listeners } of entries) listeners.forEach((tell) => tell());
}

function setLink(next: Link): void {
	link = next;
	onLink.forEach((tell) => tell());
}

document.addEventListener('visibilitychange', () => {
	if (document.hidden) close();
	else openSoon();
});
