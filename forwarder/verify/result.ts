/** What a completeness check found. */
import type { Gap } from '../../core/walk/contract';
import type { Finding, Verdict, Verified } from '../store/verified';

export type { Counts, Finding, Place } from '../store/verified';

export interface Verification extends Verified {
	source: string;
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
