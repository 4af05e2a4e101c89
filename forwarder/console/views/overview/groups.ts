/** Problems as a person reads them: three hundred tenants with the same one are one problem. */
import type { HealthProblem } from '../../api/types';

export interface ProblemGroup {
	rule: string;
	severity: HealthProblem['severity'];
	problems: HealthProblem[];
}

/** In the order of the first of each. */
export function grouped(problems: readonly HealthProblem[]): ProblemGroup[] {
	const groups = new Map<string, ProblemGroup>();
	for (const problem of problems) {
		const { rule, severity } = problem;
		const key = `${severity} ${rule}`;
		const group = groups.get(key);
		if (group) group.problems.push(problem);
		else groups.set(key, { rule, severity, problems: [problem] });
	}
	return [...groups.values()];
}
