import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Bundles `main.ts` beside the module `from` (its `import.meta.url`), and runs its `main` in the folder of the checkout. */
export async function runBundled(from) {
	const here = dirname(fileURLToPath(from));
	process.chdir(join(here, '../..'));
	const dist = join(here, '../dist', basename(here));
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
}
