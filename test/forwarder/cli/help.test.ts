import { RequestError } from '../../../core/http/failure';
import { createLog } from '../../../forwarder/cli/log';
import { systemClock } from '../../../forwarder/waits';
import { addRun } from '../../../forwarder/cli/run/run';
import { createProgress, createUi, plain } from '../../../forwarder/cli/ui';
import { runCli } from './runCli';

describe('help', () => {
	test.each([[], ['init'], ['check'], ['preview']])(
		'audit-relay %s --help has examples and ends with 0',
		async (...command) => {
			const { code, out, err } = await runCli([...command.filter(Boolean), '--help']);
			expect(code).toBe(0);
			expect(out).toContain('Examples:\n  $ audit-relay');
			expect(err).toBe('');
		},
	);

	test('a command names the options that all commands share', async () => {
		expect((await runCli(['check', '--help'])).out).toContain('--config <file>');
	});

	test('--version', async () => {
		expect(await runCli(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
	});
});

describe('wrong usage ends with 2', () => {
	test.each([
		[['chek'], "unknown command 'chek'\n(Did you mean check?)"],
		[['preview', '--sorce', 'x'], "unknown option '--sorce'\n(Did you mean --source?)"],
		[['preview', '-n', 'many'], 'Give a number from 1 to 9999.'],
		[['preview', '--since', 'yesterday'], 'Give a duration such as 12h or 30d.'],
		[['check', 'this'], 'too many arguments'],
		[[], 'Usage: audit-relay'],
	])('%j', async (args, message) => {
		const { code, out, err } = await runCli(args);
		expect({ code, out }).toEqual({ code: 2, out: '' });
		expect(err).toContain(message);
	});

	test('--give-up-after without --once, which would be ignored', async () => {
		const { code, err } = await runCli(['run', '--give-up-after', '1m', '-c', '/nowhere'], {}, [addRun]);
		expect(code).toBe(2);
		expect(err).toContain('--give-up-after needs --once');
		expect(err).toContain('Add --once, or remove --give-up-after');
	});

	test('a configuration that is not there', async () => {
		const { code, err } = await runCli(['check', '--config', '/nowhere/relay.yaml']);
		expect(code).toBe(2);
		expect(err).toContain('/nowhere/relay.yaml there is no such file. `audit-relay init` writes an example');
	});
});

describe('errors', () => {
	const failing = (error: unknown, env = {}, stop?: AbortSignal) =>
		runCli(['fail'], { env, stop }, [
			(program) =>
				void program.command('fail').action(() => {
					throw error;
				}),
		]);

	test('an unexpected one is one line and says how to see more', async () => {
		const error = Object.assign(new TypeError('x is no function\nsecond line'), { config: { key: 'canary' } });
		const { code, err } = await failing(error);
		expect(code).toBe(1);
		expect(err).toBe('unexpected error: TypeError: x is no function (AUDIT_RELAY_DEBUG=1 shows where)\n');
		const debug = await failing(error, { AUDIT_RELAY_DEBUG: '1' });
		expect(debug.err).toContain('help.test.ts');
		expect(debug.err).not.toContain('canary');
	});

	test('a failed request is told as it is', async () => {
		const { code, err } = await failing(
			new RequestError({ method: 'GET', path: '/x', kind: 'timeout', phase: 'body' }),
		);
		expect({ code, err }).toEqual({ code: 1, err: 'error: GET /x: no answer in time (body)\n' });
	});

	test('a command that was interrupted ends with 130', async () => {
		const aborted = new RequestError({ method: 'GET', path: '/x', kind: 'aborted' });
		expect(await failing(aborted, {}, AbortSignal.abort('SIGINT'))).toEqual({ code: 130, out: '', err: '' });
	});
});

describe('output', () => {
	const terminal = { isTTY: true, columns: 20 };

	test('colour on a terminal only, and never with NO_COLOR or --no-color', () => {
		const colored = (output: { isTTY?: boolean }, env = {}, wanted = true) =>
			createUi({ write: () => true, ...output }, env, wanted).color;
		expect(colored(terminal)).toBe(true);
		expect(colored({})).toBe(false);
		expect(colored(terminal, { NO_COLOR: '1' })).toBe(false);
		expect(colored(terminal, {}, false)).toBe(false);
		expect(colored({}, { FORCE_COLOR: '1' })).toBe(true);
	});

	test('columns are aligned, colour does not count', () => {
		const ui = createUi({ write: () => true, ...terminal }, {});
		expect(
			createUi({ write: () => true }, {}).table([
				['a', 'b'],
				['long', 'c'],
			]),
		).toBe('a     b\nlong  c\n');
		expect(
			ui.table([
				[ui.paint('red', 'a'), 'b'],
				['long', 'c'],
			]),
		).toContain('long  c\n');
	});

	test('text of others cannot steer the terminal', () => {
		expect(plain('a\u001b[2Jb\nc\u202e')).toBe('a\\u001b[2Jb c\\u202e');
	});

	test('progress rewrites one line on a terminal and prints few lines elsewhere', () => {
		let text = '';
		let now = 0;
		const write = (part: string) => (text += part);
		const clock = { ...systemClock, now: () => now };
		const moving = createProgress({ stderr: { write, ...terminal }, clock });
		moving.update('a line that is longer than twenty columns');
		moving.done('end');
		expect(text).toBe('\r\u001b[Ka line that is long\r\u001b[Kend\n');
		text = '';
		const still = createProgress({ stderr: { write }, clock });
		still.update('1');
		still.update('2');
		now = 5000;
		still.update('3');
		still.done();
		expect(text).toBe('1\n3\n');
	});
});

describe('log', () => {
	function lines(isTTY: boolean, use: (log: ReturnType<typeof createLog>) => void): string {
		let text = '';
		use(
			createLog({
				stderr: { write: (part) => (text += part), isTTY },
				env: { NO_COLOR: '1' },
				clock: { ...systemClock, now: () => 0 },
			}),
		);
		return text;
	}

	test('is JSON in a pipe and readable on a terminal', () => {
		const use = (log: ReturnType<typeof createLog>) => log.warn({ stream: 'dr', events: 3 }, 'polled');
		expect(JSON.parse(lines(false, use))).toEqual({
			level: 'warn',
			time: '1970-01-01T00:00:00.000Z',
			'audit_relay.stream': 'dr',
			'audit_relay.events': 3,
			msg: 'polled',
		});
		expect(lines(true, use)).toBe('00:00:00 WARN  polled stream=dr events=3\n');
	});

	test.each(['verbose', 'toString', 'DEBUG'])(
		'a level %s that nobody knows is said, with those that are known',
		(level) => {
			let text = '';
			const stderr = { write: (part: string) => (text += part) };
			const log = createLog({ stderr, env: { AUDIT_RELAY_LOG_LEVEL: level }, clock: systemClock });
			expect((JSON.parse(text) as { msg: string }).msg).toBe(
				`AUDIT_RELAY_LOG_LEVEL: "${level}" is not known, so the level is info. Known: trace, debug, info, warn, error, fatal, silent`,
			);
			expect(log.level).toBe('info');
		},
	);

	test.each(['debug', 'silent', ''])('a level %j that is known is not', (level) => {
		let text = '';
		const stderr = { write: (part: string) => (text += part) };
		const log = createLog({ stderr, env: { AUDIT_RELAY_LOG_LEVEL: level }, clock: systemClock });
		expect({ text, level: log.level }).toEqual({ text: '', level: level || 'info' });
	});

	test.each([false, true])('holds no secrets (terminal: %s)', (isTTY) => {
		const err = Object.assign(new Error('failed'), { config: { headers: { authorization: 'canary' } } });
		const text = lines(isTTY, (log) => {
			log.error({ err }, 'request');
			log.info(
				{ apiKey: 'canary', source: { apiKey: 'canary' }, headers: { a: 'canary' }, x: { headers: 'canary' } },
				'x',
			);
		});
		expect(text).toContain('failed');
		expect(text).not.toContain('canary');
	});
});
