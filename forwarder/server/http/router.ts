/** Which handler answers a path, and what is said when none does. */
import { Refused, type Handler, type Method } from './exchange';

export type Methods = Readonly<Partial<Record<Method, Handler>>> & {
	/** Nobody has to say who he is: to those who do not, it says nothing that is worth stealing. */
	readonly open?: true;
	/** Somebody follows what GET answers. Returns what is to be done when nobody does any more. */
	readonly followed?: (params: Readonly<Record<string, string>>) => () => void;
};

/** By pattern: `/api/v1/sources/:name`. The first that fits answers. */
export type Routes = Readonly<Record<string, Methods>>;

export interface Found {
	methods: Methods;
	params: Record<string, string>;
}

/** Undefined when there is nothing at this path. */
export type Find = (path: string) => Found | undefined;

export function finder(routes: Routes): Find {
	const fixed = new Map<string, Methods>();
	const patterns: { parts: string[]; methods: Methods }[] = [];
	for (const [pattern, methods] of Object.entries(routes)) {
		if (pattern.includes(':')) patterns.push({ parts: pattern.split('/'), methods });
		else fixed.set(pattern, methods);
	}
	return (path) => {
		const methods = fixed.get(path);
		if (methods) return { methods, params: {} };
		const given = path.split('/');
		for (const { parts, methods } of patterns) {
			const params = parts.length === given.length ? paramsOf(parts, given) : undefined;
			if (params) return { methods, params };
		}
		return undefined;
	};
}

function paramsOf(parts: readonly string[], given: readonly string[]): Record<string, string> | undefined {
	const params: Record<string, string> = {};
	for (const [at, part] of parts.entries()) {
		const value = given[at]!;
		if (!part.startsWith(':')) {
			if (part !== value) return undefined;
		} else {
			const decoded = decodedPart(value);
			if (!decoded) return undefined;
			params[part.slice(1)] = decoded;
		}
	}
	return params;
}

function decodedPart(text: string): string | undefined {
	try {
		return decodeURIComponent(text);
	} catch {
		return undefined;
	}
}

/** The handler for a method; GET answers HEAD too. Throws `Refused`. */
export function handlerFor({ methods }: Found, method: string | undefined): { method: Method; handler: Handler } {
	const asked = method === 'HEAD' ? 'GET' : method;
	const known = (['GET', 'POST', 'DELETE'] as const).filter((one) => methods[one]);
	const found = known.find((one) => one === asked);
	if (found) return { method: found, handler: methods[found]! };
	const allowed = known.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : one));
	throw new Refused(405, `only ${allowed.join(' and ')}`, undefined, { allow: allowed.join(', ') });
}
