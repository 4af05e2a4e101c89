import type { HttpRequest } from '../contract';

/** With its `?`, or nothing. A list repeats the name, undefined values are left out. */
export function queryText(query: HttpRequest['query'] = {}): string {
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		[value ?? []].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
	);
	return pairs.length ? `?${pairs.join('&')}` : '';
}
