/**
 * The repositories of single services as GitHub and n8n treat them: installed from their lock file, built, held against n8n's strict
 * lint and its scan, packed, and loaded side by side in one n8n.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
	appendFileSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	symlinkSync,
} from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { scratchFolder } from '../../support/scratch';
import { cache } from '../support/debian';
import { oneAtATime } from '../support/oneAtATime';
import { action, eventsOf } from './operations/action';
import { credentialsFor } from './support/credentials';
import { NODE } from '../support/installed';
import { installN8n } from './support/instance';
import { unpackedPack } from './support/pack';
import { installScan } from './support/scanner';
import { scene } from './support/scene';
import { node } from './support/workflow';

const NAMES = ['n8n-nodes-arpio', 'n8n-nodes-arcus-erp', 'n8n-nodes-auditapi', 'n8n-nodes-otlp-logs'];

installN8n();
const scan = installScan();

const folder = scratchFolder();
const write = `require(${JSON.stringify(resolve('build/repositories.cjs'))}).writeRepositories(process.argv[1])`;
execFileSync(NODE, ['-e', write, folder], { stdio: 'pipe' });
const dependencies = installedFrom(join(folder, NAMES[0]!));
for (const name of NAMES) symlinkSync(dependencies, join(folder, name, 'node_modules'));

function npm(args: readonly string[], cwd: string): string {
	const path = [dirname(NODE), process.env['PATH']].join(delimiter);
	const env = { ...process.env, PATH: path, NODE_ENV: '' };
	const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', env });
	if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
	return stdout;
}

/** `node_modules` of a repository, which all of them have in common; installed once per lock file. */
function installedFrom(repository: string): string {
	const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as { packages: object };
	const { '': _own, ...locked } = packages as Record<string, unknown>;
	const hash = createHash('sha256').update(JSON.stringify(locked)).digest('hex').slice(0, 12);
	const target = join(cache, `n8n-node-repository-${hash}`);
	mkdirSync(cache, { recursive: true });
	oneAtATime(`${target}.lock`, () => {
		if (existsSync(target)) return;
		process.stderr.write(`installing what a repository of one service needs, once, into ${target}: takes a minute\n`);
		const work = mkdtempSync(`${target}-`);
		for (const file of ['package.json', 'package-lock.json', '.npmrc'])
			cpSync(join(repository, file), join(work, file));
		npm(['ci', '--no-audit', '--no-fund'], work);
		renameSync(work, target);
	});
	return join(target, 'node_modules');
}

/** Each is packed by its own build. */
const packs = NAMES.map((name) => {
	const own = join(folder, name);
	npm(['run', 'build'], own);
	npm(['pack', '--silent', '--pack-destination', folder], own);
	const target = scratchFolder();
	const { version } = JSON.parse(readFileSync(join(own, 'package.json'), 'utf8')) as { version: string };
	execFileSync('tar', ['-xzf', join(folder, `${name}-${version}.tgz`), '-C', target]);
	return join(target, 'package');
});

describe.each(NAMES)('%s', (name) => {
	it('has no finding in strict lint', () => {
		expect(npm(['run', 'lint', '--silent'], join(folder, name))).not.toMatch(/error|warning/);
	});

	it('passes the scan, its sources and its package', () => {
		expect(scan(join(folder, name), 'source')).toEqual({ passed: true });
		expect(scan(packs[NAMES.indexOf(name)]!, 'package')).toEqual({ passed: true });
	});
});

it('strict lint would find a fault', () => {
	const copy = scratchFolder();
	const kept = (path: string) => !path.endsWith('node_modules');
	cpSync(join(folder, NAMES[0]!), copy, { recursive: true, filter: kept });
	symlinkSync(dependencies, join(copy, 'node_modules'));
	appendFileSync(join(copy, 'core/record/hash.ts'), '\nexport const late = setTimeout;\n');
	expect(() => npm(['run', 'lint', '--silent'], copy)).toThrow(/no-restricted-globals/);
});

describe('the four side by side', () => {
	const real = scene({ packs });

	it('are loaded with all their nodes, each as a tool too', async () => {
		const all = (await real.n8n.nodeTypes())
			.map((one) => one.name)
			.filter((type) => !/^(n8n-nodes-base|@n8n)/.test(type));
		const [arpio, arcusErp, auditApi, otlpLogs] = NAMES;
		const actions = [`${arpio}.arpio`, `${arcusErp}.arcusErp`, `${auditApi}.auditApi`, `${otlpLogs}.otlpLogs`];
		const triggers = [...actions.slice(0, 3).map((type) => `${type}Trigger`), `${arcusErp}.arcusErpWebhookTrigger`];
		expect(all.sort()).toEqual([...actions, ...actions.map((type) => `${type}Tool`), ...triggers].sort());
	});

	it('ship the events of one to the other', async () => {
		const run = await real.run(
			action('Arpio', 'n8n-nodes-arpio.arpio', 'auditEvent.getAll', { returnAll: true }),
			node('SIEM', 'n8n-nodes-otlp-logs.otlpLogs'),
		);
		expect(run.error).toBeUndefined();
		expect(run.items('SIEM')).toHaveLength(eventsOf(real.sandbox.arpio.api).length);
	});
});

describe('the combined pack beside one of them, which brings the same credential type', () => {
	const real = scene({ packs: [unpackedPack(), packs[0]!] });

	it('lets the nodes of both use the same credentials, each pack with its own pace and pause', async () => {
		const { server } = real.sandbox.arpio;
		server.setFaults(() => ({ kind: 'throttled', retryAfter: { seconds: 3600 } }));
		const ask = (name: string, type: string) =>
			action(name, type, 'application.getAll', {}, { onError: 'continueRegularOutput' });
		const run = await real.run(ask('One', 'arpio'), ask('Two', 'arpio'), ask('Other', 'n8n-nodes-arpio.arpio'));
		server.setFaults(undefined);
		const said = ['One', 'Two', 'Other'].map((name) => String(run.json(name)[0]?.['error']));
		expect(said).toEqual([
			expect.stringMatching(/pause|wait/i),
			expect.stringMatching(/pause|wait/i),
			expect.stringMatching(/pause|wait/i),
		]);
		// the second node of the same pack knew of the pause; the node of the other pack had to be told
		expect(server.requests).toHaveLength(2);
	});

	it('tests the credential', async () => {
		const server = await real.n8n.start();
		const credentials = credentialsFor(real.sandbox).find(({ type }) => type === 'arpioApi');
		expect(await server.rest('POST', '/credentials/test', { credentials })).toMatchObject({ status: 'OK' });
	});
});
