/** Where the next page is, by what the answer says; nothing where the provider says that this is the end. */
import type { HttpRequest, JsonReply } from '../../core/contract';
import { bodyText, malformed } from '../../core/http/readJson';
import { idOf } from '../../core/record/ids';
import { exactTexts } from '../../core/json/scan';
import type { Element } from '../../core/json/parse';
import type { Declaration } from './form/declaration';
import { nextLink } from './link';
import { stepsOf, valueAt } from './places';
import { pairsOf, type Cursor } from './request';

export interface Answered {
	request: HttpRequest;
	reply: JsonReply;
	elements: readonly Element[];
	/** That led to this page. */
	before?: Cursor;
	/** Base addresses that are the provider's own. */
	own: readonly string[];
}

/** Throws `malformed` when more is announced and nothing leads there, or something that cannot be followed. */
export function nextOf(declaration: Declaration, answered: Answered): Cursor | undefined {
	const { end = {}, kind } = declaration.page;
	const { request, reply, elements, before } = answered;
	const isByNumber = kind === 'page' || kind === 'offset' || kind === 'lastId';
	if (elements.length === 0 && (end.emptyPage || isByNumber)) return undefined;
	const goesOn = end.flag === undefined ? undefined : flagOf(end.flag, request, reply);
	if (goesOn === false) return undefined;
	const next = cursorOf(declaration, answered);
	if (next === undefined && goesOn)
		throw malformed(request, reply.status, 'it announces more and gives no way to read it');
	if (end.samePosition && next && JSON.stringify(next) === JSON.stringify(before)) return undefined;
	return next;
}

/** Neither true nor false: it is unknown whether there is more. */
function flagOf(path: string, request: HttpRequest, { json, status }: JsonReply): boolean {
	const flag = valueAt(json, stepsOf(path));
	if (flag === true || flag === 'true') return true;
	if (flag === false || flag === 'false') return false;
	throw malformed(request, status, `${path} does not say whether there is more`);
}

function cursorOf(declaration: Declaration, answered: Answered): Cursor | undefined {
	const { page } = declaration;
	const { request, reply, elements, before } = answered;
	switch (page.kind) {
		case 'none':
			return undefined;
		case 'link': {
			const link = nextLink(reply.headers['link']);
			if (!link || isOver(link.attributes, page.end?.attribute)) return undefined;
			const query = queryOf(link.address, declaration, answered);
			if (page.replay === undefined || page.replay === 'whole') return { kind: 'query', query };
			const value = pairsOf(query).find(([name]) => name === page.replay)?.[1];
			if (!value) throw malformed(request, reply.status, `the next address has no ${page.replay}`);
			return { kind: 'value', value };
		}
		case 'url': {
			const address = textAt(page.at!, request, reply);
			return address === undefined ? undefined : { kind: 'query', query: queryOf(address, declaration, answered) };
		}
		case 'cursor': {
			const value = textAt(page.at!, request, reply);
			return value === undefined ? undefined : { kind: 'value', value };
		}
		case 'lastId': {
			const path = stepsOf(String(declaration.event.id));
			const value = elements.map((element) => idOf(element, ...path)).findLast((id) => id !== undefined);
			if (value === undefined) throw malformed(request, reply.status, 'no element of the page has an id to go on from');
			return { kind: 'value', value };
		}
		case 'page': {
			if (page.at !== undefined) {
				const value = textAt(page.at, request, reply);
				return value === undefined ? undefined : { kind: 'value', value };
			}
			return { kind: 'value', value: String(numberOf(before, page.first ?? 1) + 1) };
		}
		case 'offset': {
			const offset = numberOf(before, page.first ?? 0) + elements.length;
			const total = page.end?.total === undefined ? undefined : Number(valueAt(reply.json, stepsOf(page.end.total)));
			return total !== undefined && offset - (page.first ?? 0) >= total
				? undefined
				: { kind: 'value', value: String(offset) };
		}
	}
}

const numberOf = (cursor: Cursor | undefined, first: number) =>
	cursor?.kind === 'value' ? Number(cursor.value) : first;

const isOver = (attributes: Readonly<Record<string, string>>, name: string | undefined) =>
	name !== undefined && attributes[name.toLowerCase()]?.toLowerCase() === 'false';

/** Absent, null, false and empty text: there is none. A number keeps all its digits. */
function textAt(path: string, request: HttpRequest, { json, body, status }: JsonReply): string | undefined {
	const value = valueAt(json, stepsOf(path));
	if (value === undefined || value === null || value === '' || value === false) return undefined;
	if (typeof value === 'string') return value;
	if (typeof value !== 'number') throw malformed(request, status, `${path} is of type ${typeof value}`);
	return Number.isSafeInteger(value) ? String(value) : (exactTexts(bodyText(body))(stepsOf(path)) ?? String(value));
}

/** Only the query is followed: an address of another host or path is not a next page of this list. */
function queryOf(address: string, { request: declared }: Declaration, { request, reply, own }: Answered): string {
	const [, origin, path = '', query = ''] =
		/^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)?([^?#]*)(?:\?([^#]*))?/i.exec(address) ?? [];
	const isOwn =
		origin === undefined || own.some((base) => `${base}/`.toLowerCase().startsWith(`${origin}/`.toLowerCase()));
	const ending = request.path.slice(request.path.lastIndexOf('/'));
	const isList = path === '' || path.toLowerCase().endsWith(ending.toLowerCase());
	if (!isOwn || !isList)
		throw malformed(request, reply.status, `the next page is said to be elsewhere than ${declared.path}`);
	return query;
}
