/** Which view: what stands behind the # of the address, so that each view can be linked. */

export type Route =
	{ view: 'overview'; query: SourceQuery } | { view: 'source' | 'destination'; name: string } | { view: 'unknown' };

export interface SourceQuery {
	q: string;
	/** Empty: of any state. */
	state: string;
	/** Empty: problems first. */
	sort: string;
	/** Empty: as one would look for it, by `orderOf`. */
	order: Order | '';
}

export type Order = 'asc' | 'desc';

/** Characters that are looked for. */
export const LONGEST = 200;

/** Names by the alphabet, of everything else the worst first. */
export const orderOf = ({ sort, order }: SourceQuery): Order =>
	order || (sort === 'name' || sort === 'provider' ? 'asc' : 'desc');

export const turned = (order: Order): Order => (order === 'asc' ? 'desc' : 'asc');

export function routeOf(hash: string): Route {
	const [path = '', search = ''] = hash.replace(/^#/, '').split('?');
	const [, kind = '', name, more] = path.split('/');
	if (more !== undefined) return { view: 'unknown' };
	if (kind === 'sources' && name) return { view: 'source', name: decoded(name) };
	if (kind === 'destinations' && name) return { view: 'destination', name: decoded(name) };
	return kind === '' ? { view: 'overview', query: queryOf(new URLSearchParams(search)) } : { view: 'unknown' };
}

function queryOf(given: URLSearchParams): SourceQuery {
	// the way of an address to the process has its limits
	const text = (key: string) => (given.get(key) ?? '').slice(0, LONGEST);
	const order = text('order');
	return {
		q: text('q'),
		state: text('state'),
		sort: text('sort'),
		order: order === 'asc' || order === 'desc' ? order : '',
	};
}

/** Only what is set, so that the address of the plain overview is short. */
export function searchOf({ q, state, sort, order }: SourceQuery): URLSearchParams {
	const search = new URLSearchParams();
	if (q) search.set('q', q);
	if (state) search.set('state', state);
	if (sort) search.set('sort', sort);
	if (sort && order) search.set('order', order);
	return search;
}

export function hashOf(query: SourceQuery): string {
	const search = searchOf(query).toString();
	return search ? `#/?${search}` : '#/';
}

export const sourceHash = (name: string) => `#/sources/${encodeURIComponent(name)}`;
export const destinationHash = (name: string) => `#/destinations/${encodeURIComponent(name)}`;

/** Somebody may have typed it. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
