/** One API for each style of paging, as good as it can be declared; and events as they would be. */
import type { Declaration } from '../../../providers/declared/form/declaration';

type Part = Partial<Declaration>;

const common = {
	name: 'acme',
	title: 'Acme',
	baseUrl: 'https://api.acme.test/v2',
	auth: { kind: 'header', scheme: 'Bearer' },
	bounds: { format: 'iso-ms' },
	order: 'oldest',
	list: { at: 'data' },
	event: { id: 'id', time: 'at' },
	limits: { perMinute: 60 },
	lateness: '10m',
	record: { action: 'action', attributes: { 'audit.actor.id': 'actor.id' } },
} satisfies Part;

const query = { after: '{from}', limit: '{pageSize}' };
const request = { path: '/events', query, bounded: { before: '{to}' } } satisfies Part['request'];

export const styles = {
	link: { ...common, request, list: undefined, page: { kind: 'link', replay: 'cursor', size: 100 } },
	linkWhole: { ...common, request, page: { kind: 'link', replay: 'whole', size: 100 } },
	cursor: { ...common, request, page: { kind: 'cursor', at: 'meta.next', into: 'cursor', size: 100 } },
	cursorInBody: {
		...common,
		request: {
			method: 'POST',
			path: '/search',
			body: { limit: '{pageSize}', filter: { from: '{from}' } },
			bounded: { filter: { from: '{from}', to: '{to}' } },
		},
		page: { kind: 'cursor', at: 'cursor', into: 'cursor', repeat: 'none', size: 100, end: { flag: 'has_more' } },
	},
	url: { ...common, request, page: { kind: 'url', at: '@odata\\.nextLink', size: 100 } },
	lastId: {
		...common,
		request,
		order: 'newest',
		rejected: 'below',
		page: { kind: 'lastId', into: 'starting_after', size: 100, end: { flag: 'has_more' } },
	},
	page: { ...common, request, page: { kind: 'page', at: 'next', into: 'page', size: 100 } },
	offset: { ...common, request, page: { kind: 'offset', into: 'offset', size: 100, end: { total: 'total' } } },
	none: {
		...common,
		request: { path: '/events', query: { after: '{from}', before: '{to}' } },
		bounds: { format: 'iso-ms', upper: 'required', span: '1d' },
		page: { kind: 'none' },
	},
} satisfies Record<string, Declaration>;

export type Style = keyof typeof styles;

const { cursor, cursorInBody, link } = styles;

/** Whatever else a declaration can say. */
export const others = {
	'a cursor that is taken at another path': {
		...cursorInBody,
		page: { ...cursorInBody.page, path: '/search/continue' },
	},
	'a range in slices': {
		...cursor,
		request: { path: '/events', query: { ...query, before: '{to}' } },
		bounds: { format: 'iso-s', upper: 'required', span: '1d' },
	},
	'bounds on the time of storing': {
		...cursor,
		request: { path: '/events', query },
		bounds: { format: 'iso-ms', on: 'stored', upper: 'none' },
		order: 'stored',
	},
	'an id of several members': {
		...cursor,
		bounds: { format: 'epoch-s' },
		event: { id: ['at', 'part', 'of.app', 'of.tenant'], time: 'at' },
	},
	'an id by a hash of named members': { ...cursor, event: { hash: ['at', 'id', 'action'], time: 'at' } },
	'limits by 403, and by headers of its own': {
		...cursor,
		limits: { perMinute: 60, remaining: 'x-left', reset: 'x-reset', resetAs: 'seconds', limited: [429, 403] },
	},
	'a list that is not there when it is empty': { ...cursor, list: { at: 'data', missing: 'empty' } },
	'a list two names deep': { ...cursor, list: { at: 'data.items' } },
	'answers that may not be complete': { ...cursor, incomplete: { at: 'meta.status', not: ['done'] } },
	'a link with an attribute for the end': {
		...link,
		page: { kind: 'link', replay: 'cursor', size: 100, end: { attribute: 'results' } },
	},
	'empty pages at the end': {
		...link,
		page: { ...link.page, end: { emptyPage: true, samePosition: true } },
		unknown: ['end'],
	},
	'bounds that are refused for their age': {
		...cursor,
		bounds: { format: 'iso-ms', oldest: '30d' },
		retention: '90d',
	},
	'days as bounds': { ...cursor, bounds: { format: 'day' } },
	'several times': { ...cursor, event: { id: 'id', time: ['at', 'stored.at'] } },
	'a token for a client': {
		...cursor,
		auth: { kind: 'clientCredentials', tokenUrl: 'https://login.acme.test/token', scope: 'audit' },
	},
	'a token for a signed assertion': {
		...link,
		auth: { kind: 'jwtAssertion', tokenUrl: 'https://login.acme.test/token', scope: 'audit' },
	},
	'keys in several headers': {
		...cursor,
		settings: Object.fromEntries(
			['key', 'app'].map((name) => [name, { title: name, description: name, secret: true, required: true }]),
		),
		auth: { kind: 'headers', headers: { 'x-key': 'key', 'x-app': 'app' } },
	},
} satisfies Record<string, Declaration>;

export const example = {
	id: 'a1',
	at: '2026-03-02T08:15:30.412Z',
	action: 'user.login',
	actor: { id: 7 },
	note: 'said “no”',
};

/** Oldest first, as all but `lastId` declare it. */
const events = [
	example,
	{ ...example, id: 'a2', at: '2026-03-02T08:16:30.000Z', action: 'user.logout' },
	{ ...example, id: 'a3', at: '2026-03-02T08:17:30.000Z' },
];

const around: Record<Style, object> = {
	link: {},
	linkWhole: {},
	cursor: { meta: { next: 'c2' } },
	cursorInBody: { cursor: 'c2', has_more: true },
	url: { '@odata.nextLink': 'https://api.acme.test/v2/events?position=p2' },
	lastId: { has_more: true },
	page: { next: 2 },
	offset: { total: 7 },
	none: {},
};

/** An answer that is not the last one. */
export function pageOf(style: Style): { name: string; body: Uint8Array } {
	const list = style === 'lastId' ? [...events].reverse() : events;
	const answer = style === 'link' ? list : { data: list, ...around[style] };
	return { name: 'page.json', body: Buffer.from(JSON.stringify(answer)) };
}
