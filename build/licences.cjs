/** The licences of the packages whose files were bundled. */
const { glob, readFile } = require('node:fs/promises');
const { join } = require('node:path');

/** @param inputs the files that esbuild put into a bundle */
exports.licences = async function licences(inputs) {
	const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0]).filter(Boolean);
	const parts = [...new Set(folders)].sort().map(async (folder) => {
		const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
		const text = await licence(folder);
		if (!text) throw new Error(`${name}: no licence to ship`);
		return `## ${name} ${version} (${license})\n\n${text.trim()}\n`;
	});
	return `# Licences of bundled code\n\n${(await Promise.all(parts)).join('\n')}`;
};

/** A file of its own, or the last section of the README: some packages have it only there. */
async function licence(folder) {
	const [file] = await Array.fromAsync(glob('{LICEN[CS]E,[Ll]icen[cs]e}*', { cwd: folder }));
	if (file) return readFile(join(folder, file), 'utf8');
	const readme = await readFile(join(folder, 'README.md'), 'utf8').catch(() => '');
	return /^(?:#+ licen[sc]e|licen[sc]e\s+[-=]+)\s([^#]+)$/im.exec(readme)?.[1];
}
