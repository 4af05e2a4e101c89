/** Mistakes that keep single sources from being used, while the others are. */
import type { Assembled } from './assemble';
import { inOrder, type Found } from './collect';
import { nameOf } from './duplicates';
import type { Problem } from './errors';

export interface Mistake {
	/** As it is called in the file. Absent: its name is what is wrong, or it is a file that cannot be read, with whatever is in it. */
	source?: string;
	/** As the file says it. */
	provider?: string;
	/** As messages name it. */
	file: string;
	problems: readonly Problem[];
}

/** Files first, then sources in their order. */
export function mistakesOf({ unread, files, data, fileOf }: Assembled, found: readonly Found[]): Mistake[] {
	const entries = Array.isArray(data['sources']) ? (data['sources'] as unknown[]) : [];
	const main = files[0].path;
	return [
		...unread.map(({ home, problems }) => ({ file: home ?? problems[0]!.file!, problems })),
		...found
			.filter(({ spoils }) => spoils?.size === 0)
			.map(({ problem }) => ({ file: problem.file ?? main, problems: [problem] })),
		...entries.flatMap((entry, index): Mistake[] => {
			const problems = found.filter(({ spoils }) => spoils?.has(index)).map(({ problem }) => problem);
			if (problems.length === 0) return [];
			const name = nameOf(entry);
			const { provider } = (entry ?? {}) as { provider?: unknown };
			return [
				{
					...(name !== undefined && { source: name }),
					...(typeof provider === 'string' && { provider }),
					file: fileOf(index).path,
					problems: inOrder(problems),
				},
			];
		}),
	];
}
