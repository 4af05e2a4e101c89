import type { Alert, AttributeValue, AuditRecord } from '../../core/provider';
import { ERROR, FATAL, INFO, severityText, WARN } from '../../core/record/severity';
import { formatInstant, toHrTime } from '../../core/time';
import type { Batch } from '../store/contract';
import { verifiedText, type Verified } from '../store/verified';

/** The outcome of a scheduled completeness check as a record of its own. Its body holds all that was found. */
export function verifyRecord(verified: Verified, batch: Batch, label: string): AuditRecord {
	const { verdict, reason, from, to, counts, findings } = verified;
	const { severityNumber, alert } = levelOf(verdict, findings);
	const attributes: Record<string, AttributeValue> = {
		'log.record.uid': `audit-relay:verify:${batch.stream}:${formatInstant(batch.observed)}`,
		'audit.source': label,
		'audit.category': 'other',
		'audit.alert': alert,
		'audit.verify.verdict': verdict,
	};
	if (reason !== undefined) attributes['audit.verify.reason'] = reason;
	if (from !== undefined) attributes['audit.verify.from'] = formatInstant(from);
	if (to !== undefined) attributes['audit.verify.to'] = formatInstant(to);
	for (const { check, verdict: found } of findings) attributes[`audit.verify.${check.replace('-', '')}`] = found;
	for (const name of ['listed', 'missing', 'gone'] as const) {
		if (counts) attributes[`audit.verify.${name}`] = counts[name];
	}
	return {
		time: toHrTime(batch.observed),
		eventName: 'audit_relay.verify',
		severityNumber,
		severityText: severityText(severityNumber),
		attributes,
		body: verifiedText(verified),
	};
}

/** A provider that calls its own chain broken is what an audit log is kept for; a lost event is ours to look into. */
function levelOf(
	verdict: Verified['verdict'],
	findings: Verified['findings'],
): { severityNumber: number; alert: Alert } {
	if (verdict === 'proven') return { severityNumber: INFO, alert: 'none' };
	if (verdict === 'unknown') return { severityNumber: WARN, alert: 'none' };
	const refuted = findings.some(({ check, verdict: found }) => check === 'provider' && found === 'broken');
	return refuted ? { severityNumber: FATAL, alert: 'page' } : { severityNumber: ERROR, alert: 'notify' };
}
