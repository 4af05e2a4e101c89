/** The declarations that are built in, as JSON: so that neither package needs a parser of YAML for them. */
const { glob, readFile, writeFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const { parse } = require('yaml');

/**
 * The files that `gulp declarations` writes, with their texts: one of all that are whole, and for each that has code as well one
 * beside it, so that its node can be built without the others.
 */
exports.declarationTexts = async function declarationTexts(root = '.') {
	const files = (await Array.fromAsync(glob('providers/*/*.provider.yaml', { cwd: root }))).sort();
	const read = files.map(async (file) => ({ file, data: parse(await readFile(join(root, file), 'utf8')) }));
	const all = await Promise.all(read);
	const text = (value) => `${JSON.stringify(value, null, '\t')}\n`;
	return new Map([
		['providers/declarations.json', text(all.filter(({ data }) => !data.code).map(({ data }) => data))],
		...all
			.filter(({ data }) => data.code)
			.map(({ file, data }) => [join(dirname(file), 'declaration.json'), text(data)]),
	]);
};

/** Kept in the repository, because types and tests come before any build. */
exports.declarations = async function declarations() {
	for (const [file, text] of await exports.declarationTexts()) await writeFile(file, text);
};
