/** `npm run bench:n8n`. Bundles this part of the benchmark and the servers that it shares with the other. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = join(dirname(fileURLToPath(import.meta.url)), '..');
process.chdir(join(here, '..'));
// a folder of its own: the other benchmark may be running
const dist = join(here, 'n8n/dist');
rmSync(dist, { recursive: true, force: true });
await build({
	entryPoints: ['n8n/main', 'servers/provider', 'servers/receiver'].map((name) => join(here, `${name}.ts`)),
	outdir: dist,
	outbase: here,
	outExtension: { '.js': '.mjs' },
	bundle: true,
	packages: 'external',
	platform: 'node',
	format: 'esm',
	target: 'node24',
	logLevel: 'warning',
});
const { main } = await import(pathToFileURL(join(dist, 'n8n/main.mjs')).href);
await main(dist);
