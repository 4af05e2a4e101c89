/** `POST /audit_log_entries/verify`: walks the stored chain. */
import { json, type Call, type SimReply } from '../api';
import type { EventLog, StoredEvent } from '../eventLog';
import { parseMicros } from '../time';
import { notImplemented, type EntryContext } from './entries';
import { arcusError, invalid } from './keys';

interface Verdict {
	readonly brokenAt: string | null;
	readonly reason: 'prev_hash_mismatch' | 'entry_hash_mismatch' | 'missing_row' | 'null_hash' | null;
	readonly walked: number;
}

export interface Verifier {
	verify(call: Call, context: EntryContext): SimReply;
}

export function verifier(log: EventLog): Verifier {
	const replies = new Map<string, { body: string; reply: SimReply; at: number }>();

	function walk(rows: readonly StoredEvent[]): Verdict {
		let before: { seq: number; hash: string } | undefined;
		for (const [index, row] of rows.entries()) {
			const chain = (log.parsed(row)['_chain'] ?? {}) as { prev_hash?: string | null; entry_hash?: string | null };
			const broken = (reason: Verdict['reason']): Verdict => ({ brokenAt: row.id, reason, walked: index + 1 });
			if (!chain.entry_hash) return broken('null_hash');
			if (before && row.seq !== before.seq + 1) return broken('missing_row');
			if (before && chain.prev_hash !== before.hash) return broken('prev_hash_mismatch');
			// the vendor's hash function is unknown, so the store itself tells which row was altered
			if (row.altered) return broken('entry_hash_mismatch');
			before = { seq: row.seq, hash: chain.entry_hash };
		}
		return { brokenAt: null, reason: null, walked: rows.length };
	}

	function fresh(call: Call, context: EntryContext): SimReply {
		let body: { from_date?: string; to_date?: string; limit?: number };
		try {
			body = JSON.parse(call.body || '{}') as typeof body;
		} catch {
			return arcusError(400, 'invalid_json', { type: 'validation_error' });
		}
		const { limit = 1000 } = body;
		if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
			return invalid('limit', 'limit must be between 1 and 10000', 422);
		}
		const from = body.from_date === undefined ? Number.NEGATIVE_INFINITY : parseMicros(body.from_date);
		const to = body.to_date === undefined ? Number.POSITIVE_INFINITY : parseMicros(body.to_date);
		if (from === undefined) return invalid('from_date', 'must be an RFC 3339 date-time');
		if (to === undefined) return invalid('to_date', 'must be an RFC 3339 date-time');
		const rows = log
			.visible(context.now)
			.filter((event) => event.micros >= from && event.micros <= to)
			.sort((a, b) => a.seq - b.seq)
			.slice(0, limit);
		const verdict = walk(rows);
		return json(200, {
			object: 'audit_chain_verification',
			verified: verdict.reason === null,
			chain_length: verdict.walked,
			broken_at: verdict.brokenAt,
			broken_reason: verdict.reason,
		});
	}

	return {
		verify(call, context) {
			if (context.switches.verify === 'not-implemented') return notImplemented();
			const key = call.header('idempotency-key');
			const stored = key === undefined ? undefined : replies.get(key);
			if (key === undefined) return fresh(call, context);
			// with the same key an old verdict comes back
			if (stored && context.now - stored.at < 24 * 3_600_000) {
				if (stored.body === call.body) return stored.reply;
				return arcusError(409, 'idempotency_key_mismatch', { type: 'conflict' });
			}
			const reply = fresh(call, context);
			replies.set(key, { body: call.body, reply, at: context.now });
			return reply;
		},
	};
}
