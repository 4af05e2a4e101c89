/** `node bench/scale/run.mjs`: thousands of sources on a few workers. Needs PostgreSQL (see what it says). */
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
process.chdir(join(here, '../..'));
const dist = join(here, '../dist/scale');
rmSync(dist, { recursive: true, force: true });
await build({
	entryPoints: [join(here, 'main.ts')],
	outdir: dist,
	outExtension: { '.js': '.mjs' },
	bundle: true,
	packages: 'external',
	// the command has a version of its own
	alias: { zod: createRequire(resolve('forwarder/package.json')).resolve('zod') },
	platform: 'node',
	format: 'esm',
	target: 'node24',
	logLevel: 'warning',
});
const { main } = await import(pathToFileURL(join(dist, 'main.mjs')).href);
process.exitCode = await main(process.argv.slice(2));
