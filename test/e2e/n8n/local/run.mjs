/** `npm run n8n`. Bundles the program into a temporary folder and runs it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
process.chdir(join(here, '../../../..'));
const folder = mkdtempSync(join(tmpdir(), 'audit-relay-local-n8n-'));
try {
	const outfile = join(folder, 'main.mjs');
	await build({
		entryPoints: [join(here, 'main.ts')],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'esm',
		target: 'node24',
		logLevel: 'warning',
	});
	const { main } = await import(pathToFileURL(outfile).href);
	process.exitCode = await main();
} finally {
	rmSync(folder, { recursive: true, force: true });
}
