/** The stock exporter, which is not a dependency of ours: installed once into the folder that the e2e tests use too. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const cache = process.env['AUDIT_RELAY_E2E_CACHE'] ?? join(homedir(), '.cache', 'audit-relay-e2e');

const dependencies = {
	'@opentelemetry/api': '1.10.0',
	'@opentelemetry/exporter-logs-otlp-proto': '0.301.0',
	'@opentelemetry/resources': '3.1.0',
	'@opentelemetry/sdk-logs': '3.1.0',
};

/** Folder with its `node_modules`. */
export function stockExporter(): string {
	const folder = join(cache, `stock-otlp-exporter-${dependencies['@opentelemetry/exporter-logs-otlp-proto']}`);
	if (existsSync(folder)) return folder;
	mkdirSync(cache, { recursive: true });
	const work = mkdtempSync(`${folder}-`);
	process.stderr.write(`installing the stock OTLP exporter, once, into ${folder}\n`);
	try {
		writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, dependencies }));
		const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'];
		execFileSync('npm', ['install', ...flags], { cwd: work, stdio: 'pipe' });
		// only what is complete gets the name that is looked for
		renameSync(work, folder);
	} catch (error) {
		// somebody else was faster
		if (existsSync(folder)) return folder;
		const { stderr } = error as { stderr?: Buffer };
		throw new Error(`the stock OTLP exporter could not be installed\n${stderr?.toString() ?? String(error)}`);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
	return folder;
}
