/** Whether a kind of paging has what it needs, and nothing that it would ignore. */
import type { Found } from './checks';
import type { Declaration } from './form/declaration';
import type { Page } from './form/request';
import type { Finding } from './validate';

type Key = 'at' | 'into' | 'path' | 'replay' | 'repeat' | 'first';

/** `!`: it must be there. */
const KEYS: Record<Page['kind'], readonly (Key | `${Key}!`)[]> = {
	link: ['replay', 'into'],
	cursor: ['at!', 'into!', 'path', 'repeat'],
	url: ['at!'],
	lastId: ['into!'],
	page: ['at', 'into!', 'first'],
	offset: ['into!', 'first'],
	none: [],
};

const ENDS: Record<string, readonly Page['kind'][]> = { attribute: ['link'], total: ['offset'] };

export function pageFindings({ page, request, event }: Declaration, found: Found): Finding[] {
	const { kind } = page;
	const keys: readonly string[] = KEYS[kind];
	const all: readonly Key[] = ['at', 'into', 'path', 'replay', 'repeat', 'first'];
	const missing = all.filter((key) => keys.includes(`${key}!`) && page[key] === undefined);
	const idle = all.filter((key) => !keys.some((one) => one.replace('!', '') === key) && page[key] !== undefined);
	const ends = Object.keys(page.end ?? {}).filter((end) => ENDS[end] && !ENDS[end].includes(kind));
	const findings = [
		...missing.map((key) => found(`page.${key}`, 'is missing', `Paging by ${kind} needs it`)),
		...idle.map((key) => found(`page.${key}`, `has no effect with paging by ${kind}`, 'Remove it')),
		...ends.map((end) => found(`page.end.${end}`, `is not an end of paging by ${kind}`, 'Remove it')),
	];
	if (kind === 'none' && page.end)
		findings.push(found('page.end', 'is not an end where all is one answer', 'Remove it'));
	if (kind === 'lastId' && typeof event.id !== 'string')
		findings.push(found('page.kind', 'needs one member as id', 'Page in another way'));
	if ((page.maxSize ?? Infinity) < (page.size ?? 1))
		findings.push(found('page.maxSize', 'is less than size', 'Give more, or remove it'));
	if (kind === 'page' && page.maxSize !== undefined)
		findings.push(found('page.maxSize', 'would make pages begin elsewhere while it catches up', 'Remove it'));
	if ((kind === 'link' || kind === 'url') && request.method === 'POST')
		findings.push(found('page.kind', 'follows addresses, and a POST has its filters in the body', 'Page by cursor'));
	if (request.body !== undefined && request.method !== 'POST')
		findings.push(found('request.body', 'has no effect with GET', 'Say method: POST, or write it into query'));
	if (page.size !== undefined && !JSON.stringify(request).includes('{pageSize}'))
		findings.push(found('page.size', 'is never sent', 'Put {pageSize} into the query or the body'));
	return findings;
}
