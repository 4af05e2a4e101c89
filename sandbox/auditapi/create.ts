/** `POST /v1/events`. */
import { createHash } from 'node:crypto';
import { json, type Call, type SimReply } from '../api';
import type { EventLog } from '../eventLog';
import { member, without } from '../rawJson';
import { parseMicros } from '../time';
import { auditApiError } from './errors';
import { auditApiEvent } from './events';
import type { AuditApiSwitches } from './switches';

export function create(call: Call, log: EventLog, switches: AuditApiSwitches, now: number): SimReply {
	if (Buffer.byteLength(call.body) > switches.maxPayload) return auditApiError(413, 'Payload too large', switches);
	let parsed: unknown;
	try {
		parsed = JSON.parse(call.body);
	} catch {
		return auditApiError(400, 'Malformed JSON', switches);
	}
	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || Object.keys(parsed).length === 0) {
		return auditApiError(422, 'must be a non-empty object', switches, 'payload');
	}
	if (switches.quota <= 0) return auditApiError(402, 'Over quota', switches);
	switches.quota--;

	const given = member(call.body, 'timestamp');
	const text: unknown = given === undefined ? undefined : JSON.parse(given);
	const valid = typeof text === 'string' && parseMicros(text) !== undefined;
	// a malformed timestamp is silently ignored: receipt time, no 422
	const at = valid ? text : `${new Date(now).toISOString().slice(0, 19)}Z`;
	const payload = valid && !switches.timestampStaysInPayload ? without(call.body, new Set(['timestamp'])) : call.body;
	const id = nextId(log);
	log.add(auditApiEvent({ id, at, payload: payload.trim(), visibleAt: now + switches.storeDelayMs }));
	return json(switches.createdStatus, { id, object: 'event' });
}

/** Looks random, and is the same in every run of the same scenario. */
function nextId(log: EventLog): string {
	const hex = createHash('sha256')
		.update(`event ${(log.latest()?.seq ?? -1) + 1}`)
		.digest('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
