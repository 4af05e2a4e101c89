/**
 * Flat path or path with the entity in it: the reference says `/audit_log_entries`, the concept pages say
 * `/entities/{id}/…` (docs/providers/arcus-erp.md#flat-paths-or-paths-with-the-entity).
 */
import type { Call } from '../../core/contract';
import { httpFailure } from '../list';

/** Puts `/entities/{id}` before every path, or nothing without an id. */
export function prefixOf(entityId: string | undefined): string {
	return entityId ? `/entities/${encodeURIComponent(entityId)}` : '';
}

/**
 * A call that starts with the entity form when there is an id, tries the flat one after a 404, and stays with the first
 * form that answers. With a cursor a 404 means the cursor, so nothing else is tried.
 */
export function eitherPath(call: Call, entityId: string | undefined): Call {
	const preferred = prefixOf(entityId);
	let settled = preferred === '' ? '' : undefined;
	return async (request) => {
		const send = async (prefix: string) => {
			const reply = await call({ ...request, path: prefix + request.path });
			settled = prefix;
			return reply;
		};
		if (settled !== undefined) return send(settled);
		return send(preferred).catch((error: unknown) => {
			if (!httpFailure(error, 404) || request.query?.starting_after !== undefined) throw error;
			return send('').catch((second: unknown) => {
				throw httpFailure(second, 404) ? error : second;
			});
		});
	};
}
