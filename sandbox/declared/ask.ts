/** What a request asks for, read as strictly as an API could: what is not declared is refused. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { Call } from '../api';
import type { Micros } from '../time';
import { readBound, type Filters } from './bounds';
import { fill, get, match, type Json, type Values } from './places';

export interface Ask {
	filters: Filters;
	size?: number;
	position?: string;
	/** Whether any filter was sent. */
	hasFilters: boolean;
}

export type Refusal = { status: number; message: string };

type Params = ReadonlyMap<string, string>;

/** Where the position comes back. Addresses for `link` and `url` are the API's own, and so is what it calls it there. */
export function positionParameter({ page: { kind, into, replay = 'whole' } }: Declaration): string {
	if (kind === 'link') return replay === 'whole' ? 'position' : replay;
	return kind === 'url' ? 'position' : (into ?? kind);
}

export function ask(call: Call, declaration: Declaration, values: Values): Ask | Refusal {
	const { request, bounds } = declaration;
	const isPost = request.method === 'POST';
	const body = isPost ? bodyOf(call) : {};
	if (!body) return { status: 400, message: 'the body is not JSON' };
	const parameter = positionParameter(declaration);
	const inQuery = (name: string) => call.query.get(name) ?? undefined;
	const sent = isPost ? get(body, parameter) : undefined;
	const position = inQuery(parameter) ?? (sent === undefined ? undefined : text(sent));
	const declared = new Map([...texts(isPost ? request.body : request.query), ...(isPost ? texts(request.query) : [])]);
	const bounded = new Map(texts(request.bounded));
	const given: Params = new Map([...call.query, ...texts(body)].filter(([name]) => name !== parameter));
	for (const name of given.keys()) {
		if (!declared.has(name) && !bounded.has(name)) return { status: 400, message: `parameter ${name} is not known` };
	}
	const found: Partial<Record<string, string>> = {};
	let missing: string | undefined;
	const isBounded = [...bounded].some(
		([name, template]) => match(fill(template, values), given.get(name) ?? '')?.['to'],
	);
	for (const [name, template] of isBounded ? new Map([...declared, ...bounded]) : declared) {
		const value = given.get(name);
		const parts = value === undefined ? undefined : match(fill(template, values), value);
		if (parts) Object.assign(found, parts);
		else if (value !== undefined) return { status: 400, message: `parameter ${name} is not as documented` };
		else missing ??= name;
	}
	if (position === undefined && missing !== undefined)
		return { status: 400, message: `parameter ${missing} is missing` };
	const [from, to] = [found['from'], found['to']].map((one) => one && readBound(one, bounds.format)) as Micros[];
	if ((found['from'] && from === undefined) || (found['to'] && to === undefined))
		return { status: 400, message: 'a bound is malformed' };
	const size = found['pageSize'] === undefined ? undefined : Number(found['pageSize']);
	return {
		filters: { ...(from !== undefined && { from }), ...(to !== undefined && { to }) },
		...(size !== undefined && { size }),
		...(position !== undefined && { position }),
		hasFilters: found['from'] !== undefined || found['to'] !== undefined,
	};
}

function bodyOf(call: Call): Json | undefined {
	try {
		return JSON.parse(call.body || '{}') as Json;
	} catch {
		return undefined;
	}
}

/** Every text of a body by its path, as a query has them by their names. */
function texts(value: unknown, at: readonly string[] = []): [string, string][] {
	if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[at.join('.'), text(value)]];
	return Object.entries(value).flatMap(([key, inner]) => texts(inner, [...at, key.replaceAll('.', '\\.')]));
}

const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
