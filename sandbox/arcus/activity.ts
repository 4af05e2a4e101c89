/** The activity feed: the same entries in another envelope. */
import { jsonText, type Call, type SimReply } from '../api';
import { member, objectOf, type Member } from '../rawJson';
import { notImplemented, type EntryContext } from './entries';
import { filter } from './filters';
import { arcusError, notFound } from './keys';
import { page } from './list';

/** `path` are the segments after `activity`, `resource` the one of `/resources/{type}/{id}/activity`. */
export function activity(
	call: Call,
	path: readonly string[],
	context: EntryContext,
	resource?: [string, string],
): SimReply {
	if (call.method !== 'GET') return arcusError(405, 'method_not_allowed');
	if (context.switches.activity === 'not-implemented') return notImplemented();
	const { log, switches, key, now } = context;
	if (path[0] !== undefined) {
		const event = path.length === 1 ? log.get(entryId(path[0]), now) : undefined;
		return event ? jsonText(200, activityText(event.raw)) : notFound();
	}
	if (resource) {
		call.query.set('resource_type', resource[0]);
		call.query.set('resource_id', resource[1]);
	}
	const names = { from: 'created_after', to: 'created_before', search: 'search' };
	const wanted = filter(call, log, switches, key, names);
	if (!wanted.ok) return wanted.reply;
	const found = page(call, log, wanted.accepts, switches, now, { defaultLimit: 20, maxLimit: 100, idOf: entryId });
	if (!found.ok) return found.reply;
	const last = found.rows.at(-1);
	const next = found.more && last && switches.nextCursor === 'present' ? activityId(last.id) : null;
	const data = found.rows.map((event) => activityText(event.raw)).join(',');
	const tail = `"has_more":${found.more},"next_cursor":${JSON.stringify(next)},"url":${JSON.stringify(call.path)}`;
	return jsonText(200, `{"object":"list","data":[${data}],${tail}}`);
}

/** `act_` and the UUID without dashes; a bare UUID is accepted too. */
function activityId(id: string): string {
	return `act_${id.replaceAll('-', '')}`;
}

function entryId(id: string): string {
	const found = /^act_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/i.exec(id);
	return found ? found.slice(1).join('-') : id;
}

function activityText(raw: string): string {
	const of = (text: string | undefined, key: string) =>
		(text?.startsWith('{') ? member(text, key) : undefined) ?? 'null';
	const copy = (key: string): Member => ({ key, value: of(raw, key) });
	const actor = member(raw, 'actor');
	const resource = member(raw, 'resource');
	return objectOf([
		{ key: 'id', value: JSON.stringify(activityId(JSON.parse(of(raw, 'id')) as string)) },
		{ key: 'object', value: '"activity_event"' },
		copy('entity_id'),
		copy('created_at'),
		{
			key: 'actor',
			value: objectOf([
				...['type', 'id', 'label'].map((key) => ({ key, value: of(actor, key) })),
				{ key: 'on_behalf_of', value: 'null' },
			]),
		},
		copy('action'),
		...['type', 'id', 'label'].map((key) => ({ key: `resource_${key}`, value: of(resource, key) })),
		...['description', 'severity', 'outcome', 'error_code', 'request_id', 'metadata'].map(copy),
		{
			key: 'diff',
			value: objectOf([
				{ key: 'before', value: of(raw, 'before_state') },
				{ key: 'after', value: of(raw, 'after_state') },
			]),
		},
	]);
}
