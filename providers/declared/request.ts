/** One request for a page, from what is declared, what is asked for, and where the page before ended. */
import type { HttpRequest } from '../../core/contract';
import { isPlain } from '../../core/record/event';
import type { Declaration } from './form/declaration';
import { valueAt, stepsOf } from './places';
import { filledIn, isOnePlace, pathOf, type Values } from './template';

/** Where a page ended, as the source of the walk keeps it. */
export type Cursor =
	/** Goes into the parameter that is declared for it. */
	| { kind: 'value'; value: string }
	/** All of the query, as the provider wrote it. */
	| { kind: 'query'; query: string };

export interface Asked {
	values: Values;
	cursor?: Cursor;
	/** The range has an upper bound. */
	isBounded: boolean;
	skim?: boolean;
	signal?: AbortSignal;
}

type Query = NonNullable<HttpRequest['query']>;

export function requestOf(declaration: Declaration, { values, cursor, isBounded, skim, signal }: Asked): HttpRequest {
	const { method = 'GET', headers, query = {}, body = {}, bounded = {} } = declaration.request;
	const isGet = method === 'GET';
	const filters = isBounded && isGet ? { ...query, ...(bounded as Record<string, string>) } : query;
	const members = isBounded && !isGet ? { ...body, ...bounded } : body;
	const alone = cursor?.kind === 'value' && declaration.page.repeat === 'none';
	const request: HttpRequest = {
		method,
		path: cursor === undefined ? pathOf(declaration, values) : laterPathOf(declaration, values),
		query:
			cursor?.kind === 'query'
				? replayed(cursor.query, query, values)
				: alone && isGet
					? {}
					: filledQuery(filters, values),
		...(headers && { headers }),
		...(list(declaration) && { list: list(declaration) }),
		skim,
		signal,
	};
	const filled = alone ? {} : (filledBody(members, values) as Record<string, unknown>);
	const position = cursor?.kind === 'value' ? cursor.value : undefined;
	if (isGet)
		return position === undefined
			? request
			: { ...request, query: { ...request.query, [parameter(declaration)]: position } };
	// reads only: a repeat does no harm
	return {
		...request,
		idempotent: true,
		body: JSON.stringify(position === undefined ? filled : placed(filled, parameter(declaration), position)),
	};
}

function laterPathOf({ request, page: { path = request.path } }: Declaration, values: Values): string {
	return filledIn(path, values, encodeURIComponent);
}

/** Where a list is that is not a member of the answer itself. */
function list({ list: { at } = {} }: Declaration): readonly string[] | undefined {
	const steps = at === undefined ? [] : stepsOf(at);
	return steps.length > 1 ? steps.map(String) : undefined;
}

function parameter({ page: { kind, into, replay } }: Declaration): string {
	return into ?? (kind === 'link' ? replay : undefined) ?? kind;
}

function filledQuery(query: Readonly<Record<string, string>>, values: Values): Query {
	return Object.fromEntries(Object.entries(query).map(([name, text]) => [name, filledIn(text, values)]));
}

/** The server's own query, but for the number of elements: that is ours to choose. */
function replayed(text: string, query: Readonly<Record<string, string>>, values: Values): Query {
	const sized = Object.keys(query).find((name) => isOnePlace(query[name]!, 'pageSize'));
	const given: Record<string, string[]> = {};
	for (const [name, value] of pairsOf(text)) (given[name] ??= []).push(value);
	return sized !== undefined && given[sized] && values.pageSize !== undefined
		? { ...given, [sized]: values.pageSize }
		: given;
}

/** Names and values of a query. */
export function pairsOf(query: string): [name: string, value: string][] {
	return query
		.split('&')
		.filter(Boolean)
		.map((pair) => {
			const at = pair.indexOf('=');
			return at < 0 ? [decoded(pair), ''] : [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1))];
		});
}

function decoded(text: string): string {
	const spaced = text.replaceAll('+', ' ');
	try {
		return decodeURIComponent(spaced);
	} catch {
		return spaced;
	}
}

/** A text that is one placeholder alone becomes a number where its value is one. */
function filledBody(part: unknown, values: Values): unknown {
	if (Array.isArray(part)) return part.map((item) => filledBody(item, values));
	if (isPlain(part))
		return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, filledBody(item, values)]));
	if (typeof part !== 'string') return part;
	const text = filledIn(part, values);
	return ['pageSize', 'from', 'to'].some((name) => isOnePlace(part, name)) && /^-?\d{1,15}$/.test(text)
		? Number(text)
		: text;
}

function placed(body: Record<string, unknown>, path: string, value: string): Record<string, unknown> {
	const [first, ...rest] = stepsOf(path).map(String);
	const inner = valueAt(body, [first!]);
	const below = rest.length === 0 ? value : placed(isPlain(inner) ? inner : {}, rest.join('.'), value);
	return { ...body, [first!]: below };
}
