/** A provider that gives the pages it was told to, through its real client and source. */
import { arcusErp } from '../../../providers/arcus-erp/provider';
import { arpio } from '../../../providers/arpio/provider';
import { auditApi } from '../../../providers/auditapi/provider';
import type { HttpRequest, HttpResponse } from '../../../core/contract';
import type { Provider } from '../../../core/provider';
import { providerNamed } from '../../../providers/registry';
import type { Element, Names } from './element';

export interface Kind {
	provider: Provider;
	names: Names;
	/** Name of the list. */
	list: string;
	/** How to go on, as members of the answer; none after the last page. */
	next: (page: number) => string;
	/** Which page is asked for. */
	asked: (query: Record<string, unknown>) => string | undefined;
	last: string;
}

export const kinds: Record<'arpio' | 'arcus' | 'auditapi' | 'declared', Kind> = {
	arpio: {
		provider: arpio,
		names: {
			id: 'eventId',
			time: 'timestamp',
			fields: ['type', 'access', 'result', 'source', 'principal', 'context', 'resources', 'accountId'],
		},
		list: 'events',
		next: (page) => `"nextToken":"p${page}"`,
		asked: ({ nextToken }) => nextToken as string | undefined,
		last: '"nextToken":null',
	},
	arcus: {
		provider: arcusErp,
		names: {
			id: 'id',
			time: 'created_at',
			fields: [
				...['actor', 'action', 'resource', 'description', 'metadata', 'severity', 'outcome', 'error_code', '_chain'],
				...['entity_id', 'ip_address', 'user_agent', 'session_id', 'request_id', 'before_state'],
			],
		},
		list: 'data',
		next: (page) => `"has_more":true,"next_cursor":"p${page}"`,
		asked: ({ starting_after }) => starting_after as string | undefined,
		last: '"has_more":false,"next_cursor":null',
	},
	auditapi: {
		provider: auditApi,
		names: { id: 'id', time: 'timestamp', fields: ['payload', 'object'] },
		list: 'data',
		// no cursor but the id of the last event
		next: () => '"has_more":true',
		asked: ({ starting_after }) => starting_after as string | undefined,
		last: '"has_more":false',
	},
	declared: {
		provider: providerNamed('onepassword')!,
		names: {
			id: 'uuid',
			time: 'timestamp',
			fields: ['action', 'category', 'type', 'actor_uuid', 'actor_details', 'user', 'object_type', 'session', 'client'],
		},
		list: 'items',
		next: (page) => `"has_more":true,"cursor":"p${page}"`,
		asked: ({ cursor }) => cursor as string | undefined,
		last: '"has_more":false,"cursor":"end"',
	},
};

/** The event that ends page `page`: every provider can go on from it. */
export function lastOf({ names }: Kind, page: number, nanos: bigint): Element {
	const at = new Date(Number(nanos / 1_000_000n)).toISOString();
	return { bytes: Buffer.from(`{"${names.id}":"p${page + 1}","${names.time}":"${at}"}`), nanos };
}

export function answer(kind: Kind, pages: readonly (readonly Element[])[], page: number): Buffer {
	const isLast = page >= pages.length;
	const elements = (pages[page] ?? []).flatMap(({ bytes }, index) => [Buffer.from(index ? ', \n' : ''), bytes]);
	const head = `{"${kind.list}":`;
	// a list without elements may be null
	const list = isLast ? [Buffer.from('null')] : [Buffer.from('['), ...elements, Buffer.from(']')];
	return Buffer.concat([Buffer.from(head), ...list, Buffer.from(`,${isLast ? kind.last : kind.next(page + 1)}}`)]);
}

/** Of `/…?cursor=p3` the third page, counted from none. */
export function pageAsked(kind: Kind, query: Record<string, unknown> = {}): number {
	return Number(kind.asked(query)?.slice(1) ?? 0);
}

export function respond(kind: Kind, pages: readonly (readonly Element[])[], request: HttpRequest): HttpResponse {
	const query: Record<string, unknown> = { ...request.query, ...(JSON.parse(request.body ?? '{}') as object) };
	const from = query['timestampStart'] ?? query['from_date'] ?? query['start_date'] ?? query['start_time'];
	// what is asked for after the first walk, or read upwards, has been read already
	const isOver = query['ending_before'] !== undefined || (from as string) > '1700';
	return { status: 200, headers: {}, body: answer(kind, isOver ? [] : pages, isOver ? 0 : pageAsked(kind, query)) };
}
