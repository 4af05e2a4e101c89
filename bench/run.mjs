/** `node bench/run.mjs --help`. Bundles the benchmark and keeps a copy of the built command, so that a build in between changes nothing. */
import { cpSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
process.chdir(join(here, '..'));
const dist = join(here, 'dist');
rmSync(dist, { recursive: true, force: true });
await build({
	entryPoints: ['main', 'servers/provider', 'servers/receiver', 'subjects/subject'].map((name) =>
		join(here, `${name}.ts`),
	),
	outdir: dist,
	outbase: here,
	outExtension: { '.js': '.mjs' },
	splitting: true,
	bundle: true,
	packages: 'external',
	// the command has a version of its own
	alias: { zod: createRequire(resolve('forwarder/package.json')).resolve('zod') },
	platform: 'node',
	format: 'esm',
	target: 'node24',
	logLevel: 'warning',
});
cpSync('forwarder/dist', join(dist, 'command/dist'), { recursive: true });
cpSync('forwarder/package.json', join(dist, 'command/package.json'));
if (existsSync('forwarder/node_modules'))
	symlinkSync(resolve('forwarder/node_modules'), join(dist, 'command/node_modules'));
const { main } = await import(pathToFileURL(join(dist, 'main.mjs')).href);
process.exitCode = await main(process.argv.slice(2));
