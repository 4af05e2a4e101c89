/** What the views are redrawn by. */
import { useEffect, useReducer, useState } from 'preact/hooks';
import { linkNow, said, watch, watchLink, type Said } from './api/live';
import type { StreamState } from './api/stream';
import type { ApiError } from './api/types';
import { routeOf, type Route } from './route';

const useRedraw = () => useReducer((n: number) => n + 1, 0)[1] as () => void;

export function useLive<Body>(path: string): Said<Body> {
	const redraw = useRedraw();
	useEffect(() => watch(path, redraw), [path]);
	return said<Body>(path);
}

/** Asked once, and again when `version` is another one: a stream for each thing would take all connections that a browser has. */
export function useAsked<Body>(path: string, version: unknown): Said<Body> {
	const [said, say] = useState<Said<Body>>({});
	useEffect(() => {
		const gone = new AbortController();
		const read = async () => {
			const answer = await fetch(path, { signal: gone.signal });
			const body = (await answer.json()) as Body & Partial<ApiError>;
			say(answer.ok ? { body } : { failure: body.error ?? { what: `It answered ${answer.status}.` } });
		};
		// that the connection is lost is said elsewhere
		read().catch(() => undefined);
		return () => gone.abort();
	}, [path, version]);
	return said;
}

export function useLink(): StreamState {
	const redraw = useRedraw();
	useEffect(() => watchLink(redraw), []);
	return linkNow();
}

export function useRoute(): Route {
	const redraw = useRedraw();
	useEffect(() => {
		addEventListener('hashchange', redraw);
		return () => removeEventListener('hashchange', redraw);
	}, []);
	return routeOf(location.hash);
}

/** Whether a media query holds. */
export function useMedia(query: string): boolean {
	const redraw = useRedraw();
	useEffect(() => {
		const media = matchMedia(query);
		media.addEventListener('change', redraw);
		return () => media.removeEventListener('change', redraw);
	}, [query]);
	return matchMedia(query).matches;
}
