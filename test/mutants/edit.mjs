/**
 * Edits of the syntax tree, so that a mistake still applies after the source was laid out anew, or changed around it.
 *
 * - `at`: the declarations that lead to the place, outermost first: `createPoller.passRetention`. Alone it stands for all that
 *   the last one says: the value of a variable or property, the body of a function.
 * - `find`: an expression, a statement or a member of an object in TypeScript; must occur once (in `at`). `$x` stands for any
 *   expression, the same one where it is written twice.
 * - `replace`: what stands there instead, as text. `$x` is what was found, `$0` all of it.
 *
 * @typedef {{ file: string, at?: string, find?: string, replace: string }} Edit
 */
import ts from 'typescript';

/**
 * @param {string} source
 * @param {Omit<Edit, 'file'>} edit
 * @returns {string} the changed source; throws `Error` naming what is not found, or found more than once
 */
export function edited(source, { at, find, replace }) {
	const tree = parse(source);
	const place = at === undefined ? tree : declared(tree, at.split('.'));
	const found = find === undefined ? [{ node: said(place), bound: new Map() }] : matches(place, pattern(find));
	if (found.length !== 1) throw new Error(`${found.length} places for \`${find}\`${at ? ` in ${at}` : ''}`);
	const [{ node, bound }] = found;
	const [start, end] = [node.getStart(tree), node.getEnd()];
	bound.set('$0', source.slice(start, end));
	return source.slice(0, start) + replace.replace(/\$\w+/g, (name) => bound.get(name) ?? name) + source.slice(end);
}

const parse = (text) => ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true);

function declared(tree, names) {
	let place = tree;
	for (const name of names) {
		const found = all(place).filter((node) => node !== place && node.name?.getText?.() === name && said(node));
		// the outermost one: what is declared inside it under the same name is another thing
		const [first, ...others] = found.filter((node) => !found.some((one) => one !== node && contains(one, node)));
		if (!first || others.length > 0) throw new Error(`${others.length + (first ? 1 : 0)} declarations of ${name}`);
		place = first;
	}
	return place;
}

/** What a declaration says: a value, or a body. */
const said = (node) => node.initializer ?? node.body;

const contains = (outer, inner) => outer.pos <= inner.pos && inner.end <= outer.end;

function all(node) {
	const found = [node];
	ts.forEachChild(node, (child) => void found.push(...all(child)));
	return found;
}

/** What reads as an expression is one: as a statement it would be the same place once more. */
function pattern(text) {
	const readings = [
		[`(${text}\n)`, (tree) => onlyStatement(tree)?.expression?.expression],
		[`({${text}\n})`, (tree) => single(onlyStatement(tree)?.expression?.expression?.properties)],
		[`async function $f(){${text}\n}`, (tree) => single(onlyStatement(tree)?.body?.statements)],
	];
	for (const [wrapped, inner] of readings) {
		const tree = parse(wrapped);
		const node = tree.parseDiagnostics.length === 0 ? inner(tree) : undefined;
		if (node) return node;
	}
	throw new Error(`not an expression, a statement or a member: ${text}`);
}

const single = (list) => (list?.length === 1 ? list[0] : undefined);
const onlyStatement = (tree) => single(tree.statements);

function matches(place, wanted) {
	return all(place).flatMap((node) => {
		const bound = new Map();
		return isLike(wanted, node, bound) ? [{ node, bound }] : [];
	});
}

function isLike(wanted, node, bound) {
	const text = wanted.getText();
	if (wanted.kind === ts.SyntaxKind.Identifier && text.startsWith('$')) {
		if (bound.has(text)) return bound.get(text) === node.getText();
		bound.set(text, node.getText());
		return true;
	}
	if (wanted.kind !== node.kind) return false;
	const [some, others] = [parts(wanted), parts(node)];
	if (some.length === 0) return text === node.getText();
	return some.length === others.length && some.every((part, index) => isLike(part, others[index], bound));
}

/** Tokens included; commas and semicolons at an end may be there or not. */
function parts(node) {
	const children = node
		.getChildren()
		.filter(({ kind }) => kind < ts.SyntaxKind.FirstJSDocNode || kind > ts.SyntaxKind.LastJSDocNode);
	const last = children.at(-1)?.kind;
	const isLoose =
		last === ts.SyntaxKind.SemicolonToken ||
		(last === ts.SyntaxKind.CommaToken && node.kind === ts.SyntaxKind.SyntaxList);
	return isLoose ? children.slice(0, -1) : children;
}
