/** The console: its scripts and styles, under names that change with what is in them, so that browsers may keep them for ever. */
const { mkdir, readFile, writeFile } = require('node:fs/promises');
const { join, relative } = require('node:path');
const esbuild = require('esbuild');

const SOURCE = 'forwarder/console';

/** @param folder where it goes @returns the files it was made of */
exports.buildConsole = async function buildConsole(folder) {
	const { metafile } = await esbuild.build({
		entryPoints: [join(SOURCE, 'main.tsx')],
		entryNames: '[name]-[hash]',
		outdir: folder,
		bundle: true,
		minify: true,
		platform: 'browser',
		format: 'esm',
		target: ['chrome123', 'firefox120', 'safari17.5'],
		tsconfig: join(SOURCE, 'tsconfig.json'),
		// the licences are in a file of their own
		legalComments: 'none',
		logLevel: 'warning',
		metafile: true,
	});
	const names = Object.keys(metafile.outputs).map((path) => relative(folder, path));
	const named = (kind) => names.find((name) => name.endsWith(kind));
	const page = await readFile(join(SOURCE, 'index.html'), 'utf8');
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'index.html'), page.replace('main.js', named('.js')).replace('main.css', named('.css')));
	return Object.keys(metafile.inputs);
};
