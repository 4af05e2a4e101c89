/**
 * Makes one mistake after the other in a copy of the sources and lets the tests look for it. Prints which test noticed which one; ends with 1 when one was not noticed, or can no longer be made because the sources changed.
 *
 * node test/mutants/run.mjs [part of a name]
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { edited } from './edit.mjs';
import { mutants } from './mutants.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const NEEDED = [
	'core',
	'providers',
	'forwarder',
	'sandbox',
	...[
		'core',
		'e2e/support',
		'e2e/command',
		'e2e/jest.config.cjs',
		'e2e/postgres',
		'e2e/prove',
		'fixtures',
		'forwarder',
		'properties',
		'providers',
		'support',
	].map((name) => `test/${name}`),
	'jest.config.cjs',
];
const LIMIT_MS = Number(process.env.MUTANT_LIMIT_MS ?? 90_000);
/** For all that look, one after the other. */
const ALL_LIMIT_MS = 15 * 60_000;
const RUNS = process.env.PROPERTY_RUNS ?? '150';

const wanted = process.argv[2] ?? '';
const copy = mkdtempSync(join(tmpdir(), 'audit-relay-mutants-'));
const began = Date.now();
try {
	for (const name of NEEDED) {
		const filter = (path) => !/[\\/](node_modules|dist)$/.test(path);
		cpSync(join(root, name), join(copy, name), { recursive: true, filter });
	}
	for (const folder of ['node_modules', 'forwarder/node_modules']) {
		if (existsSync(join(root, folder))) symlinkSync(join(root, folder), join(copy, folder));
	}
	process.exitCode = (await all()) ? 0 : 1;
} finally {
	rmSync(copy, { recursive: true });
}

async function all() {
	// as often as with a mistake: a test that fails anyway finds everything
	const looks = wanted ? [] : [...new Set(mutants.map(({ look }) => look))];
	for (const some of [looks.filter((look) => !isReal(look)), looks.filter(isReal)].filter(({ length }) => length > 0)) {
		const unchanged = await tested(some, ALL_LIMIT_MS);
		if (unchanged.killedBy) {
			console.log(`The unchanged sources already fail: ${unchanged.killedBy}\n${unchanged.output}`);
			return false;
		}
	}
	const rows = [];
	for (const mutant of mutants.filter(({ name }) => name.includes(wanted))) {
		const start = Date.now();
		const verdict = mutate(mutant) ?? (await tested([mutant.look], LIMIT_MS)).killedBy;
		restore(mutant);
		rows.push([mutant.name, mutant.kind, verdict ?? 'SURVIVED', `${Math.round((Date.now() - start) / 1000)} s`]);
		console.error(rows.at(-1).join(' | '));
	}
	table([['mutant', 'kind', 'killed by', 'time'], ...rows]);
	const bad = rows.filter(([, , by]) => /^(?:SURVIVED|DOES NOT APPLY|NO TESTS)/.test(by));
	// last, where whoever reads only the end of a long log sees it
	for (const [name, , by] of bad) console.log(`\n${by}: ${name}`);
	console.log(`\n${rows.length - bad.length} of ${rows.length} killed in ${Math.round((Date.now() - began) / 1000)} s`);
	return bad.length === 0;
}

function isReal(look) {
	return look.startsWith('e2e/');
}

/** Undefined when the mistake is made. */
function mutate({ edits }) {
	for (const { file, ...edit } of edits) {
		const path = join(copy, file);
		try {
			writeFileSync(path, edited(readFileSync(path, 'utf8'), edit));
		} catch (error) {
			return `DOES NOT APPLY: ${file}: ${error.message}`;
		}
	}
	return undefined;
}

function restore({ edits }) {
	for (const { file } of edits) cpSync(join(root, file), join(copy, file));
}

/** Runs these files of tests, all of `npm test` or all of e2e, until the first one fails. */
function tested(looks, limitMs) {
	const jest = join(root, 'node_modules/jest/bin/jest.js');
	const config = isReal(looks[0]) ? 'test/e2e/jest.config.cjs' : 'jest.config.cjs';
	const args = [
		jest,
		'--config',
		join(copy, config),
		'--rootDir',
		copy,
		'--bail',
		'--verbose',
		'--forceExit',
		...looks.map((look) => `test/${look}.test`),
	];
	return new Promise((done) => {
		const child = spawn(join(root, 'node_modules/.bin/node'), args, {
			cwd: copy,
			env: { ...process.env, PROPERTY_SHRINK: 'off', PROPERTY_RUNS: RUNS },
			detached: true,
		});
		let output = '';
		let late = false;
		const add = (text) => (output += text);
		child.stdout.setEncoding('utf8').on('data', add);
		child.stderr.setEncoding('utf8').on('data', add);
		const timer = setTimeout(() => {
			late = true;
			// the whole group: jest's workers are processes of their own
			process.kill(-child.pid, 'SIGKILL');
		}, limitMs);
		child.on('close', (code) => {
			clearTimeout(timer);
			const test = /^\s*✕ (.*?)(?: \(\d+ m?s\))?$/m.exec(output)?.[1];
			if (/^No tests found/m.test(output)) return done({ killedBy: 'NO TESTS there', output });
			const invariant = /^\s+((?:I\d+|R1)(?=: ))/m.exec(output)?.[1];
			const killedBy = late
				? 'time limit: it does not come to an end'
				: code === 0
					? undefined
					: `${test ?? 'a test file that does not run'}${invariant ? ` (${invariant})` : ''}`;
			done({ killedBy, output });
		});
	});
}

function table(rows) {
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	rows.forEach((row, index) => {
		console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`);
		if (index === 0) console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
	});
}
