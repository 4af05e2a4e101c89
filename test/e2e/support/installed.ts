/** Packages that are too large for the checkout's own dependencies, installed once into the cache of the e2e tests. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cache } from './debian';
import { oneAtATime } from './oneAtATime';

/** The Node of the checkout: n8n wants 24 whatever the machine has. */
export const NODE = resolve('node_modules/node/bin/node');

/** Later releases of what they depend on may be missing from a registry, or break them. */
const BEFORE = '2026-09-30';

/** n8n 1 takes it from a server that is not a registry, for a node that no test uses. */
const overrides = { xlsx: '0.18.5' };

/** As measured on two cores. */
const COSTS: Readonly<Record<string, string>> = {
	'n8n@2.41.1': 'takes some 8 minutes and 2.7 GB',
	'n8n@1.123.81': 'takes some 5 minutes and 1.8 GB',
};

/** Folder of the installed package. @param native dependencies whose addons are built */
export function installed(name: string, version: string, native: readonly string[] = []): string {
	const folder = join(cache, `${name.replace('/', '-')}-${version}`);
	const path = join(folder, 'node_modules', name);
	if (existsSync(path)) return path;
	requireCompiler(name, native);
	mkdirSync(cache, { recursive: true });
	oneAtATime(`${folder}.lock`, () => {
		if (!existsSync(path)) install(`${name}@${version}`, folder, native);
	});
	return path;
}

function install(spec: string, folder: string, native: readonly string[]): void {
	const work = mkdtempSync(`${folder}-`);
	const started = Date.now();
	process.stderr.write(`installing ${spec}, once, into ${folder}: ${COSTS[spec] ?? 'takes less than a minute'}\n`);
	try {
		const allowScripts = Object.fromEntries(native.map((dependency) => [dependency, true]));
		writeFileSync(join(work, 'package.json'), JSON.stringify({ private: true, allowScripts, overrides }));
		const flags = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--omit=dev'];
		npm(['install', spec, `--before=${BEFORE}`, ...flags], work);
		if (native.length > 0) npm(['rebuild', ...native], work, forOurNode());
		// only what is complete gets the name that is looked for
		renameSync(work, folder);
	} catch (error) {
		const { stderr } = error as { stderr?: Buffer };
		const words = (stderr?.toString() ?? String(error)).split('\n').filter((line) => !line.startsWith('npm warn'));
		throw new Error(`${spec} could not be installed\n${words.slice(-15).join('\n')}`);
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
	process.stderr.write(`installed ${spec} in ${Math.round((Date.now() - started) / 1000)} s\n`);
}

function npm(args: readonly string[], cwd: string, env: Record<string, string> = {}): void {
	execFileSync('npm', args, { cwd, stdio: 'pipe', maxBuffer: 256 * 1024 * 1024, env: { ...process.env, ...env } });
}

/** Addons are built from source with the headers that came with our Node; the machine's npm may point at its own. */
function forOurNode(): Record<string, string> {
	const platform = `node-${process.platform}-${process.arch}`;
	const places = ['node_modules/node/node_modules', 'node_modules'].map((place) => resolve(place, platform));
	const nodedir = places.find((place) => existsSync(join(place, 'include/node/node.h')));
	if (!nodedir) throw new Error(`no headers of Node in ${places.join(' or ')}: run npm ci`);
	return { npm_config_nodedir: nodedir, npm_config_build_from_source: 'true' };
}

function requireCompiler(name: string, native: readonly string[]): void {
	if (native.length === 0) return;
	const missing = ['python3', 'make', 'g++'].filter((program) => {
		try {
			execFileSync(program, ['--version'], { stdio: 'ignore' });
			return false;
		} catch {
			return true;
		}
	});
	if (missing.length === 0) return;
	throw new Error(
		`this test needs ${name}, whose ${native.join(', ')} is built from source; missing on this machine: ` +
			`${missing.join(', ')} (on Debian: apt-get install python3 make g++)`,
	);
}
