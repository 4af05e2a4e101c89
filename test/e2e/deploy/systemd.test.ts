/** The unit: what systemd says about it, and the service under a real systemd, with its user, its sandbox and its credentials. */
import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
	chmodSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startSandbox, type Sandbox } from '../../../sandbox/scenario';
import { freePort } from '../support/port';
import { until } from '../support/wait';
import { configs, keysOf, pointedAt, receivedEvents, recentEvents } from './deployed';
import { installed, installLine } from './installed';

const UNIT = readFileSync('deploy/systemd/audit-relay.service', 'utf8');
let folder: string;
let opt: string;
let sandbox: Sandbox;
let machine: ChildProcess | undefined;
let port: number;

beforeAll(() => {
	opt = installed(installLine(readFileSync('deploy/systemd/README.md', 'utf8')));
}, 120_000);
afterAll(() => rmSync(opt, { recursive: true }));

beforeEach(async () => {
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-systemd-'));
	sandbox = await startSandbox({ receiver: true, newestAt: Date.now() });
	port = await freePort();
});
afterEach(async () => {
	// process 1 of its namespace takes everything in it along
	const gone = machine && once(machine, 'close');
	machine?.kill('SIGKILL');
	await gone;
	machine = undefined;
	await sandbox.stop();
	rmSync(folder, { recursive: true });
});

test('systemd-analyze verify finds nothing to say about it', () => {
	const file = join(folder, 'audit-relay.service');
	writeFileSync(file, UNIT.replace('ExecStart=/opt/audit-relay/', `ExecStart=${opt}/audit-relay/`));
	expect(analyze('verify', '--man=no', file)).toBe('');
	// and it would, if there were anything
	writeFileSync(
		file,
		UNIT.replace('ExecStart=/opt/audit-relay/', 'ExecStart=/nowhere/').replace('Restart=', 'Restrat='),
	);
	expect(analyze('verify', '--man=no', file)).toMatch(/Restrat/);
});

test('systemd-analyze security calls its exposure OK', () => {
	const file = join(folder, 'audit-relay.service');
	writeFileSync(file, UNIT);
	const [line, score] = /Overall exposure level for \S+: ([\d.]+) \w+/.exec(
		analyze('security', '--offline=true', '--no-pager', file),
	)!;
	process.stderr.write(`${line}\n`);
	expect(Number(score)).toBeLessThanOrEqual(1.5);
});

describe('under a real systemd', () => {
	test('it ships, as a user of its own who writes to its state alone, and stops in good order', async () => {
		expect(recentEvents(sandbox).length).toBeGreaterThan(40);
		await boot(pointedAt(sandbox, configs.systemd(), port));
		await everythingArrives();
		expect(receivedEvents(sandbox).sort()).toEqual(recentEvents(sandbox).sort());
		await until('it is ready', isReady, 30_000);

		const pid = Number(await show('MainPID'));
		const status = await inside('cat', `/proc/${pid}/status`);
		const uid = Number(/^Uid:\s+(\d+)/m.exec(status)![1]);
		expect(uid).toBeGreaterThan(60_000);
		expect(status).toMatch(/^CapEff:\s+0+$/m);
		expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
		expect(status).toMatch(/^Seccomp:\s+2$/m);
		const state = statSync(join(folder, 'var/lib/private/audit-relay/audit-relay.db'));
		expect([state.uid, state.mode & 0o777]).toEqual([uid, 0o600]);
		expect(await said()).not.toMatch(/"level":"(warn|error)"/);
		for (const key of Object.values(keysOf(sandbox))) expect(await said()).not.toContain(key);

		// root may look, with the keys of the service, and leaves nothing behind that the service could not write to
		const relay = ['/opt/audit-relay/bin/audit-relay', '--config', '/etc/audit-relay/audit-relay.yaml'];
		expect(await inside(...relay, 'status')).toMatch(/^collector /m);
		expect(await inside(...relay, 'check')).toMatch(/✓/);
		expect(await inside(...relay, 'dead-letters', 'list')).toBeDefined();
		await inside('systemctl', 'stop', 'audit-relay');
		expect([await show('Result'), await show('ExecMainStatus'), await show('NRestarts')]).toEqual([
			'success',
			'0',
			'0',
		]);
		expect(await inside(...relay, 'status')).toMatch(/^collector /m);
		await inside('systemctl', 'start', 'audit-relay');
		await until('it is ready again', isReady, 30_000);
		expect(receivedEvents(sandbox)).toHaveLength(recentEvents(sandbox).length);
	}, 150_000);

	test('killed, it comes back after five seconds and ships nothing twice', async () => {
		await boot(pointedAt(sandbox, configs.systemd(), port));
		await everythingArrives();
		await until('it is ready', isReady, 30_000);
		await inside('kill', '-KILL', await show('MainPID'));
		await until('it was started again', async () => (await show('NRestarts')) === '1', 30_000);
		await until('it is ready again', isReady, 30_000);
		expect(receivedEvents(sandbox).sort()).toEqual(recentEvents(sandbox).sort());
	}, 150_000);

	test('a wrong configuration is not tried again', async () => {
		await boot(`${pointedAt(sandbox, configs.systemd(), port)}\nsurces: []\n`);
		await until('it has failed', async () => (await show('ActiveState')) === 'failed', 60_000);
		expect([await show('ExecMainStatus'), await show('NRestarts')]).toEqual(['2', '0']);
		expect(await said()).toMatch(/surces/);
	}, 150_000);
});

async function everythingArrives(): Promise<void> {
	const all = () => receivedEvents(sandbox).length >= recentEvents(sandbox).length;
	try {
		await until('every event has arrived', all, 60_000);
	} catch (error) {
		throw new Error(await said(), { cause: error });
	}
}

function analyze(...args: string[]): string {
	try {
		return execFileSync('systemd-analyze', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	} catch (error) {
		const { stdout, stderr, code } = error as { stdout?: string; stderr?: string; code?: string };
		if (code === 'ENOENT') throw new Error('this test needs systemd-analyze: apt-get install systemd');
		return `${stdout}${stderr}`;
	}
}

/** Starts a systemd in namespaces of its own, with the service as its only task. */
async function boot(config: string): Promise<void> {
	if (process.getuid!() !== 0 || !existsSync('/lib/systemd/systemd')) {
		throw new Error(
			'this test boots systemd in namespaces: run it as root, on a machine with systemd (apt-get install systemd)',
		);
	}
	const etc = join(folder, 'etc');
	const keys = join(etc, 'audit-relay/keys');
	mkdirSync(keys, { recursive: true });
	for (const [name, key] of Object.entries(keysOf(sandbox)))
		writeFileSync(join(keys, name), `${key}\n`, { mode: 0o600 });
	chmodSync(keys, 0o700);
	writeFileSync(join(etc, 'audit-relay/audit-relay.yaml'), config);
	mkdirSync(join(etc, 'systemd/system'), { recursive: true });
	cpSync('deploy/systemd/audit-relay.service', join(etc, 'systemd/system/audit-relay.service'));
	writeFileSync(join(etc, 'passwd'), 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n');
	writeFileSync(join(etc, 'group'), 'root:x:0:\nnogroup:x:65534:\n');
	writeFileSync(join(etc, 'nsswitch.conf'), 'passwd: files systemd\ngroup: files systemd\nhosts: files\n');
	cpSync('/etc/hosts', join(etc, 'hosts'));
	writeFileSync(join(etc, 'machine-id'), '');
	for (const name of ['root', 'var/lib', 'var/log/journal']) mkdirSync(join(folder, name), { recursive: true });
	symlinkSync('/run', join(folder, 'var/run'));
	chmodSync(folder, 0o755);

	const namespaces = ['--fork', '--kill-child', '--pid', '--mount', '--uts', '--ipc', '--cgroup'];
	const script = [
		'bash',
		resolve('test/e2e/deploy/systemd/boot.sh'),
		join(folder, 'root'),
		etc,
		opt,
		join(folder, 'var'),
	];
	machine = spawn('unshare', [...namespaces, '--', ...script], { stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	for (const stream of [machine.stdout!, machine.stderr!])
		stream.on('data', (text: Buffer) => (output += text.toString()));
	const answers = async () => {
		if (machine!.exitCode !== null) throw new Error(`systemd did not start:\n${output}`);
		return (await inside('systemctl', 'show', '--property=Version', '--value').catch(() => '')) !== '';
	};
	await until('systemd answers', answers, 30_000, () => output);
}

/** Runs a program in the namespaces of that systemd. Not synchronously: the sandbox lives in this process and has to answer. */
async function inside(...command: string[]): Promise<string> {
	const [init] = readFileSync(`/proc/${machine!.pid}/task/${machine!.pid}/children`, 'utf8').trim().split(' ');
	const args = ['--target', init!, '--mount', '--pid', '--', ...command];
	const env = { PATH: '/usr/local/bin:/usr/bin:/usr/sbin:/bin' };
	return (await promisify(execFile)('nsenter', args, { env, maxBuffer: 64 * 1024 * 1024 })).stdout;
}

const show = async (property: string) =>
	(await inside('systemctl', 'show', 'audit-relay', `--property=${property}`, '--value')).trim();

const isReady = async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))?.ok === true;

/** What the service has said. */
const said = () => inside('journalctl', '--unit=audit-relay', '--output=cat', '--no-pager');
