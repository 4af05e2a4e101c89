/** With `--json` every command says in the same shape why it failed, on stdout and nowhere else. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addBackfill } from '../../../forwarder/cli/backfill/backfill';
import { addCheck } from '../../../forwarder/cli/check/check';
import { addDeadLetters } from '../../../forwarder/cli/deadLetters/deadLetters';
import { CommandFailed } from '../../../forwarder/cli/exit';
import { addInit } from '../../../forwarder/cli/init/init';
import { addPreview } from '../../../forwarder/cli/preview/preview';
import { addRun } from '../../../forwarder/cli/run/run';
import { addState } from '../../../forwarder/cli/state/state';
import { addStatus } from '../../../forwarder/cli/status/status';
import { addVerify } from '../../../forwarder/cli/verify/verify';
import { scratchFolder } from '../../support/scratch';
import { arpio, configFor, KEY, listen, receiver } from './fakeProvider';
import { runCli } from './runCli';

const COMMANDS = [addInit, addCheck, addPreview, addRun, addBackfill, addVerify, addStatus, addDeadLetters, addState];

interface Failure {
	ok: boolean;
	problems: { key: string; what: string; fix?: string; line?: number }[];
}

async function failed(args: string[], env: Record<string, string> = {}, commands = COMMANDS) {
	const { code, out, err } = await runCli(args, { env }, commands);
	const lines = out.trimEnd().split('\n');
	return { code, err, ...(JSON.parse(lines.at(-1)!) as Failure), lines: lines.length };
}

test.each([
	['check'],
	['preview'],
	['run', '--once'],
	['backfill', '--source', 'dr', '--from', '7d'],
	['verify'],
	['status'],
	['dead-letters', 'list'],
	['dead-letters', 'retry', '--all'],
	['state', 'show'],
	['state', 'export'],
	['state', 'forget', 'siem'],
])('%s %s %s: a configuration that is not there', async (...args) => {
	const { code, err, ok, problems } = await failed([...args.filter(Boolean), '--json', '-c', '/nowhere/relay.yaml']);
	expect({ code, err, ok }).toEqual({ code: 2, err: '', ok: false });
	expect(problems).toEqual([
		{ key: '', what: 'there is no such file', fix: expect.stringContaining('audit-relay init') as string },
	]);
});

test('a mistake in the configuration has its place', async () => {
	const { code, problems } = await failed(['run', '--json', '-c', await configFor('http://127.0.0.1:1', 'x')]);
	expect(code).toBe(2);
	expect(problems).toMatchObject([
		{ key: 'destinations[0].endpoint', what: 'is not a URL', line: 2 },
		{ key: 'sources[0].apiKey', what: 'environment variable KEY is not set', line: 8 },
	]);
});

test.each([
	['an unknown option', ['check', '--jsn', '--json'], "unknown option '--jsn' (Did you mean --json?)"],
	['an option before the mistake', ['--json', 'preview', '-n', 'many'], 'Give a number from 1 to 9999.'],
	['an unknown command', ['chek', '--json'], "unknown command 'chek' (Did you mean check?)"],
	['no command', ['--json'], 'no command is given'],
])('wrong usage: %s', async (_, args, what) => {
	const { code, ok, problems } = await failed(args);
	expect({ code, ok }).toEqual({ code: 2, ok: false });
	expect(problems).toEqual([{ key: '', what: expect.stringContaining(what) as string }]);
});

test('a mistake that the command itself notices', async () => {
	const path = await configFor('http://127.0.0.1:1', 'http://127.0.0.1:1');
	const { code, err, problems } = await failed(['verify', '--source', 'dx', '--json', '-c', path], { KEY });
	expect({ code, err }).toEqual({ code: 2, err: '' });
	expect(problems).toEqual([{ key: '', what: '--source dx: there is no such source; did you mean dr?' }]);
});

test('a state that is not there', async () => {
	const path = await configFor('http://127.0.0.1:1', 'http://127.0.0.1:1');
	const { code, err, problems } = await failed(['status', '--json', '-c', path]);
	expect({ code, err }).toEqual({ code: 2, err: '' });
	expect(problems[0]!.what).toContain('audit-relay.db');
});

test('what fails without being wrong ends with 1', async () => {
	const path = join(scratchFolder(), 'there.yaml');
	await writeFile(path, '');
	const { code, err, problems } = await failed(['init', path, '--json']);
	expect({ code, err }).toEqual({ code: 1, err: '' });
	expect(problems).toEqual([{ key: '', what: `${path} exists already; --force replaces it` }]);
});

test('an error that nobody expected', async () => {
	const broken: typeof addInit = (program) =>
		void program.command('fail').action(() => {
			throw new TypeError('x is no function');
		});
	const { code, problems } = await failed(['fail', '--json'], {}, [broken]);
	expect(code).toBe(1);
	expect(problems[0]!.what).toContain('unexpected error: TypeError: x is no function');
});

test('a source that cannot be previewed comes after the events of the others', async () => {
	const provider = await listen(arpio([]));
	const path = await configFor(provider.url, 'http://127.0.0.1:1');
	const { code, err, problems } = await failed(['preview', '--json', '-c', path], { KEY: 'wrong' });
	await provider.close();
	expect(code).toBe(1);
	expect(err).not.toContain('401');
	expect(problems).toMatchObject([{ key: 'source dr', fix: expect.stringContaining('variable KEY') as string }]);
	expect(problems[0]!.what).toContain('status 401');
});

test('an interrupted command says by what', async () => {
	const stop = new AbortController();
	const stuck = await listen(() => stop.abort('SIGTERM'));
	const path = await configFor(stuck.url, stuck.url);
	const { code, out } = await runCli(['check', '--json', '-c', path], { env: { KEY }, stop: stop.signal });
	await stuck.close();
	expect(code).toBe(143);
	expect(JSON.parse(out)).toEqual({ ok: false, problems: [{ key: '', what: 'interrupted by SIGTERM' }] });
});

test('--json after -- is an argument, not an option', async () => {
	const refuses: typeof addInit = (program) =>
		void program
			.command('fail')
			.argument('<word>')
			.action(() => {
				throw new CommandFailed('no');
			});
	const { out, err } = await runCli(['fail', '--', '--json'], {}, [refuses]);
	expect({ out, err }).toEqual({ out: '', err: 'error: no\n' });
});

test('a run that succeeds prints no problems', async () => {
	const [provider, siem] = [await listen(arpio([])), await listen(receiver)];
	const { out, code } = await runCli(
		['run', '--once', '--json', '-c', await configFor(provider.url, siem.url, 'server: { enabled: false }')],
		{ env: { KEY } },
		COMMANDS,
	);
	await Promise.all([provider.close(), siem.close()]);
	expect(code).toBe(0);
	expect(JSON.parse(out)).not.toHaveProperty('problems');
});
