/** What the views are redrawn by. */
import { useEffect, useReducer } from 'preact/hooks';
import { linkNow, said, watch, watchLink, type Link, type Said } from './api/live';
import { routeOf, type Route } from './route';

const useRedraw = () => useReducer((n: number) => n + 1, 0)[1] as () => void;

export function useLive<Body>(path: string): Said<Body> {
	const redraw = useRedraw();
	useEffect(() => watch(path, redraw), [path]);
	return said<Body>(path);
}

export function useLink(): Link {
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
