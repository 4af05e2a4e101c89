/** Packs the node pack, with its own page as README: that of the repository speaks of both doors. */
const { execFile } = require('node:child_process');
const { cp, mkdtemp, readFile, rm, writeFile } = require('node:fs/promises');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { promisify } = require('node:util');
const { pageOfPack } = require('./readme.cjs');

const run = promisify(execFile);

/** @param destination folder that gets the package file; `dist` has been built */
exports.packNodes = async function packNodes(destination) {
	const folder = await mkdtemp(join(tmpdir(), 'node-pack-'));
	try {
		for (const part of ['dist', 'LICENSE', 'package.json']) await cp(part, join(folder, part), { recursive: true });
		const { homepage } = JSON.parse(await readFile('package.json', 'utf8'));
		await writeFile(join(folder, 'README.md'), await pageOfPack(homepage));
		await run('npm', ['pack', '--pack-destination', resolve(destination), '--silent'], { cwd: folder });
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
