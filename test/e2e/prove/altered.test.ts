/** Each built-in declaration with one thing in it wrong: its form, its examples, or the API that it was made for shows it. */
import { exampleFiles } from '../../../forwarder/prove/exampleFiles';
import { differences, readPages } from '../../../forwarder/prove/examples';
import { incidentsFor } from '../../../forwarder/prove/incidents';
import { isGood, play } from '../../../forwarder/prove/play';
import { subjectOf } from '../../../forwarder/prove/subject';
import { declaredReadings } from '../../../forwarder/prove/unknown';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { readDeclaration } from '../../../providers/declared/read';
import { declared } from '../../../providers/registry';
import type { Json } from '../../../sandbox/declared/places';
import { alterations } from '../../forwarder/prove/alterations';

/** What makes no difference, and why. Whoever asks the vendor is the only one to find out. */
const harmless: readonly [name: RegExp, why: string, of?: readonly string[]][] = [
	[/^order: (?:oldest|newest|stored|unknown)$/, 'no order is ever taken for an end'],
	[/^bounds\.on: stored$/, 'ids are kept for longer, and no upper bound is sent where none has to be'],
	[/^bounds\.upper: none$/, 'a past span is read to now: more requests, the same events'],
	[/^bounds\.onBounded: removed$/, 'as without an upper bound'],
	[/^page\.replay: whole$/, 'the address has all that the parameter has', ['github', 'gitlab']],
	[/^page\.end\.samePosition: true$/, 'a position that leads to itself leads nowhere in any case'],
	[/^list\.missing: empty$/, 'without its flag for more, an answer is not an end', ['onepassword']],
	[/^lateness: 1s$/, 'by the time of storing nothing is late', ['okta']],
];

async function isFound(declaration: Declaration, altered: unknown, isPlayed: boolean): Promise<boolean> {
	const read = readDeclaration(JSON.parse(JSON.stringify(altered)));
	if (read.kind === 'findings') return true;
	const files = await exampleFiles(`providers/${declaration.name}/${declaration.name}.provider.yaml`);
	const subject = subjectOf(read.declaration);
	if (differences(read.declaration, await readPages(subject, files), files.expected).length > 0) return true;
	if (!isPlayed) return false;
	const pages = await readPages(subjectOf(declaration), files);
	const examples = pages.flatMap(({ page }) => page?.events ?? []).map(({ json }) => json as Json);
	for (const readings of declaredReadings(declaration)) {
		for (const incident of incidentsFor(declaration)) {
			if (!isGood(await play({ ...subject, examples, api: declaration }, incident, readings))) return true;
		}
	}
	return false;
}

test.each(declared.map((one) => [one.name, one] as const))('%s', async (name, declaration) => {
	const made = alterations(declaration);
	const missed: string[] = [];
	for (const { name: what, altered } of made) {
		const isHarmless = harmless.some(([which, , of]) => which.test(what) && (of?.includes(name) ?? true));
		if (!(await isFound(declaration, altered, !isHarmless)) && !isHarmless) missed.push(what);
	}
	expect(missed).toEqual([]);
	expect(made.length).toBeGreaterThan(25);
});

test('what is said to be harmless is altered somewhere', () => {
	const all = declared.flatMap((one) => alterations(one).map(({ name }) => [one.name, name] as const));
	const idle = harmless.filter(
		([which, , of]) => !all.some(([name, what]) => which.test(what) && (of?.includes(name) ?? true)),
	);
	expect(idle).toEqual([]);
});
