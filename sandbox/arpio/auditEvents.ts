/** `GET /api/accounts/{accountId}/auditEvents`. */
import { json, jsonText, type Call, type SimReply } from '../api';
import type { EventLog, StoredEvent } from '../eventLog';
import { parseMicros, timeFilters } from '../time';
import type { ArpioSwitches } from './switches';
import { issueToken, readToken } from './token';

export interface ListContext {
	readonly log: EventLog;
	readonly switches: ArpioSwitches;
	readonly secret: string;
	readonly now: number;
	/** Undefined: the key sees the whole account. */
	readonly appIds: readonly string[] | undefined;
}

type Rank = readonly [number, number];

export function auditEvents(call: Call, context: ListContext): SimReply {
	const { switches, now } = context;
	const start = bound(call, 'timestampStart', Number.NEGATIVE_INFINITY);
	const end = bound(call, 'timestampEnd', Number.POSITIVE_INFINITY);
	if (start === undefined || end === undefined) return json(400, { message: 'timestamps must be ISO 8601' });
	const [lowest, highest] = [timeFilters[switches.timeFilter].from(start), timeFilters[switches.timeFilter].to(end)];
	const size = pageSize(call, switches);
	if (size === undefined) return json(400, { message: 'pageSize is not supported here' });
	if (typeof size === 'object') return json(size.refusal, { message: 'pageSize is too large' });
	if (switches.appScopedKey === 'forbidden' && context.appIds) {
		return json(403, { message: 'Access denied: the key is scoped to applications' });
	}

	const window = `${call.query.get('timestampStart') ?? ''}/${call.query.get('timestampEnd') ?? ''}`;
	const sent = call.query.get('nextToken');
	const token = sent ? readToken(context.secret, sent, now, switches.tokenExpiryMs) : undefined;
	if (sent && (!token || (switches.tokenWindow === 'bound' && token.window !== window))) {
		return json(switches.tokenRejection, { message: 'nextToken is invalid or has expired' });
	}

	const rank = ranks[switches.order];
	const rows = context.log
		.visible(now)
		.filter(
			(event) =>
				event.micros >= lowest &&
				(switches.upperBound === 'inclusive' ? event.micros <= highest : event.micros < highest),
		)
		.filter((event) => !context.appIds || touches(context.log.parsed(event), context.appIds))
		.map((event) => ({ event, rank: rank(event) }))
		.sort((a, b) => compare(a.rank, b.rank));
	const after = token?.after ?? 0;
	const from = typeof after === 'number' ? after : rows.filter((row) => compare(row.rank, after) <= 0).length;
	const page = token?.page ?? 0;
	const empty = switches.emptyPageEvery > 0 && page % switches.emptyPageEvery === switches.emptyPageEvery - 1;
	const shown = empty ? [] : rows.slice(from, from + size);
	const more = rows.length > from + shown.length;
	const last = shown.at(-1);
	const next =
		sent && switches.repeatToken
			? sent
			: more
				? issueToken(
						context.secret,
						{
							page: page + 1,
							window,
							after: switches.tokenKind === 'offset' ? from + shown.length : (last?.rank ?? after),
						},
						now,
					)
				: undefined;
	return reply(
		shown.map((row) => row.event.raw),
		next,
		switches,
	);
}

function reply(texts: readonly string[], next: string | undefined, switches: ArpioSwitches): SimReply {
	const list = `[${texts.join(',')}]`;
	const headers: Record<string, string> = {};
	if (next && switches.token === 'header') {
		headers[switches.tokenHeader.toLowerCase()] =
			switches.tokenHeader === 'link' ? `<?nextToken=${encodeURIComponent(next)}>; rel="next"` : next;
	}
	if (switches.envelope === 'array') return jsonText(200, list, headers);
	const key = switches.envelope === 'object' ? 'events' : switches.envelope.key;
	const lastToken = { absent: undefined, null: 'null', empty: '""' }[switches.lastToken];
	const text = next && switches.token === 'body' ? JSON.stringify(next) : lastToken;
	return jsonText(200, `{"${key}":${list}${text === undefined ? '' : `,"nextToken":${text}`}}`, headers);
}

const ranks: Record<ArpioSwitches['order'], (event: StoredEvent) => Rank> = {
	ascending: (event) => [event.micros, event.seq],
	descending: (event) => [-event.micros, -event.seq],
	shuffled: (event) => [scatter(event.id), event.seq],
};

function compare(a: Rank, b: Rank): number {
	return a[0] - b[0] || a[1] - b[1];
}

/** FNV-1a with a final mix: a place for each id that has nothing to do with its time and never changes. */
function scatter(id: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
	// without the mix, ids that differ in the last letter only would stay in order
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	return (hash ^ (hash >>> 13)) >>> 0;
}

function bound(call: Call, name: string, open: number): number | undefined {
	const text = call.query.get(name);
	return text === null ? open : parseMicros(text);
}

function pageSize(call: Call, switches: ArpioSwitches): number | { refusal: number } | undefined {
	const text = call.query.get('pageSize');
	if (text === null) return switches.defaultPageSize;
	if (switches.pageSize === 'rejected' || !/^[1-9]\d{0,5}$/.test(text)) return undefined;
	if (switches.pageSize === 'honoured') return Number(text);
	if ('cap' in switches.pageSize) return Math.min(Number(text), switches.pageSize.cap);
	return Number(text) > switches.pageSize.most ? switches.pageSize : Number(text);
}

function touches(event: Record<string, unknown>, appIds: readonly string[]): boolean {
	const resources = (event['resources'] ?? []) as { type?: string; id?: string }[];
	return resources.some(({ type, id }) => type === 'application' && id !== undefined && appIds.includes(id));
}
