/** The declared providers that are built in, as JSON: so that neither package needs a parser of YAML for them. */
const { glob, readFile, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { parse } = require('yaml');

const FILE = 'providers/declarations.json';

/** The text of `providers/declarations.json`, from `providers/<name>/<name>.provider.yaml`. */
exports.declarationsText = async function declarationsText(root = '.') {
	const files = (await Array.fromAsync(glob('providers/*/*.provider.yaml', { cwd: root }))).sort();
	const declarations = await Promise.all(files.map(async (file) => parse(await readFile(join(root, file), 'utf8'))));
	return `${JSON.stringify(declarations, null, '\t')}\n`;
};

/** Kept in the repository, because types and tests come before any build. */
exports.declarations = async function declarations() {
	await writeFile(FILE, await exports.declarationsText());
};
