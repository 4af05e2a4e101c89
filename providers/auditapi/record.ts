/** Stored event → log record. */
import type { SourceEvent } from '../../core/contract';
import type { Draft } from '../../core/provider';
import { idsOf } from '../../core/record/ids';
import { INFO, WARN, raisedBy, severityText } from '../../core/record/severity';
import { toHrTime } from '../../core/time';
import { classify } from './classify';
import { actorOf, firstText, isUser, nameOf, outcomeOf, payloadOf, severityOf } from './derive';

/** Event names are a closed set at the destination; free text would make it grow without end. */
const NAME = /^[a-z][a-z0-9_.-]{0,100}$/;

export function auditApiRecord(event: SourceEvent): Draft {
	const payload = payloadOf(event);
	const id = idsOf(event);
	// one derived name for the event name, the action and the rules: writers spell the key differently
	const name = nameOf(payload);
	const stated = severityOf(payload);
	const outcome = outcomeOf(payload);
	const { category, alert } = classify({ name: name ?? '', failed: outcome.failed, stated: stated.number });
	const level = Math.max(stated.number ?? INFO, outcome.failed ? WARN : 0);
	const severityNumber = raisedBy(alert, level);
	const actorId = actorOf(id);
	return {
		time: toHrTime(event.time),
		eventName: `auditapi.${name !== undefined && NAME.test(name) ? name : 'event'}`,
		severityNumber,
		severityText: severityText(severityNumber),
		attributes: {
			'log.record.uid': `auditapi:${event.id}`,
			'audit.source': 'auditapi',
			'audit.action': name,
			'audit.category': category,
			'audit.alert': alert,
			'audit.outcome': outcome.word,
			'audit.severity': stated.word,
			'audit.tenant.id': id('payload', 'account_id'),
			'audit.actor.id': actorId,
			'user.id': isUser(payload) ? actorId : undefined,
			'client.address': firstText(payload, 'ip', 'ip_address', 'remote_ip'),
		},
		body: event.raw,
	};
}
