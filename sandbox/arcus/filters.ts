/** The documented filters, checked before they are applied. */
import type { Call, SimReply } from '../api';
import type { EventLog, StoredEvent } from '../eventLog';
import { parseMicros, timeFilters } from '../time';
import { invalid, type ArcusKey } from './keys';
import type { ArcusSwitches } from './switches';

export type Filter =
	| { readonly ok: true; readonly accepts: (event: StoredEvent) => boolean }
	| { readonly ok: false; readonly reply: SimReply };

/** As far as filters look into an entry. */
export interface EntryView {
	readonly actor?: { readonly type?: string; readonly id?: string; readonly label?: string } | null;
	readonly resource?: { readonly type?: string; readonly id?: string; readonly label?: string } | null;
	readonly action?: string;
	readonly description?: string;
	readonly severity?: string;
	readonly outcome?: string;
	readonly ip_address?: string;
	readonly session_id?: string;
}

const fields: Record<string, (entry: EntryView) => string | null | undefined> = {
	action: (entry) => entry.action,
	resource_type: (entry) => entry.resource?.type,
	resource_id: (entry) => entry.resource?.id,
	actor_type: (entry) => entry.actor?.type,
	actor_id: (entry) => entry.actor?.id,
	actor_label: (entry) => entry.actor?.label,
	severity: (entry) => entry.severity,
	outcome: (entry) => entry.outcome,
	ip_address: (entry) => entry.ip_address,
	session_id: (entry) => entry.session_id,
};

/** Only the audit page's own values are valid; stored entries may hold more. */
const enums: Record<string, readonly string[]> = {
	actor_type: ['user', 'api_key', 'system', 'webhook'],
	severity: ['info', 'warning', 'critical', 'security'],
	outcome: ['success', 'failure'],
};

export interface FilterNames {
	readonly from: string;
	readonly to: string;
	readonly search?: string;
}

export function filter(
	call: Call,
	log: EventLog,
	switches: ArcusSwitches,
	key: ArcusKey,
	names: FilterNames = { from: 'from_date', to: 'to_date', search: 'search' },
): Filter {
	const tests: ((event: StoredEvent) => boolean)[] = [];
	const from = instant(call.query.get(names.from));
	if (from === 'malformed') return { ok: false, reply: invalid(names.from, 'must be an RFC 3339 date-time') };
	const rule = timeFilters[switches.timeFilter];
	if (from !== undefined) {
		const first = rule.from(from);
		tests.push((event) => (switches.fromDate === 'inclusive' ? event.micros >= first : event.micros > first));
	}
	const to = instant(call.query.get(names.to));
	if (to === 'malformed') return { ok: false, reply: invalid(names.to, 'must be an RFC 3339 date-time') };
	if (to !== undefined) {
		const last = rule.to(to);
		tests.push((event) => (switches.toDate === 'inclusive' ? event.micros <= last : event.micros < last));
	}

	const view = (event: StoredEvent) => log.parsed(event) as EntryView;
	for (const [name, read] of Object.entries(fields)) {
		const wanted = call.query.get(name);
		if (wanted === null) continue;
		const allowed = enums[name];
		if (allowed && !allowed.includes(wanted)) {
			return { ok: false, reply: invalid(name, `must be one of ${allowed.join(', ')}`) };
		}
		tests.push((event) => read(view(event)) === wanted);
	}
	const search = names.search === undefined ? null : call.query.get(names.search);
	if (search !== null && switches.search === 'rejected') {
		return { ok: false, reply: invalid('search', 'unknown parameter') };
	}
	if (search !== null && switches.search === 'applied') {
		const needle = search.toLowerCase();
		tests.push((event) => {
			const { description, action, resource } = view(event);
			return [description, action, resource?.label].some((text) => text?.toLowerCase().includes(needle));
		});
	}
	if (!key.scopes.includes('audit:read')) tests.push((event) => view(event).actor?.id === key.actorId);
	return { ok: true, accepts: (event) => tests.every((test) => test(event)) };
}

function instant(text: string | null): number | 'malformed' | undefined {
	return text === null ? undefined : (parseMicros(text) ?? 'malformed');
}
