/** Where the list and the continuation token are in an answer. The vendor's code and documentation disagree (docs/providers/arpio.md#pages). */
import { object } from '../../core/record/attributes';
import type { HttpRequest, JsonReply } from '../../core/contract';
import { isPlain } from '../../core/record/event';
import { malformed } from '../../core/http/readJson';
import type { Element } from '../../core/json/parse';
import { isError } from '../list';

export interface List {
	elements: readonly Element[];
	/** False for a bare array, which has no room for a token. */
	enveloped: boolean;
}

/**
 * A bare array, or the first of `keys` that is an array; where none is, `null` under one of them is an empty list, if nothing looks
 * like an error: a missing token is the documented end. Anything else is an error, never an empty list.
 */
export function readList(request: HttpRequest, reply: JsonReply, keys: readonly string[]): List {
	const { json, lists } = reply;
	if (Array.isArray(json)) return { elements: lists.get('') ?? [], enveloped: false };
	const key = keys.find((name) => Array.isArray(object(json)[name]));
	if (key !== undefined) return { elements: lists.get(key) ?? [], enveloped: true };
	const isEmpty = isPlain(json) && keys.some((name) => json[name] === null) && !isError(json);
	if (isEmpty) return { elements: [], enveloped: true };
	throw malformed(request, reply.status, `there is no list under ${keys.join(', ')}; the body is ${shape(json)}`);
}

/** Of lists that hold no events: what cannot be read is nothing to go on without. */
export function readValues(request: HttpRequest, reply: JsonReply, keys: readonly string[]): unknown[] {
	return readList(request, reply, keys).elements.map(({ json }) => {
		if (json === undefined) throw malformed(request, reply.status, 'an element of the list is not JSON');
		return json;
	});
}

/** Body first (confirmed by the vendor's script), then headers as a courtesy. Absent, null and empty mean: no more pages. */
export function readToken(request: HttpRequest, reply: JsonReply): string | undefined {
	const token = object(reply.json)['nextToken'];
	if (typeof token === 'string' && token) return token;
	if (token !== undefined && token !== null && token !== '' && token !== false) {
		throw malformed(request, reply.status, `nextToken is of type ${typeof token}`);
	}
	const { headers } = reply;
	return headers['nexttoken'] || headers['x-next-token'] || linkedToken(headers['link']);
}

/** `Link: <https://…?nextToken=abc>; rel="next"`. */
function linkedToken(link = ''): string | undefined {
	const next = link
		.slice(0, 16_000)
		.split(',')
		.find((part) => /;\s{0,10}rel="?next"?/i.test(part));
	const encoded = next && /[?&]nextToken=([^&>#]+)/.exec(next)?.[1];
	if (!encoded) return undefined;
	try {
		return decodeURIComponent(encoded);
	} catch {
		return undefined;
	}
}

/** Names of keys only: values may be secret. */
function shape(json: unknown): string {
	if (typeof json !== 'object' || json === null) return json === null ? 'null' : `a ${typeof json}`;
	const keys = Object.keys(json).slice(0, 10);
	return keys.length ? `an object with the keys ${keys.map((key) => key.slice(0, 40)).join(', ')}` : 'an empty object';
}
