/** What is shipped, before it is encoded. */
import type { Nanos } from '../../../core/contract';
import type { AttributeValue, AuditRecord } from '../../../core/provider';

export type Attributes = Record<string, AttributeValue>;

/** One log record with where it comes from. */
export interface Entry {
	record: AuditRecord;
	/** When this node got it. */
	observed: Nanos;
	resource: Attributes;
}

export interface Group {
	resource: Attributes;
	entries: Entry[];
}

export const SCOPE = 'n8n-nodes-audit-relay';

/** Records of the same resource together, in the order of their first record. */
export function grouped(entries: readonly Entry[]): Group[] {
	const groups = new Map<string, Group>();
	for (const entry of entries) {
		const key = JSON.stringify(entry.resource);
		const group = groups.get(key) ?? { resource: entry.resource, entries: [] };
		group.entries.push(entry);
		groups.set(key, group);
	}
	return [...groups.values()];
}

export function nanosOf([seconds, nanos]: AuditRecord['time']): Nanos {
	return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}
