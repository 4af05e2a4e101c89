/** Gathers what is wrong, each at the place in a file where it stands. */
import type * as z from 'zod';
import type { Assembled } from './assemble';
import { formatKey, type KeyPath, type Problem, type Report } from './errors';
import { findingsOf } from './problems';

export interface Collected {
	problems: Problem[];
	/** One sentence per place: a value that could not be read need not be called malformed too. */
	add(problem: Problem): void;
	/** By the key in the whole. */
	report: Report;
	/** What a schema found. */
	reportIssues(error: z.ZodError | undefined, of: unknown, schema: z.ZodType, at?: KeyPath): void;
}

/** @param referenced keys whose value came from a reference: never quoted */
export function collecting(assembled: Assembled, referenced: ReadonlySet<string>): Collected {
	const problems: Problem[] = [];
	const reported = new Set<string>();
	const add = (problem: Problem) => {
		const { key, file = '' } = problem;
		if (reported.has(`${file} ${key}`)) return;
		reported.add(`${file} ${key}`);
		problems.push(problem);
	};
	const report: Report = (key, what, fix, part) => add({ ...assembled.placeOf(key, part), what, fix });
	return {
		problems,
		add,
		report,
		reportIssues(error, of, schema, at = []) {
			const quotable = (key: KeyPath) => !referenced.has(formatKey([...at, ...key]));
			for (const issue of error?.issues ?? []) {
				for (const { path: key, what, fix, part } of findingsOf(issue, of, quotable, schema)) {
					report([...at, ...key], what, fix, part);
				}
			}
		},
	};
}

/** Those of an included file after those of the main one. */
export function inOrder(problems: readonly Problem[]): Problem[] {
	const rank = ({ line = Infinity, column = 0 }: Problem) => line * 10_000 + column;
	const fileOf = ({ file = '' }: Problem) => file;
	return [...problems].sort((a, b) => fileOf(a).localeCompare(fileOf(b)) || rank(a) - rank(b) || 0);
}
