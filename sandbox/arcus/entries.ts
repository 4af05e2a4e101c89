/** `GET /audit_log_entries`, `GET /audit_log_entries/{id}` and `stats`. */
import { json, jsonText, type Call, type SimReply } from '../api';
import type { EventLog } from '../eventLog';
import { expansion, hydrated, shown } from './expand';
import { filter, type EntryView } from './filters';
import { arcusError, notFound, type ArcusKey } from './keys';
import { page } from './list';
import type { ArcusSwitches } from './switches';

export interface EntryContext {
	readonly log: EventLog;
	readonly switches: ArcusSwitches;
	readonly key: ArcusKey;
	readonly now: number;
	/** Path of the collection, as the envelope's `url` names it. */
	readonly url: string;
}

export function listEntries(call: Call, context: EntryContext): SimReply {
	const { log, switches, key, now } = context;
	const expand = expansion(call, 'list', switches, key);
	if (!expand.ok) return expand.reply;
	const wanted = filter(call, log, switches, key);
	if (!wanted.ok) return wanted.reply;
	const rules = { defaultLimit: 50, maxLimit: switches.maxLimit, idOf: (cursor: string) => cursor };
	const found = page(call, log, wanted.accepts, switches, now, rules);
	if (!found.ok) return found.reply;

	const rows = found.rows.map((event, index) => shown(event.raw, hydrated(expand.paths, index, switches)));
	const truncated =
		found.rows.length > switches.hydrationLimit && switches.hydrationPaths.some((p) => expand.paths.has(p));
	const counted =
		switches.totalCount === 'present' ||
		(switches.totalCount === 'on-request' && call.query.get('include_count') === 'true');
	const next = found.more && switches.nextCursor === 'present' ? (found.rows.at(-1)?.id ?? null) : null;
	const tail = [
		`"has_more":${found.more}`,
		`"next_cursor":${JSON.stringify(next)}`,
		...(counted ? [`"total_count":${found.total}`] : []),
		...(truncated ? ['"truncated":true'] : []),
		`"url":${JSON.stringify(context.url)}`,
	];
	return jsonText(200, `{"object":"list","data":[${rows.join(',')}],${tail.join(',')}}`);
}

export function getEntry(call: Call, id: string, context: EntryContext): SimReply {
	const expand = expansion(call, 'entry', context.switches, context.key);
	if (!expand.ok) return expand.reply;
	const event = context.log.get(id, context.now);
	const own = filter({ ...call, query: new URLSearchParams() }, context.log, context.switches, context.key);
	if (!event || !own.ok || !own.accepts(event)) return notFound();
	return jsonText(200, shown(event.raw, expand.paths));
}

export function stats(call: Call, context: EntryContext): SimReply {
	if (context.switches.stats === 'not-implemented') return notImplemented();
	const wanted = filter(call, context.log, context.switches, context.key);
	if (!wanted.ok) return wanted.reply;
	const entries = context.log
		.visible(context.now)
		.filter(wanted.accepts)
		.map((event) => context.log.parsed(event) as EntryView);
	const count = (read: (entry: EntryView) => string | undefined) => {
		const counts: Record<string, number> = {};
		for (const entry of entries) {
			const value = read(entry);
			if (value !== undefined) counts[value] = (counts[value] ?? 0) + 1;
		}
		return counts;
	};
	return json(200, {
		object: 'audit_stats',
		total: entries.length,
		by_action: count((entry) => entry.action),
		by_resource_type: count((entry) => entry.resource?.type),
		by_severity: count((entry) => entry.severity),
		by_outcome: count((entry) => entry.outcome),
		from_date: call.query.get('from_date'),
		to_date: call.query.get('to_date'),
	});
}

/** Documented but not live yet: a missing feature, not an outage. */
export function notImplemented(): SimReply {
	return arcusError(501, 'not_implemented', { type: 'not_implemented' });
}
