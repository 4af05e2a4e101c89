/** What `provider check` says about a declaration, step by step as the command does it. */
import { recordsText } from '../../../forwarder/prove/check';
import { differences, readPages } from '../../../forwarder/prove/examples';
import { prove } from '../../../forwarder/prove/prove';
import { subjectOf } from '../../../forwarder/prove/subject';
import { proofResults } from '../../../forwarder/prove/verdict';
import { readDeclaration } from '../../../providers/declared/read';
import { set, type Json } from '../../../sandbox/declared/places';
import { example, pageOf, styles, type Style } from './styles';

/** By place in the declaration; undefined: nothing stands there. */
export type Changes = Record<string, unknown>;

/** Everything that is said about a changed declaration, with an example that the good one of the style reads. */
export async function said(style: Style, changes: Changes): Promise<string> {
	const changed = structuredClone(styles[style]) as Json;
	for (const [place, value] of Object.entries(changes)) set(changed, place, value);
	const read = readDeclaration(JSON.parse(JSON.stringify(changed)));
	if (read.kind === 'findings')
		return read.findings.map(({ path, what, fix }) => `${path.join('.')}: ${what} → ${fix}`).join('\n');
	const pages = [pageOf(style)];
	const expected = await recordsText(styles[style], { pages });
	const subject = subjectOf(read.declaration);
	const found = differences(read.declaration, await readPages(subject, { pages }), expected);
	if (found.length > 0) return found.map(({ what, fix }) => `${what} → ${fix}`).join('\n');
	const results = proofResults(read.declaration, await prove({ ...subject, examples: [example] }));
	return results.map(({ status, detail, fix }) => `${status}: ${detail} → ${fix}`).join('\n');
}
