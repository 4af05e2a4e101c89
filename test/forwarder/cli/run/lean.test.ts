/** The memory settings with which the command starts itself. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GLIBC, leaner, V8_FLAGS, type Started, collectFor } from '../../../../forwarder/cli/run/lean';
import { start } from '../../../support/command';
import { scratchFolder } from '../../../support/scratch';

const started = (change: Partial<Started> = {}): Started => ({
	argv: ['/bin/node', '/opt/audit-relay.js', 'run', '--once'],
	env: { PATH: '/bin' },
	execArgv: [],
	execPath: '/bin/node',
	platform: 'linux',
	...change,
});

test('a command that reads whole logs starts with small heaps, and with its own arguments and environment', () => {
	expect(leaner(started())).toEqual({
		file: '/bin/node',
		args: ['/bin/node', ...V8_FLAGS, '/opt/audit-relay.js', 'run', '--once'],
		env: { PATH: '/bin', ...GLIBC },
	});
});

test.each([
	['it has them', { execArgv: V8_FLAGS }],
	['it ends soon', { argv: ['/bin/node', '/opt/audit-relay.js', 'status'] }],
	['the system cannot replace a process', { platform: 'win32' as const }],
])('nothing is started again when %s', (_, change) => {
	expect(leaner(started(change))).toBeUndefined();
});

test('what somebody has set is left as it is', () => {
	const env = { NODE_OPTIONS: '--max_old_space_size=4096', MALLOC_ARENA_MAX: '4' };
	const better = leaner(started({ env, execArgv: ['--inspect', '--max-semi-space-size=64'] }))!;
	expect(better.args.slice(1, -3)).toEqual([
		'--inspect',
		'--max-semi-space-size=64',
		'--no-allocation-site-pretenuring',
	]);
	expect(better.env).toMatchObject(env);
});

const onLinux = existsSync('/proc/self/cmdline') ? test : test.skip;

onLinux('the running command has them, and has stayed the same process', async () => {
	const cwd = scratchFolder();
	writeFileSync(
		join(cwd, 'audit-relay.yaml'),
		`destinations: [{ name: siem, endpoint: 'http://127.0.0.1:9' }]
sources: [{ name: app, provider: auditapi, apiKey: '\${env:KEY}', baseUrl: 'http://127.0.0.1:9' }]
server: { listen: '127.0.0.1:0' }
`,
	);
	const running = start(['run', '--grace', '0s'], { cwd, env: { KEY: 'k' } });
	await running.says('status server listens');
	const of = (file: string) => readFileSync(`/proc/${running.process.pid}/${file}`, 'utf8').split('\0');
	expect(of('cmdline')).toEqual(expect.arrayContaining(V8_FLAGS));
	expect(of('environ')).toEqual(expect.arrayContaining(['KEY=k', 'MALLOC_ARENA_MAX=1']));
	running.process.kill('SIGTERM');
	await running.finished;
});

test.each([
	['many sources', 2_000, [], ['--heap-growing-percent=12']],
	['few sources', 1_999, [], []],
	['many, where somebody has said how', 2_000, ['--heap_growing_percent=40'], []],
])('the heap is collected for %s', (_, sources, execArgv, expected) => {
	const set: string[] = [];
	collectFor(sources, { execArgv, env: {} }, (flag) => set.push(flag));
	expect(set).toEqual(expected);
});
