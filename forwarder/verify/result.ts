/** What a completeness check found. */
import type { Gap } from '../../polling/contract';
import type { Nanos } from '../../providers/contract';
import type { Verdict } from '../store/verdicts';

export interface Finding {
	/**
	 * re-walk: everything that the provider lists was stored · chain: what it lists is linked without a break ·
	 * count: it counts as many events as it lists · provider: its own walk over its chain.
	 */
	check: 're-walk' | 'chain' | 'count' | 'provider';
	verdict: Verdict;
	/** One line for people. */
	detail: string;
	/** Where it is broken: at most 100 places, oldest first. */
	where?: Place[];
}

export interface Place {
	id?: string;
	time?: Nanos;
	why: string;
}

export interface Counts {
	/** Distinct events that the provider lists. */
	listed: number;
	/** Of these: acknowledged by every destination. */
	acknowledged: number;
	/** In the outbox: as safe, and not yet delivered. */
	waiting: number;
	/** Among the dead letters of some destination. */
	deadLettered: number;
	/** Left out by configuration. */
	dropped: number;
	missing: number;
	/** Made safe, and no longer listed: deleted or expired at the provider. */
	gone: number;
	/** Elements that are not events. */
	unreadable: number;
}

export interface Verification {
	source: string;
	verdict: Verdict;
	/** Why it is unknown, or the first thing that is broken. */
	reason?: string;
	/** What was compared; `to` not included. Absent when there was nothing to compare. */
	from?: Nanos;
	to?: Nanos;
	findings: Finding[];
	counts?: Counts;
	/** Gaps on record in this span. */
	gaps: Gap[];
}

export const PLACES = 100;

/** The re-walk decides, unless anything contradicts: what a provider does not offer to check is not an alarm. */
export function verdictOf(findings: readonly Finding[]): { verdict: Verdict; reason?: string } {
	const broken = findings.find(({ verdict }) => verdict === 'broken');
	if (broken) return { verdict: 'broken', reason: broken.detail };
	const walk = findings.find(({ check }) => check === 're-walk');
	if (walk?.verdict === 'proven') return { verdict: 'proven' };
	return { verdict: 'unknown', ...(walk && { reason: walk.detail }) };
}
