/**
 * The build: type-check, bundle, icons and codex files, licences of bundled code.
 * `gulp build` makes both packages; `gulp forwarder` only the command (what `npm run demo` and `npm test` need).
 * `gulp release` packs both into `release/`, with their checksums: what an installation is made from.
 */
const { execFile } = require('node:child_process');
const { createHash } = require('node:crypto');
const { cp, glob, mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { dirname, join } = require('node:path');
const { promisify } = require('node:util');
const esbuild = require('esbuild');
const { parallel, series } = require('gulp');

const run = promisify(execFile);

const clean = () =>
	Promise.all(['dist', 'forwarder/dist'].map((folder) => rm(folder, { recursive: true, force: true })));

async function typecheck() {
	await run(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.json']).catch((error) => {
		process.stderr.write(error.stdout ?? '');
		throw new Error('type-check failed');
	});
}

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
	await writeFile('forwarder/dist/THIRD_PARTY_LICENSES.md', await licences(Object.keys(metafile.inputs)));
	// for editors of people who have the package and no checkout
	await cp('docs/config.schema.json', 'forwarder/dist/config.schema.json');
}

/** n8n provides these; everything else is bundled, because a node pack may have no dependencies. */
const PROVIDED = ['n8n-workflow'];

const nodeOptions = { platform: 'node', format: 'cjs', target: 'node20.19', logLevel: 'warning' };

/**
 * The core once, outside the nodes: every node requires the same file, so that they share one limiter per credential.
 * `inject` keeps timers out of it, which n8n's package scan forbids.
 */
async function core() {
	const { metafile } = await esbuild.build({
		...nodeOptions,
		entryPoints: { core: 'nodes/shared/core.ts' },
		outdir: 'dist',
		bundle: true,
		external: PROVIDED,
		inject: ['nodes/shared/timers.ts'],
		metafile: true,
	});
	await writeFile('dist/THIRD_PARTY_LICENSES.md', await licences(Object.keys(metafile.inputs)));
}

async function licences(inputs) {
	const folders = inputs.map((input) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0]).filter(Boolean);
	const parts = [...new Set(folders)].sort().map(async (folder) => {
		const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
		const [file] = await Array.fromAsync(glob('{LICENSE,LICENCE,license,licence}*', { cwd: folder }));
		if (!file) throw new Error(`${name}: no licence file to ship`);
		return `## ${name} ${version} (${license})\n\n${(await readFile(join(folder, file), 'utf8')).trim()}\n`;
	});
	return `# Licences of bundled code\n\n${(await Promise.all(parts)).join('\n')}`;
}

/** Each node and credential as a CommonJS file of its own, at the path that package.json names. */
async function nodes() {
	const { n8n } = JSON.parse(await readFile('package.json', 'utf8'));
	await esbuild.build({
		...nodeOptions,
		entryPoints: [...n8n.nodes, ...n8n.credentials].map((file) => file.replace(/^dist\//, '').replace(/\.js$/, '.ts')),
		outdir: 'dist',
		outbase: '.',
		bundle: true,
		external: PROVIDED,
		plugins: [
			{
				name: 'shared core',
				setup: (build) =>
					build.onResolve({ filter: /\/shared\/core$/ }, () => ({ path: '../../core', external: true })),
			},
		],
	});
}

/** Icons and codex files, by exact globs: a wider one would publish screenshots and coverage icons. */
async function assets() {
	for await (const file of glob(['nodes/*/*.svg', 'nodes/*/*.node.json', 'credentials/*.svg'])) {
		await mkdir(dirname(join('dist', file)), { recursive: true });
		await cp(file, join('dist', file));
	}
}

/** In the form of `sha256sum`, which checks it too. */
async function pack() {
	await rm('release', { recursive: true, force: true });
	await mkdir('release');
	const packages = ['--workspaces', '--include-workspace-root'];
	await run('npm', ['pack', ...packages, '--pack-destination', 'release', '--silent']);
	const files = (await Array.fromAsync(glob('*.tgz', { cwd: 'release' }))).sort();
	const sums = files.map(async (file) => {
		const hash = createHash('sha256').update(await readFile(join('release', file)));
		return `${hash.digest('hex')}  ${file}\n`;
	});
	await writeFile('release/SHA256SUMS', (await Promise.all(sums)).join(''));
}

exports.forwarder = forwarder;
/** A file of a node that is gone would still be published. */
const cleanNodes = () => rm('dist', { recursive: true, force: true });

exports.nodes = series(cleanNodes, core, nodes, assets);
exports.build = series(clean, typecheck, parallel(forwarder, exports.nodes));
exports.release = series(exports.build, pack);
exports.default = exports.build;
