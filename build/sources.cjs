/** The sources that some nodes need, and no others: their imports, theirs, and of the door to the core what is asked for. */
const { readFile } = require('node:fs/promises');
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const ts = require('typescript');

const CORE = 'nodes/shared/core.ts';
/** Nobody imports it: the build puts it in the place of the platform's timers. */
const TIMERS = 'nodes/shared/timers.ts';

/** @param entries nodes and credentials. Resolves with texts by path. */
exports.sourcesOf = async function sourcesOf(entries) {
	const found = new Map();
	const wanted = new Set();
	async function follow(path) {
		if (found.has(path) || path === CORE) return;
		found.set(path, await readFile(path, 'utf8'));
		for (const name of namesFromCore(path, found.get(path))) wanted.add(name);
		for (const next of imports(path, found.get(path))) await follow(next);
	}
	for (const path of [...entries, TIMERS]) await follow(path);
	const core = narrowed(await readFile(CORE, 'utf8'), wanted);
	for (const next of imports(CORE, core)) await follow(next);
	return found.set(CORE, core);
};

/** Files that a file imports, for their types too. */
function imports(path, text) {
	const { importedFiles } = ts.preProcessFile(text, true, true);
	return importedFiles
		.filter(({ fileName }) => fileName.startsWith('.'))
		.map(({ fileName }) => resolved(path, fileName));
}

function resolved(from, fileName) {
	const base = join(dirname(from), fileName);
	const file = [base, `${base}.ts`, join(base, 'index.ts')].find((path) => /\.\w+$/.test(path) && existsSync(path));
	if (!file) throw new Error(`${from} imports ${fileName}, which is not there`);
	return file;
}

const parsed = (text) => ts.createSourceFile('source.ts', text, ts.ScriptTarget.Latest).statements;

function namesFromCore(path, text) {
	return parsed(text)
		.filter((statement) => ts.isImportDeclaration(statement) && /\/core$/.test(statement.moduleSpecifier.text))
		.filter(({ moduleSpecifier }) => resolved(path, moduleSpecifier.text) === CORE)
		.flatMap(({ importClause }) => importClause.namedBindings.elements)
		.map(({ propertyName, name }) => (propertyName ?? name).text);
}

/** The core with only those of its exports that are wanted, each as it is written. */
function narrowed(text, wanted) {
	let narrow = text;
	for (const statement of [...parsed(text)].reverse()) {
		const names = ts.isExportDeclaration(statement) && statement.exportClause?.elements;
		if (!names) continue;
		const kept = names.filter(({ name }) => wanted.has(name.text));
		const [start, end] = kept.length > 0 ? [names.pos, names.end] : [statement.pos, statement.end];
		const written = kept.map((name) => text.slice(name.pos, name.end).trim()).join(', ');
		// the comment at the top belongs to the first statement
		const comment = statement.pos === 0 && kept.length === 0 ? text.slice(0, text.indexOf('*/') + 2) : '';
		narrow = narrow.slice(0, start) + (kept.length > 0 ? ` ${written}` : comment) + narrow.slice(end);
	}
	return narrow;
}
