/** What comments and pages point to is there: a rule, an invariant, a page, a heading. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' });
const all = tracked.split('\n').filter((file) => existsSync(file));
const pages = all.filter((file) => file.endsWith('.md'));
const code = all.filter((file) => /\.(ts|mjs|cjs|ya?ml)$/.test(file) && !/fixtures\/index|docs\/references/.test(file));

/** As GitHub makes them of headings. */
function anchors(page: string): Set<string> {
	const text = readFileSync(page, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
	const seen = new Map<string, number>();
	const headings = [...text.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
		const plain = heading!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
		const slug = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
		const before = seen.get(slug) ?? 0;
		seen.set(slug, before + 1);
		return before === 0 ? slug : `${slug}-${before}`;
	});
	const given = [...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name]) => name!);
	return new Set([...headings, ...given]);
}

/** Where in the text of a file it points outside the tree, or to nothing. */
export function unresolved(file: string, text: string): string[] {
	const found: string[] = [];
	const isPage = file.endsWith('.md');
	const check = (target: string, base: string) => {
		const [path = '', anchor] = target.split('#');
		const page = path === '' ? file : normalize(join(base, path));
		if (!existsSync(page)) found.push(target);
		else if (anchor && page.endsWith('.md') && !anchors(page).has(anchor)) found.push(target);
	};
	if (isPage) {
		const prose = text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
		for (const [, target = ''] of prose.matchAll(/\]\(([^)\s]+)\)/g))
			if (!/^(https?:|mailto:)/.test(target)) check(target, dirname(file));
		return found;
	}
	// pages are named from the root of the tree in code
	for (const [target] of text.matchAll(/(?<![\w/.-])(?:docs|bench)\/[\w/.-]+\.md(?:#[\w-]+)?/g)) check(target, '.');
	const comments = [...text.matchAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm)].map(([comment]) => comment).join('\n');
	const rules = anchors('docs/walk.md');
	for (const [rule] of comments.matchAll(/\bR\d{1,2}\b/g)) if (!rules.has(rule.toLowerCase())) found.push(rule);
	const invariants = readFileSync('docs/walk.md', 'utf8');
	for (const [one] of comments.matchAll(/\bI\d{1,2}(?=:)/g)) if (!invariants.includes(`| ${one} `)) found.push(one);
	for (const [mark] of comments.matchAll(
		/(?<!RFC \d+ )§\s?[\d.]+|\[(?:AL|API|S|D)\](?!\()|(?<![\w/.-])[a-z][a-z-]*\.md\b/g,
	))
		found.push(mark);
	return found;
}

test('every reference of the code resolves inside the tree', () => {
	expect(code.length).toBeGreaterThan(300);
	expect(
		code.flatMap((file) => unresolved(file, readFileSync(file, 'utf8')).map((what) => `${file}: ${what}`)),
	).toEqual([]);
});

test('every link of a page resolves', () => {
	expect(pages.length).toBeGreaterThan(10);
	expect(
		pages.flatMap((file) => unresolved(file, readFileSync(file, 'utf8')).map((what) => `${file}: ${what}`)),
	).toEqual([]);
});

test.each([
	['a.ts', '// as in R99'],
	['a.ts', '/** I99: nothing */'],
	['a.ts', '// see §12'],
	['a.ts', '/** [AL] allows 200 */'],
	['a.ts', '/** Simulated (arcus-erp.md). */'],
	['a.ts', '// docs/nowhere.md'],
	['a.ts', '// docs/walk.md#r99'],
	['README.md', '[x](docs/walk.md#nowhere)'],
	['docs/walk.md', '[x](#nowhere)'],
])('%s: %s is found', (file, text) => {
	expect(unresolved(file, text)).toHaveLength(1);
});
