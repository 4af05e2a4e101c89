/** Gathers what is wrong, each at the place in a file where it stands, and what that makes useless: everything, or some sources. */
import type * as z from 'zod';
import type { Assembled } from './assemble';
import { formatKey, type KeyPath, type Problem, type Report } from './errors';
import { findingsOf } from './problems';

export interface Found {
	problem: Problem;
	/** Entries of `sources` that cannot be used because of it. Absent: nothing can. */
	spoils?: Set<number>;
}

export interface Collected {
	readonly found: readonly Found[];
	/** One sentence per place: a value that could not be read need not be called malformed too. */
	add(problem: Problem, spoils?: readonly number[]): void;
	/** By the key in the whole. What stands in a source spoils that source only. */
	report: Report;
	/** What a schema found. */
	reportIssues(error: z.ZodError | undefined, of: unknown, schema: z.ZodType, at?: KeyPath): void;
}

/** @param referenced keys whose value came from a reference: never quoted */
export function collecting(assembled: Assembled, referenced: ReadonlySet<string>): Collected {
	const found = new Map<string, Found>();
	const add = (problem: Problem, spoils?: readonly number[]) => {
		const { key, file = '' } = problem;
		const known = found.get(`${file} ${key}`);
		if (!known) found.set(`${file} ${key}`, { problem, ...(spoils && { spoils: new Set(spoils) }) });
		else if (!spoils) delete known.spoils;
		// what stands in defaults may spoil many
		else for (const index of spoils) known.spoils?.add(index);
	};
	const report: Report = (key, what, fix, part) => {
		const [section, index] = key;
		// of a row of a table that is wrong nothing else is known
		if (section === 'sources' && assembled.isWrongRow(Number(index))) return;
		// they may stand in the file that cannot be read
		if (section === 'sources' && key.length === 1 && assembled.unread.length > 0) return;
		const spoils = section === 'sources' && typeof index === 'number' ? [index] : undefined;
		add({ ...assembled.placeOf(key, part), what, fix }, spoils);
	};
	return {
		get found() {
			return [...found.values()];
		},
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
