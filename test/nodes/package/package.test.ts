/** The package as n8n installs it: packed, unpacked into an empty folder, with nothing but n8n-workflow to be found. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const bin = (name: string) => resolve('node_modules/.bin', name);
const NODE = bin('node');

let empty: string;
let unpacked: string;

beforeAll(() => {
	empty = mkdtempSync(join(tmpdir(), 'audit-relay-pack-'));
	execFileSync(NODE, [resolve('node_modules/gulp/bin/gulp.js'), '--silent', 'nodes'], { stdio: 'pipe' });
	const pack = `require('./build/packNodes.cjs').packNodes(${JSON.stringify(empty)})`;
	execFileSync(NODE, ['-e', pack], { stdio: 'pipe' });
	unpacked = join(empty, 'nodes', 'package');
	mkdirSync(join(empty, 'nodes'));
	const [packed = ''] = readdirSync(empty).filter((file) => file.endsWith('.tgz'));
	execFileSync('tar', ['-xzf', join(empty, packed), '-C', join(empty, 'nodes')]);
	mkdirSync(join(empty, 'n8n'));
	symlinkSync(resolve('node_modules/n8n-workflow'), join(empty, 'n8n', 'n8n-workflow'));
}, 120_000);

afterAll(() => rmSync(empty, { recursive: true, force: true }));

const manifest = () => JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as Record<string, unknown>;

it('asks for nothing but n8n-workflow', () => {
	const { dependencies, optionalDependencies, peerDependencies } = manifest();
	expect([dependencies, optionalDependencies]).toEqual([undefined, undefined]);
	expect(peerDependencies).toEqual({ 'n8n-workflow': '*' });
});

it('holds what was built and nothing else', () => {
	const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' });
	expect(files.filter((file) => !/^(dist|README|LICENSE|package\.json)/.test(file))).toEqual([]);
	expect(files.filter((file) => /test|\.ts$|\.map$/.test(file))).toEqual([]);
	expect(files).toContain(join('dist', 'THIRD_PARTY_LICENSES.md'));
	expect(readFileSync(join(unpacked, 'README.md'), 'utf8')).toMatch(/^# n8n nodes for audit logs/);
	const licences = readFileSync(join(unpacked, 'dist', 'THIRD_PARTY_LICENSES.md'), 'utf8');
	expect(licences).toMatch(/## p-retry /);
});

it('loads every node and credential alone, and runs', () => {
	const env = { NODE_PATH: join(empty, 'n8n') };
	const script = resolve('test/nodes/package/load.cjs');
	const loaded = JSON.parse(execFileSync(NODE, [script, unpacked], { env, encoding: 'utf8' })) as Record<
		string,
		unknown
	>;
	expect(loaded).toMatchSnapshot();
});

const LIMITER = /function createDomain\(/;

it('bundles what nodes share once, so that they share one limiter', () => {
	const files = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' });
	for (const file of files.filter((name) => name.endsWith('.node.js'))) {
		const code = readFileSync(join(unpacked, 'dist', file), 'utf8');
		expect(code).toMatch(/require\("\.\.\/\.\.\/core"\)/);
		expect(code).not.toMatch(LIMITER);
	}
	expect(readFileSync(join(unpacked, 'dist', 'core.js'), 'utf8')).toMatch(LIMITER);
});

it('names nothing that belongs to the platform', () => {
	const files = readdirSync(join(unpacked, 'dist'), { recursive: true, encoding: 'utf8' });
	const forbidden =
		/\b(?:setTimeout|setInterval|setImmediate|clearTimeout|clearInterval|process|global|globalThis|__dirname|__filename|console|eval)\b.*/g;
	for (const file of files.filter((name) => name.endsWith('.js'))) {
		// texts may speak of such things
		const code = readFileSync(join(unpacked, 'dist', file), 'utf8').replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
		expect([file, code.match(forbidden)]).toEqual([file, null]);
	}
});

it('passes the rules that n8n applies to a published package', () => {
	const script = resolve('test/nodes/package/scan.mjs');
	const { files, findings } = JSON.parse(execFileSync(NODE, [script, unpacked], { encoding: 'utf8' })) as {
		files: number;
		findings: string[];
	};
	expect(files).toBeGreaterThan(9);
	expect(findings).toEqual([]);
}, 60_000);
