/** A small audit API in each way of paging, and the declaration of it. Written by the pages of vendors, not by the engine. */
import type { HttpRequest, HttpResponse, Transport } from '../../../core/contract';
import type { Declaration } from '../../../providers/declared/form/declaration';
import type { SimClock } from '../../support/clock';

export type Style = Declaration['page']['kind'];

export interface Happening {
	id: string;
	/** Milliseconds since the epoch. */
	at: number;
	/** When it can be listed first. Default: at once. */
	storedAt: number;
}

export interface Scripted {
	transport: Transport;
	requests: HttpRequest[];
	/** `lateMs`: so much later it is stored. */
	happen(id: string, agoMs?: number, lateMs?: number): void;
	/** What is wrong with the next answers, instead of them. */
	answers: ((request: HttpRequest) => Partial<HttpResponse> | undefined)[];
}

const BASE = 'https://audit.test/v1';

export const page: Record<Style, Declaration['page']> = {
	link: { kind: 'link', replay: 'cursor', size: 3 },
	cursor: { kind: 'cursor', at: 'meta.next', into: 'cursor', size: 3 },
	url: { kind: 'url', at: '@odata\\.nextLink', size: 3 },
	lastId: { kind: 'lastId', into: 'cursor', size: 3, end: { flag: 'has_more' } },
	page: { kind: 'page', into: 'page', size: 3 },
	offset: { kind: 'offset', into: 'offset', size: 3 },
	none: { kind: 'none' },
};

/** The declaration of an API that pages in this way, with changes. */
export function declarationOf(style: Style, changes: Partial<Declaration> = {}): Declaration {
	const sized: Record<string, string> = style === 'none' ? {} : { limit: '{pageSize}' };
	return {
		name: 'acme',
		title: 'Acme',
		baseUrl: BASE,
		settings: { apiKey: { title: 'Key', description: 'A key', required: true, secret: true } },
		auth: { kind: 'header', scheme: 'Bearer' },
		request: { path: '/audit', query: { since: '{from}', ...sized }, bounded: { until: '{to}' } },
		bounds: { format: 'iso-ms', ...(style === 'none' && { span: '3h' }) },
		order: 'newest',
		list: { at: 'items' },
		page: page[style],
		event: { id: 'id', time: 'time' },
		limits: { perMinute: 60 },
		lateness: '10m',
		record: { action: 'action', attributes: {} },
		...changes,
	};
}

/** Listed newest first, both bounds inclusive, positions by id; for `page` and `offset` by row. */
export function scripted(style: Style, clock: SimClock, isByStored = false): Scripted {
	const log: Happening[] = [];
	const requests: HttpRequest[] = [];
	const answers: Scripted['answers'] = [];

	function list(query: Record<string, string>): HttpResponse {
		const timeOf = (event: Happening) => (isByStored && query.until === undefined ? event.storedAt : event.at);
		const [since, until] = [Date.parse(query.since ?? ''), Date.parse(query.until ?? '9999-12-31T00:00:00Z')];
		const listed = log
			.filter((event) => event.storedAt <= clock.now() && timeOf(event) >= since && timeOf(event) <= until)
			.sort((a, b) => timeOf(b) - timeOf(a) || (a.id < b.id ? 1 : -1));
		const limit = Number(query.limit ?? Infinity);
		const start =
			style === 'page'
				? (Number(query.page ?? 1) - 1) * limit
				: style === 'offset'
					? Number(query.offset ?? 0)
					: query.cursor === undefined
						? 0
						: listed.findIndex(({ id }) => id === query.cursor) + 1;
		const rows = listed.slice(start, start + limit);
		const hasMore = start + limit < listed.length;
		const last = rows.at(-1)?.id ?? '';
		const address = `${BASE}/audit?${new URLSearchParams({ ...query, cursor: last }).toString()}`;
		const items = rows.map(({ id, at }) => ({ id, time: new Date(at).toISOString(), action: 'user.login' }));
		const body = {
			items,
			...(style === 'cursor' && { meta: { next: hasMore ? last : '' } }),
			...(style === 'url' && hasMore && { '@odata.nextLink': address }),
			...(style === 'lastId' && { has_more: hasMore }),
		};
		const headers: Record<string, string> = { date: new Date(clock.now()).toUTCString() };
		if (style === 'link' && hasMore) headers.link = `<${BASE}/audit?x=1,2>; rel="first", <${address}>; rel="next"`;
		return { status: 200, headers, body: Buffer.from(JSON.stringify(body)) };
	}

	return {
		requests,
		answers,
		happen: (id, agoMs = 0, lateMs = 0) => {
			log.push({ id, at: clock.now() - agoMs, storedAt: clock.now() + lateMs });
		},
		transport: async (request) => {
			requests.push(request);
			const query = Object.fromEntries(
				Object.entries(request.query ?? {}).map(([name, value]) => [name, String(value)]),
			);
			const given = answers.shift()?.(request);
			return { ...list({ ...query, ...(JSON.parse(request.body ?? '{}') as object) }), ...given };
		},
	};
}
