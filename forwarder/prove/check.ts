/** Everything that can be said about a declaration without asking the API. */
import type { Declaration } from '../../providers/declared/form/declaration';
import type { Json } from '../../sandbox/declared/places';
import type { ExampleFiles } from './exampleFiles';
import { differences, readPages } from './examples';
import { paceResult } from './pace';
import { prove } from './prove';
import { subjectOf } from './subject';
import { exampleResults, proofResults, type Result } from './verdict';

export async function check(declaration: Declaration, files: ExampleFiles): Promise<Result[]> {
	const pages = await readPages(subjectOf(declaration), files);
	const events = pages.flatMap(({ page }) => page?.events ?? []);
	const examples = events.map(({ json }) => json as Json);
	const proof = await prove(subjectOf(declaration, examples));
	return [
		{ check: 'form', status: 'ok', detail: `${declaration.title}: valid` },
		...exampleResults(differences(declaration, pages, files.expected), pages.length, events.length),
		...proofResults(declaration, proof),
		paceResult(declaration, proof.quietRequests),
	];
}

/** The text of the file of expected records. */
export async function recordsText(declaration: Declaration, files: Pick<ExampleFiles, 'pages'>): Promise<string> {
	const pages = await readPages(subjectOf(declaration), files);
	return `${JSON.stringify(
		pages.flatMap(({ records }) => records),
		null,
		'\t',
	)}\n`;
}
