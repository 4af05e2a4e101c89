/** What the views are redrawn by. */
import { useEffect, useReducer, useState } from 'preact/hooks';
import { linkNow, said, watch, watchLink, type Said } from './api/live';
import type { StreamState } from './api/stream';
import type { ApiError } from './api/types';
import { urlOf } from './api/url';
import { routeOf, type Route } from './route';

const useRedraw = () => useReducer((n: number) => n + 1, 0)[1] as () => void;

export function useLive<Body>(path: string): Said<Body> {
	const redraw = useRedraw();
	useEffect(() => watch(path, redraw), [path]);
	return said<Body>(path);
}

export interface Asked<Body> extends Said<Body> {
	/** It is of what was asked before: until the answer is there, nothing flickers. */
	isOther: boolean;
}

/** Asked once, and again when `version` is another one: a stream for each thing would take all connections that a browser has. */
export function useAsked<Body>(path: string, version: unknown): Asked<Body> {
	const [said, say] = useState<Said<Body> & { path?: string }>({});
	useEffect(() => {
		const gone = new AbortController();
		const read = async () => {
			const answer = await fetch(urlOf(path), { signal: gone.signal });
			const body = (await answer.json()) as Body & Partial<ApiError>;
			say({ path, ...(answer.ok ? { body } : { failure: body.error ?? { what: `It answered ${answer.status}.` } }) });
		};
		// that the connection is lost is said elsewhere
		read().catch(() => undefined);
		return () => gone.abort();
	}, [path, version]);
	return { ...said, isOther: said.path !== path };
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
