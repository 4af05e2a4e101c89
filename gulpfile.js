/**
 * The build: type-check, bundle, icons and codex files, licences of bundled code.
 * `gulp build` makes both packages; `gulp forwarder` only the command (what `npm run demo` and `npm test` need).
 * `gulp check` is what `npm test` does before it runs anything.
 * `gulp release` packs both into `release/`, with their checksums: what an installation is made from. Beside them it writes one
 * repository per service (`gulp repositories`).
 */
const { execFile } = require('node:child_process');
const { createHash } = require('node:crypto');
const { cp, glob, mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { join } = require('node:path');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { parallel, series } = require('gulp');
const { buildConsole } = require('./build/console.cjs');
const { declarations } = require('./build/declarations.cjs');
const { licences } = require('./build/licences.cjs');
const { nodePack } = require('./build/nodePack.cjs');
const { packNodes } = require('./build/packNodes.cjs');
const { writeRepositories } = require('./build/repositories.cjs');

const run = promisify(execFile);

const clean = () =>
	Promise.all(['dist', 'forwarder/dist'].map((folder) => rm(folder, { recursive: true, force: true })));

async function typecheck() {
	for (const project of ['tsconfig.json', 'forwarder/console']) {
		await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', project]).catch((error) => {
			process.stderr.write(error.stdout ?? '');
			throw new Error('type-check failed');
		});
	}
}

/** Lint, the direction of imports, and format. */
async function lint() {
	await run(process.execPath, [process.env.npm_execpath, 'run', '--silent', 'lint']).catch((error) => {
		process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}`);
		throw new Error('lint failed');
	});
}

const mutants = () =>
	run(process.execPath, ['test/mutants/applies.mjs']).catch((error) => {
		process.stderr.write(error.stderr ?? '');
		throw new Error('mistakes that cannot be made');
	});

/**
 * With its libraries: loaded from a few files instead of hundreds, the command starts in two thirds of the time and takes 15 MB
 * less. Their versions are pinned, so that a fix of theirs is a release of ours either way.
 */
async function forwarder() {
	// chunks of earlier builds would be published too
	await rm('forwarder/dist', { recursive: true, force: true });
	const { metafile } = await esbuild.build({
		entryPoints: { 'audit-relay': 'forwarder/cli/bin.ts' },
		splitting: true,
		chunkNames: '[name]-[hash]',
		outdir: 'forwarder/dist',
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
		// some libraries are published in two forms: this one leaves out what is not used
		mainFields: ['module', 'main'],
		// others ask for what Node has by `require`
		banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
		logLevel: 'warning',
		metafile: true,
	});
	const shown = await buildConsole('forwarder/dist/console');
	await writeFile(
		'forwarder/dist/THIRD_PARTY_LICENSES.md',
		await licences([...Object.keys(metafile.inputs), ...shown]),
	);
	// for editors of people who have the package and no checkout
	await cp('docs/config.schema.json', 'forwarder/dist/config.schema.json');
	await cp('docs/provider.schema.json', 'forwarder/dist/provider.schema.json');
}

/** In the form of `sha256sum`, which checks it too. */
async function pack() {
	await rm('release', { recursive: true, force: true });
	await mkdir('release');
	await packNodes('release');
	await run('npm', ['pack', '--workspaces', '--pack-destination', 'release', '--silent']);
	const files = (await Array.fromAsync(glob('*.tgz', { cwd: 'release' }))).sort();
	const sums = files.map(async (file) => {
		const hash = createHash('sha256').update(await readFile(join('release', file)));
		return `${hash.digest('hex')}  ${file}\n`;
	});
	await writeFile('release/SHA256SUMS', (await Promise.all(sums)).join(''));
}

const repositories = () => writeRepositories('release/repositories');

exports.declarations = declarations;
exports.forwarder = series(declarations, forwarder);
exports.nodes = nodePack;
/** What `npm test` looks at before it runs anything: side by side, because each uses one processor. */
exports.check = parallel(typecheck, lint, mutants, exports.forwarder);
exports.build = series(clean, declarations, typecheck, parallel(forwarder, nodePack));
exports.release = series(exports.build, pack, repositories);
exports.repositories = repositories;
exports.default = exports.build;
