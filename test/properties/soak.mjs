/**
 * Runs the property tests for long, with a new seed each time, and says what was done: `npm run test:soak`.
 * PROPERTY_RUNS: runs of a property of weight 1 (default 5000). Writes docs/reliability-soak.json when every run held.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'audit-relay-soak-'));
const report = join(folder, 'report.jsonl');
const env = { PROPERTY_SEED: 'random', PROPERTY_RUNS: '5000', ...process.env, PROPERTY_REPORT: report };
const began = Date.now();
try {
	const jest = join(root, 'node_modules/jest/bin/jest.js');
	const { status } = spawnSync(process.execPath, [jest, '--rootDir', root, 'test/properties'], {
		cwd: root,
		env,
		stdio: 'inherit',
	});
	const properties = existsSync(report) ? readFileSync(report, 'utf8').trim().split('\n').map(JSON.parse) : [];
	const sum = (name) => properties.reduce((total, property) => total + (property[name] ?? 0), 0);
	const names = ['runs', 'events', 'pages', 'faults', 'crashes', 'copies', 'lost', 'unexplained'];
	const figures = Object.fromEntries(names.map((name) => [name, sum(name)]));
	const summary = {
		held: status === 0,
		...figures,
		seconds: Math.round((Date.now() - began) / 1000),
		processors: availableParallelism(),
		date: new Date().toISOString().slice(0, 10),
		properties: properties.sort((a, b) => a.title.localeCompare(b.title)),
	};
	const { properties: _details, ...head } = summary;
	console.log(JSON.stringify(head, null, 2));
	if (status === 0) writeFileSync(join(root, 'docs/reliability-soak.json'), `${JSON.stringify(summary, null, 2)}\n`);
	process.exitCode = status ?? 1;
} finally {
	rmSync(folder, { recursive: true });
}
