/** Audit log entry → log record. */
import { object, text } from '../../core/record/attributes';
import type { SourceEvent } from '../../core/contract';
import type { Draft } from '../../core/provider';
import { idsOf } from '../../core/record/ids';
import { ERROR2, INFO, INFO2, WARN, WARN2, raisedBy, severityText } from '../../core/record/severity';
import { toHrTime } from '../../core/time';
import { classify } from './classify';

/** Anything else, also no severity at all, counts as `info`. */
const LEVELS: ReadonlyMap<string, number> = new Map([
	['info', INFO],
	['notice', INFO2],
	['warning', WARN],
	['security', WARN2],
	['critical', ERROR2],
]);

/** Event names are a closed set at the destination; free text would make it grow without end. */
const NAME = /^[a-z][a-z0-9_.-]{0,100}$/;

export function arcusRecord(event: SourceEvent): Draft {
	const entry = event.json;
	const id = idsOf(event);
	const [actor, resource, chain] = [object(entry.actor), object(entry.resource), object(entry._chain)];
	const action = text(entry.action);
	const name = action?.toLowerCase() ?? '';
	const severity = text(entry.severity);
	const outcome = text(entry.outcome) || 'unknown';
	const failed = outcome === 'failure' || outcome === 'denied';
	const { category, alert } = classify({ action: action ?? '', severity: severity ?? '', failed });
	const level = Math.max(LEVELS.get(severity ?? '') ?? INFO, failed ? WARN : 0);
	const severityNumber = raisedBy(alert, level);
	const actorId = id('actor', 'id');
	return {
		time: toHrTime(event.time),
		eventName: `arcus.${NAME.test(name) ? name : 'event'}`,
		severityNumber,
		severityText: severityText(severityNumber),
		attributes: {
			'log.record.uid': `arcus:${event.id}`,
			'audit.source': 'arcus',
			'audit.action': action,
			'audit.category': category,
			'audit.alert': alert,
			'audit.outcome': outcome,
			'audit.severity': severity,
			'audit.message': text(entry.description),
			'audit.tenant.id': id('entity_id'),
			'audit.actor.type': text(actor.type),
			'audit.actor.id': actorId,
			'audit.actor.label': text(actor.label),
			'audit.actor.on_behalf_of': id('actor', 'on_behalf_of_user_id'),
			'user.id': actor.type === 'user' ? actorId : undefined,
			'user.full_name': text(actor.name),
			'user.email': text(actor.email),
			'audit.target.type': text(resource.type),
			'audit.target.id': id('resource', 'id'),
			'audit.target.name': text(resource.label),
			'client.address': text(entry.ip_address),
			'user_agent.original': text(entry.user_agent),
			'session.id': id('session_id'),
			'audit.request.id': id('request_id'),
			'error.type': failed ? text(entry.error_code) || '_OTHER' : undefined,
			'audit.chain.prev_hash': text(chain.prev_hash),
			'audit.chain.entry_hash': text(chain.entry_hash),
		},
		body: event.raw,
	};
}
