/** Arcus audit log entries for tests and live traffic, linked into the chain of what is there already. */
import { createHash } from 'node:crypto';
import type { EventLog, NewEvent } from '../eventLog';
import { formatMicros, type Micros } from '../time';
import { arcusEntityId } from './keys';

export interface ArcusEntryFields {
	readonly id: string;
	readonly micros: Micros;
	readonly action?: string;
	readonly severity?: string;
	readonly outcome?: string;
	readonly actor?: Record<string, unknown>;
	readonly resource?: Record<string, unknown>;
	readonly description?: string;
	readonly metadata?: Record<string, unknown>;
}

/** The last stored entry's hash becomes `prev_hash`. How the vendor hashes is unknown; any hash links as well. */
export function arcusEntry(log: EventLog, fields: ArcusEntryFields): NewEvent {
	const last = log.latest();
	const chain = last ? (log.parsed(last)['_chain'] as { entry_hash?: string } | undefined) : undefined;
	const prev = chain?.entry_hash ?? null;
	const { id, micros } = fields;
	const entry = {
		id,
		object: 'audit_log_entry',
		entity_id: arcusEntityId,
		actor: {
			type: 'user',
			id: '6a2c7a1e-11b5-4c1c-9d8e-0a5d3c5b7f21',
			label: 'Søren Ångström',
			name: 'Søren Ångström',
			email: 'soren@example.com',
			on_behalf_of_user_id: null,
			...fields.actor,
		},
		action: fields.action ?? 'order.updated',
		resource: { type: 'order', id: '7f0e7a52-5d3b-4f6e-8f54-2f9a9d1c0b77', label: 'SO-001042', ...fields.resource },
		description: fields.description ?? 'Changed 2 fields on SO-001042',
		metadata: fields.metadata ?? {},
		ip_address: '203.0.113.77',
		user_agent: 'Mozilla/5.0',
		session_id: null,
		request_id: `req_${id}`,
		severity: fields.severity ?? 'info',
		outcome: fields.outcome ?? 'success',
		error_code: null,
		before_state: null,
		after_state: null,
		diff: null,
	};
	const hash = createHash('sha256')
		.update(`${prev}${JSON.stringify(entry)}`)
		.digest('hex');
	const sealed = { ...entry, _chain: { prev_hash: prev, entry_hash: hash, archived_at: null } };
	return { id, micros, raw: JSON.stringify({ ...sealed, created_at: formatMicros(micros) }) };
}
