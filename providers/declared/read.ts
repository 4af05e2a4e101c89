/** From what stands in a file to a declaration, or everything that is wrong with it. */
import { findingsIn } from './checks';
import { Form, type Declaration } from './form/declaration';
import { findingsOf, type Finding } from './validate';

export type Read =
	{ kind: 'declaration'; declaration: Declaration } | { kind: 'findings'; findings: readonly Finding[] };

/** What fits the form is checked for what the form cannot say. */
export function readDeclaration(data: unknown): Read {
	const form = findingsOf(Form, data);
	const findings = form.length > 0 ? form : findingsIn(data as Declaration);
	return findings.length > 0
		? { kind: 'findings', findings }
		: { kind: 'declaration', declaration: data as Declaration };
}
