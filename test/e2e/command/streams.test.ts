/** What a command does when whoever reads its output goes away, or cannot take it. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { liveEvents } from '../../../sandbox/live';
import { run, start, type CommandOptions } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(60_000);

let here: Scene;
beforeEach(async () => (here = await scene()));
afterEach(() => here.end());

const arrived = () => here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap').length;

async function allArrived(count: number): Promise<void> {
	while (arrived() < count) await new Promise((again) => setTimeout(again, 20));
}

const happened = () => {
	return Object.values(here.sandbox.logs).reduce((sum, log) => sum + log.all().length, 0);
};

const loud = (): CommandOptions => ({
	...here.options,
	env: { ...here.options.env, AUDIT_RELAY_LOG_LEVEL: 'debug' },
});

test('run goes on when nobody reads its log any more, and SIGTERM still ends it in good order', async () => {
	const daemon = start(['run'], loud());
	await daemon.says('"msg":"started"');
	daemon.process.stderr!.destroy();
	daemon.process.stdout!.destroy();
	const next = liveEvents(here.sandbox.logs);
	await allArrived(happened());
	// each of them is a page and a batch, with a line in the log that nobody reads
	for (let i = 0; i < 20; i++) next(Date.now());
	await allArrived(happened());
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0, signal: null });
});

test('SIGHUP does not end run: it reads its configuration again, and says that nothing has changed', async () => {
	const daemon = start(['run'], here.options);
	await daemon.says('"msg":"started"');
	daemon.process.kill('SIGHUP');
	await daemon.says('configuration read again; nothing has changed');
	daemon.process.kill('SIGHUP');
	await allArrived(happened());
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0, signal: null });
});

test('SIGHUP while it starts is not forgotten: the files may have been read before they were changed', async () => {
	const daemon = start(['run'], here.options);
	const status = `/proc/${daemon.process.pid}/status`;
	const caught = () => Number(`0x${/^SigCgt:\s+(\w+)/m.exec(readFileSync(status, 'utf8'))![1]!.slice(-1)}`);
	while ((caught() & 1) === 0) await new Promise((again) => setTimeout(again, 2));
	daemon.process.kill('SIGHUP');
	await daemon.says('configuration read again; nothing has changed');
	daemon.process.kill('SIGTERM');
	expect(await daemon.finished).toMatchObject({ code: 0, signal: null });
});

test('each command ends quietly when the reader of its output goes away at once', async () => {
	expect(await run(['run', '--once'], here.options)).toMatchObject({ code: 0 });
	for (const command of [
		'--help',
		'status',
		'status --json',
		'check',
		'preview -n 100',
		'verify',
		'state show',
		'state export',
		'dead-letters list',
		'run --once',
	]) {
		const cut = start(command.split(' '), here.options);
		cut.process.stdout!.destroy();
		const { code, signal, stderr } = await cut.finished;
		expect({ command, code, signal, bad: /EPIPE|rror:|at /.test(stderr) }).toEqual({
			command,
			code: 0,
			signal: null,
			bad: false,
		});
	}
});

test('one that would go on forever ends as well: demo --keep | head', async () => {
	const demo = start(['demo', '--keep'], here.options);
	demo.process.stdout!.once('data', () => demo.process.stdout!.destroy());
	const { code, signal, stderr } = await demo.finished;
	expect({ code, signal }).toEqual({ code: 0, signal: null });
	expect(stderr).not.toMatch(/EPIPE|rror:/);
});

// only there is a device that is always full
(process.platform === 'linux' ? test : test.skip)(
	'output that could not be written is a failure, and no success',
	async () => {
		const full = openSync('/dev/full', 'w');
		const child = spawn(
			join(resolve('node_modules/.bin'), 'node'),
			[resolve('forwarder/dist/audit-relay.js'), 'init', 'other.yaml'],
			{ cwd: here.folder, env: {}, stdio: ['ignore', full, 'pipe'] },
		);
		let said = '';
		child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
		const ended = await new Promise((done) => child.on('close', (code) => done(code)));
		closeSync(full);
		expect({ ended, said }).toEqual({ ended: 1, said: 'error: the output cannot be written (ENOSPC)\n' });
	},
);
