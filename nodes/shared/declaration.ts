/** A declaration that somebody pasted: YAML, or JSON, which is YAML too. */
import { LineCounter, parseDocument } from 'yaml';
import type { Declaration } from '../../providers/declared/form/declaration';
import { readDeclaration } from '../../providers/declared/read';
import { InvalidInput } from './errors';

type Document = ReturnType<typeof parseDocument>;

/** So many findings are told at once: what is wrong first often explains the rest. */
const TOLD = 5;

/** Throws `InvalidInput` with the line of what is wrong. */
export function pastedDeclaration(text: string): Declaration {
	if (text.trim() === '') throw new InvalidInput('The declaration is empty', 'Paste one, or choose another provider.');
	const lines = new LineCounter();
	const document = parsed(text, lines);
	const [wrong] = document?.errors ?? [];
	if (!document || wrong) {
		const line = wrong ? `Line ${lines.linePos(wrong.pos[0]).line}: ${wrong.message}` : 'It is nested too deeply.';
		throw new InvalidInput('The declaration is not valid YAML', line);
	}
	const read = readDeclaration(dataOf(document));
	if (read.kind === 'declaration') return read.declaration;
	const told = read.findings.slice(0, TOLD).map(({ path, what, fix }) => {
		const { line } = lines.linePos(offsetOf(document, path));
		return `Line ${line}: ${path.join('.') || 'the declaration'} ${what}.${fix ? ` ${fix}.` : ''}`;
	});
	const more = read.findings.length - told.length;
	throw new InvalidInput(
		'The declaration cannot be used',
		[...told, ...(more > 0 ? [`And ${more} more.`] : [])].join(' '),
	);
}

/** Undefined when it is nested more deeply than the parser can follow. */
function parsed(text: string, lineCounter: LineCounter): Document | undefined {
	try {
		return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: 'error' });
	} catch {
		return undefined;
	}
}

function dataOf(document: Document): unknown {
	try {
		return document.toJS({ maxAliasCount: 100 });
	} catch {
		return undefined;
	}
}

/** Of the value, or of the nearest thing above it. */
function offsetOf(document: Document, path: readonly (string | number)[]): number {
	for (let depth = path.length; depth >= 0; depth--) {
		const node: unknown = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
		const { range } = (node ?? {}) as { range?: [number, number, number] };
		if (range) return range[0];
	}
	return 0;
}
