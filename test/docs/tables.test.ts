/** A terminal can show the tables of the pages: what needs more room is a list. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const WIDEST = 125;

/** Figures of twelve columns, which the benchmark writes. */
const GENERATED = ['bench/results.md'];

const pages = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).split('\n').filter(Boolean);

test('no row of a table is wider than a terminal', () => {
	expect(pages.length).toBeGreaterThan(10);
	const wide = pages
		.filter((page) => !GENERATED.includes(page))
		.flatMap((page) =>
			readFileSync(page, 'utf8')
				.split('\n')
				.map((line, index) => ({ line, at: `${page}:${index + 1}` })),
		)
		.filter(({ line }) => line.startsWith('|') && line.length > WIDEST);
	expect(wide.map(({ at }) => at)).toEqual([]);
});
