/** The five alerts that every SIEM gets, and which records of the sandbox (and of the forwarder itself) they are about. */
import { eventRecords, ownRecords, type ShippedRecord } from './records';

export const ALERTS: Record<string, readonly string[]> = {
	failover: [
		'arcus.system.failover_completed success',
		'arcus.system.failover_started success',
		'arpio.applicationrecoverycompleted success',
		'arpio.applicationrecoveryfailed failure',
		'arpio.endapplicationrecovery success',
		'arpio.startapplicationrecovery failure',
		'arpio.startapplicationrecovery success',
		'auditapi.dr.failover.completed success',
		'auditapi.dr.failover.resource_failed failure',
		'auditapi.dr.failover.started unknown',
	],
	failback: ['arpio.startapplicationfailback success'],
	'failed privileged action': [
		'arcus.export.denied denied',
		'arcus.user.login failure',
		'arpio.applicationrecoveryfailed failure',
		'arpio.deleteapplication failure',
		'arpio.startapplicationrecovery failure',
		'auditapi.dr.failover.resource_failed failure',
		'auditapi.login failure',
	],
	gap: [
		'audit_relay.gap filter_ignored',
		'audit_relay.gap rejected',
		'audit_relay.gap retention',
		'audit_relay.gap skipped',
		'audit_relay.gap state_lost',
	],
	'hash chain broken': ['audit_relay.gap chain_break', 'audit_relay.verify chain', 'audit_relay.verify provider'],
};

/** What a search or monitor is about, in the words of `ALERTS`. */
export function caught(matches: (record: ShippedRecord) => boolean): string[] {
	return [...eventRecords, ...ownRecords].filter(matches).map(said).sort();
}

/** Name, and outcome, reason, or the check that is broken. */
function said({ eventName, attributes }: ShippedRecord): string {
	const broken = ['rewalk', 'chain', 'count', 'provider'].find(
		(check) => attributes[`audit.verify.${check}`] === 'broken',
	);
	const detail =
		attributes['audit.outcome'] ?? attributes['audit.gap.reason'] ?? broken ?? attributes['audit.verify.verdict'];
	return `${eventName} ${String(detail)}`;
}
