/** What all paths of one moment are answered from. */
import type { Snapshot } from '../../run/snapshot';
import type { HealthProblem } from '../readiness';
import type { Known } from '../../run/known';

export interface View {
	snapshot: Snapshot;
	problems: readonly HealthProblem[];
	known: Known;
}
