/** Runs a program of this checkout that is written in TypeScript. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Bundles `main.ts` beside the module `from` (its `import.meta.url`) into a temporary folder and runs its `main` with the
 * arguments of this process, in the folder of the checkout. What it resolves with is the exit code.
 */
export async function runBundled(from) {
	process.chdir(checkout);
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-program-'));
	try {
		const outfile = join(folder, 'main.mjs');
		await build({
			entryPoints: [join(dirname(fileURLToPath(from)), 'main.ts')],
			outfile,
			bundle: true,
			platform: 'node',
			format: 'esm',
			target: 'node24',
			logLevel: 'warning',
		});
		const { main } = await import(pathToFileURL(outfile).href);
		process.exitCode = await main(process.argv.slice(2));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
