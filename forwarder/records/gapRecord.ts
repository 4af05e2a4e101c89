import type { AttributeValue, AuditRecord } from '../../core/provider';
import type { Gap } from '../../core/walk/contract';
import { INFO, severityText, WARN } from '../../core/record/severity';
import { formatInstant, toHrTime } from '../../core/time';
import type { Batch } from '../store/contract';

/** A gap as a record of its own, so that whoever searches the events also finds where some are missing. */
export function gapRecord(gap: Gap, batch: Batch, label: string): AuditRecord {
	const from = gap.from === undefined ? undefined : formatInstant(gap.from);
	const to = gap.to === undefined ? undefined : formatInstant(gap.to);
	const severityNumber = gap.reason === 'collection_start' ? INFO : WARN;
	const attributes: Record<string, AttributeValue> = {
		'log.record.uid': `audit-relay:gap:${batch.stream}:${gap.reason}:${from ?? to ?? formatInstant(batch.observed)}`,
		'audit.source': label,
		'audit.category': 'gap',
		'audit.gap.reason': gap.reason,
	};
	if (from !== undefined) attributes['audit.gap.from'] = from;
	if (to !== undefined) attributes['audit.gap.to'] = to;
	return {
		// when it was noticed: the span itself may be older than what the receiver takes
		time: toHrTime(batch.observed),
		eventName: 'audit_relay.gap',
		severityNumber,
		severityText: severityText(severityNumber),
		attributes,
		body: JSON.stringify({ reason: gap.reason, from, to, detail: gap.detail }),
	};
}
