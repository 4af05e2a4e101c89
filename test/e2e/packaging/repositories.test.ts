/** The repositories of single services: whole, each with its own service only, and built from what is in them alone. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../../support/scratch';

const NODE = resolve('node_modules/.bin/node');
const folder = scratchFolder();

interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly n8n: { readonly strict: boolean; readonly nodes: string[]; readonly credentials: string[] };
	readonly devDependencies: Record<string, string>;
}

const json = <T>(...path: string[]) => JSON.parse(readFileSync(join(...path), 'utf8')) as T;
const manifest = (name: string) => json<Manifest>(folder, name, 'package.json');
const run = (cwd: string, args: string[], env = {}) =>
	execFileSync(NODE, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });

const ALL = ['arcus-erp', 'arpio', 'auditapi'];

/** Whose events the nodes know. */
const SERVICES: Record<string, string[]> = {
	'n8n-nodes-arpio': ['arpio'],
	'n8n-nodes-arcus-erp': ['arcus-erp'],
	'n8n-nodes-auditapi': ['auditapi'],
	// which ships those of all
	'n8n-nodes-otlp-logs': ALL,
};
const names = Object.keys(SERVICES);
const combined = json<Manifest>('package.json');

beforeAll(() => {
	const script = `require(${JSON.stringify(resolve('build/repositories.cjs'))}).writeRepositories(process.argv[1])`;
	run('.', ['-e', script, folder]);
}, 60_000);

it('has one repository for each service', () => expect(readdirSync(folder).sort()).toEqual([...names].sort()));

/** They read whatever a declaration describes, which is no one service. */
const OF_NO_SERVICE = /\/AuditLog/;

it('has every node and every credential of the combined pack once, but those of no one service', () => {
	for (const kind of ['nodes', 'credentials'] as const) {
		const all = names.flatMap((name) => manifest(name).n8n[kind]);
		expect(all.sort()).toEqual(combined.n8n[kind].filter((file) => !OF_NO_SERVICE.test(file)).sort());
	}
});

it('asks for the versions that the combined pack is built with, and has them locked', () => {
	const { '@n8n/node-cli': cli, ...tools } = manifest(names[0]!).devDependencies;
	expect(cli).toMatch(/^\d/);
	expect(combined.devDependencies).toMatchObject(tools);
	for (const name of names) {
		const { version, devDependencies } = manifest(name);
		const lock = json<{ packages: Record<string, object> }>(folder, name, 'package-lock.json');
		// when this fails: npm install --package-lock-only in build/repository
		expect(lock.packages['']).toMatchObject({ name, version, devDependencies });
	}
});

describe.each(names)('%s', (name) => {
	const own = join(folder, name);

	it('is whole: strict, with its workflows for CI and for publishing with provenance, README and licence', () => {
		expect(manifest(name)).toMatchObject({ name, version: combined.version, n8n: { strict: true } });
		expect(readdirSync(own)).toEqual(
			expect.arrayContaining([
				'LICENSE',
				'README.md',
				'credentials',
				'eslint.config.mjs',
				'nodes',
				'package-lock.json',
			]),
		);
		expect(readFileSync(join(own, '.github/workflows/publish.yml'), 'utf8')).toMatch(/id-token: write[^]*--provenance/);
		expect(existsSync(join(own, '.github/workflows/ci.yml'))).toBe(true);
	});

	it('has the code of its own service only', () => {
		const providers = readdirSync(join(own, 'providers')).filter((one) => ALL.includes(one));
		expect(providers.sort()).toEqual(SERVICES[name]);
		expect(readdirSync(join(own, 'nodes'))).toHaveLength(2);
		const files = readdirSync(own, { recursive: true, encoding: 'utf8' });
		expect(files.filter((file) => /\.test\.ts$|node_modules|^(forwarder|sandbox|dist)/.test(file))).toEqual([]);
	});

	it('has a README whose links lead somewhere', () => {
		const page = readFileSync(join(own, 'README.md'), 'utf8');
		const links = [...page.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
		const here = links.filter((link) => !/^https:/.test(link));
		expect(here).toContain('LICENSE');
		expect(here.filter((link) => !existsSync(join(own, link)))).toEqual([]);
		const there = links.map((link) => /audit-relay\/audit-relay\/(?:blob|raw)\/main\/([^#]+)/.exec(link)?.[1]);
		expect(there.filter((path) => path && !existsSync(path))).toEqual([]);
	});

	it('builds, loads, and passes the rules that n8n applies to a published package', () => {
		symlinkSync(resolve('node_modules'), join(own, 'node_modules'));
		run(own, ['build/nodePack.cjs']);
		const packed = scratchFolder();
		execFileSync('npm', ['pack', '--silent', '--pack-destination', packed], { cwd: own, stdio: 'pipe' });
		execFileSync('tar', ['-xzf', join(packed, `${name}-${combined.version}.tgz`), '-C', packed]);
		mkdirSync(join(packed, 'n8n'));
		symlinkSync(resolve('node_modules/n8n-workflow'), join(packed, 'n8n', 'n8n-workflow'));
		const unpacked = join(packed, 'package');
		const support = resolve('test/nodes/package');
		const env = { NODE_PATH: join(packed, 'n8n') };
		expect(JSON.parse(run('.', [join(support, 'load.cjs'), unpacked], env))).toMatchObject({ missing: [] });
		expect(JSON.parse(run('.', [join(support, 'scan.mjs'), unpacked]))).toMatchObject({ findings: [] });
	}, 120_000);
});
