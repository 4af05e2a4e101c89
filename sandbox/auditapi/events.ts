/** AuditAPI events for tests, live traffic and what was posted. */
import type { NewEvent } from '../eventLog';
import { formatMicros, parseMicros, type Micros } from '../time';

export interface AuditApiEventFields {
	readonly id: string;
	/** Instant, or the timestamp's text as the writer gave it. */
	readonly at: Micros | string;
	/** Object, or its JSON text which then stays as it is. */
	readonly payload: Record<string, unknown> | string;
	readonly visibleAt?: number;
}

export function auditApiEvent({ id, at, payload, visibleAt }: AuditApiEventFields): NewEvent {
	const timestamp = typeof at === 'string' ? at : formatMicros(at);
	const micros = typeof at === 'string' ? parseMicros(at) : at;
	if (micros === undefined) throw new Error(`malformed timestamp ${timestamp}`);
	const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
	const head = `"id":${JSON.stringify(id)},"object":"event","timestamp":${JSON.stringify(timestamp)}`;
	return { id, micros, raw: `{${head},"payload":${body}}`, ...(visibleAt === undefined ? {} : { visibleAt }) };
}
