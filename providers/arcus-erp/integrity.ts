/** What Arcus ERP offers to check its log with: a hash chain, a count, and its own walk over the chain (docs/providers/arcus-erp.md#hash-chain). */
import { object, text } from '../../core/record/attributes';
import type { JsonObject } from '../../core/contract';
import type { Integrity, Link } from '../../core/provider';
import type { ArcusClient } from './client';

/** Rows that one `verify` walks at most. */
const MAX_ROWS = 10_000;

export function arcusIntegrity(client: Pick<ArcusClient, 'stats' | 'verify'>): Integrity {
	return {
		link: arcusLink,
		async total({ lower, upper }, signal) {
			const stats = await client.stats({ from: lower, to: upper, signal });
			return stats.available ? stats.total : undefined;
		},
		maxRows: MAX_ROWS,
		async verify({ lower, upper }, signal) {
			const { available, ...verdict } = await client.verify({ from: lower, to: upper, limit: MAX_ROWS, signal });
			return available ? (verdict as Awaited<ReturnType<Integrity['verify']>>) : undefined;
		},
	};
}

/** Without `entry_hash` there is no link: some keys do not get the chain, and the list may leave it out. */
function arcusLink(entry: JsonObject): Link | undefined {
	const { prev_hash, entry_hash } = object(entry['_chain']);
	const hash = text(entry_hash);
	if (hash === undefined) return undefined;
	return {
		chain: text(entry['entity_id']) ?? '',
		previous: text(prev_hash),
		hash,
		actor: text(object(entry['actor'])['id']) ?? '',
	};
}
