/**
 * Builds the node pack whose package.json is in the working directory, into `dist`: `node build/nodePack.cjs`. The repositories
 * of single services (repositories.cjs) have this file too.
 */
const { cp, glob, mkdir, readFile, rm, writeFile } = require('node:fs/promises');
const { dirname, join, resolve } = require('node:path');
const esbuild = require('esbuild');
const { licences } = require('./licences.cjs');

/** n8n provides these; everything else is bundled, because a node pack may have no dependencies. */
const PROVIDED = ['n8n-workflow'];

const options = { platform: 'node', format: 'cjs', target: 'node20.19', logLevel: 'warning' };

exports.nodePack = async function nodePack() {
	// a file of a node that is gone would still be published
	await rm('dist', { recursive: true, force: true });
	await core();
	await nodes();
	await assets();
};

/**
 * The core once, outside the nodes: every node requires the same file, so that they share one limiter per credential.
 * `inject` keeps timers out of it, which n8n's package scan forbids.
 */
async function core() {
	const { metafile } = await esbuild.build({
		...options,
		entryPoints: { core: 'nodes/shared/core.ts' },
		outdir: 'dist',
		bundle: true,
		external: PROVIDED,
		inject: ['nodes/shared/timers.ts'],
		// the parser's build for Node reads the process and has a warning for its console
		alias: { yaml: resolve('node_modules/yaml/browser/index.js') },
		drop: ['console'],
		metafile: true,
	});
	await writeFile('dist/THIRD_PARTY_LICENSES.md', await licences(Object.keys(metafile.inputs)));
}

/** Each node and credential as a CommonJS file of its own, at the path that package.json names. */
async function nodes() {
	const { n8n } = JSON.parse(await readFile('package.json', 'utf8'));
	await esbuild.build({
		...options,
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

if (require.main === module) void exports.nodePack();
