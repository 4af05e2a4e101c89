/** Headers that a declaration may not set: the base URL alone says where a key goes, and `auth` alone what carries it. */
import type { Found } from './checks';
import type { Declaration } from './form/declaration';
import type { Finding } from './validate';

/** What proxies and shared servers go by when they pass a request on, and what belongs to the connection. */
const ROUTING =
	/^(?:host|forwarded|x-forwarded-.*|x-original-.*|x-rewrite-.*|x-host|x-http-.*|x-method-.*|proxy-.*|via|connection|keep-alive|upgrade|te|trailer|transfer-encoding|content-length|content-encoding|expect)$/;

const CARRIERS = /^(?:authorization|cookie)$/;

export function headerFindings({ auth, request }: Declaration, found: Found): Finding[] {
	const plain = Object.keys(request.headers ?? {}).map((name) => ['request.headers', name] as const);
	const keyed = [...(auth.name === undefined ? [] : [auth.name]), ...Object.keys(auth.headers ?? {})];
	return [...plain, ...keyed.map((name) => ['auth', name] as const)].flatMap(([where, name]) => {
		const of = name.toLowerCase();
		if (!/^[a-z0-9-]+$/.test(of))
			return [found(where, `${JSON.stringify(name)} is not a header name`, 'Use letters, digits and dashes')];
		if (ROUTING.test(of)) return [found(where, `${of} decides where a request goes or how it is sent`, 'Remove it')];
		return where === 'request.headers' && CARRIERS.test(of)
			? [found(where, `${of} carries keys`, 'Say it in `auth`')]
			: [];
	});
}
