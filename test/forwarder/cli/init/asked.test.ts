/** A configuration that is asked for, at a terminal or by options, and tried out before it is written. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addCheck } from '../../../../forwarder/cli/check/check';
import { addInit } from '../../../../forwarder/cli/init/init';
import { arpioApi, arpioSandboxKey } from '../../../../sandbox/arpio/api';
import { arpioAccountId } from '../../../../sandbox/arpio/events';
import { arpioSandboxUser } from '../../../../sandbox/arpio/login';
import { startReceiver, type Receiver } from '../../../../sandbox/receiver';
import { serve, type SimServer } from '../../../../sandbox/server';
import { scratchFolder } from '../../../support/scratch';
import { runCli } from '../runCli';
import { terminal } from '../terminal';

let [server, receiver]: [SimServer?, Receiver?] = [];
beforeAll(async () => {
	[server, receiver] = await Promise.all([serve(arpioApi()), startReceiver()]);
});
afterAll(async () => {
	await Promise.all([server?.close(), receiver?.close()]);
});

const key = `${arpioSandboxKey.id}:${arpioSandboxKey.secret}`;
const options = () => [
	...['init', '--provider', 'arpio', '--set', `accountId=${arpioAccountId}`, '--base-url', server!.url],
	...['--endpoint', receiver!.url],
];

async function passesCheck(cwd: string, env: Record<string, string> = {}) {
	const { code, out } = await runCli(['check'], { cwd, env }, [addCheck]);
	expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('Everything works') as string });
}

test('by options: what is written passes check', async () => {
	const cwd = scratchFolder();
	const env = { ARPIO_API_KEY: key };
	const { code, out } = await runCli(options(), { cwd, env }, [addInit]);
	expect(code).toBe(0);
	expect(out).toContain('audit-relay run');
	const path = join(cwd, 'audit-relay.yaml');
	expect((await stat(path)).mode & 0o777).toBe(0o600);
	expect(await readFile(path, 'utf8')).toContain('apiKey: ${env:ARPIO_API_KEY}');
	await passesCheck(cwd, env);
});

test('by options, with what does not work: it says why and what to do, and writes nothing unless it is not to try', async () => {
	const cwd = scratchFolder();
	const env = { ARPIO_API_KEY: 'canary:wrong' };
	const refused = await runCli(options(), { cwd, env }, [addInit]);
	expect(refused.code).toBe(1);
	expect(refused.err).toContain('The key is not accepted: check the environment variable ARPIO_API_KEY');
	expect(refused.err).toContain('--no-check writes it without trying it out');
	await expect(stat(join(cwd, 'audit-relay.yaml'))).rejects.toThrow('ENOENT');
	const unset = await runCli(options(), { cwd }, [addInit]);
	expect(unset).toMatchObject({ code: 1, err: expect.stringContaining('ARPIO_API_KEY is not set') as string });
	expect((await runCli([...options(), '--no-check'], { cwd, env }, [addInit])).code).toBe(0);
	await stat(join(cwd, 'audit-relay.yaml'));
});

test.each([
	[['--provider', 'arpioo'], 'did you mean arpio?'],
	[['--provider', 'arpio'], '--set accountId=… is missing'],
	[['--provider', 'arpio', '--set', 'acountId=x'], 'did you mean accountId?'],
	[['--provider', 'arpio', '--set', 'accountId=x', '--preset', 'datadoog'], 'there is no such preset'],
])('by options that are wrong: %j', async (args, said) => {
	expect(await runCli(['init', ...args], { cwd: scratchFolder() }, [addInit])).toMatchObject({
		...{ code: 2, err: expect.stringContaining(said) as string },
	});
});

test('at a terminal: somebody without a key logs in, and what is written passes check', async () => {
	const cwd = scratchFolder();
	const person = terminal([
		['Whose audit log?', 'arpio'],
		['Account ID', arpioAccountId],
		['where is it?', 'create'],
		['E-mail', arpioSandboxUser.email],
		['Password', arpioSandboxUser.password],
		['Where to begin', '7d'],
		['Where do the events go?', 'otlp'],
		['Address', receiver!.url],
	]);
	const { code, err } = await runCli(['init', '--base-url', server!.url], { cwd, person, tty: true }, [addInit]);
	expect({ code, left: person.left() }).toEqual({ code: 0, left: [] });
	expect(err).not.toContain(arpioSandboxUser.password);
	const text = await readFile(join(cwd, 'audit-relay.yaml'), 'utf8');
	expect(text).toContain('apiKey: ${file:./arpio.key}');
	expect(text).toContain('start: 7d');
	expect((await stat(join(cwd, 'arpio.key'))).mode & 0o777).toBe(0o600);
	await passesCheck(cwd);
});

test('at a terminal: a key that is typed lies in a file, and one that is refused is told before anything is written', async () => {
	const cwd = scratchFolder();
	const answers = (apiKey: string, last: [string, string][] = []) =>
		terminal([
			['where is it?', 'type'],
			['API Key', apiKey],
			['Where to begin', ''],
			['Where do the events go?', '1'],
			['Address', receiver!.url],
			...last,
		]);
	const args = ['init', '--provider', 'arpio', '--set', `accountId=${arpioAccountId}`, '--base-url', server!.url];
	const wrong = answers('canary:wrong', [['all the same?', 'n']]);
	const refused = await runCli(args, { cwd, person: wrong, tty: true }, [addInit]);
	expect(refused.code).toBe(1);
	expect(refused.err).toContain('The key is not accepted');
	expect(refused.err).not.toContain('canary');
	await expect(stat(join(cwd, 'audit-relay.yaml'))).rejects.toThrow('ENOENT');
	const other = scratchFolder();
	const right = answers(key);
	expect((await runCli(args, { cwd: other, person: right, tty: true }, [addInit])).code).toBe(0);
	await passesCheck(other);
});

test('at a terminal: a file that is there is said before any question', async () => {
	const cwd = scratchFolder();
	await runCli(['init'], { cwd }, [addInit]);
	const person = terminal([['Whose audit log?', 'arpio']]);
	const { code, err } = await runCli(['init'], { cwd, person, tty: true }, [addInit]);
	expect({ code, left: person.left() }).toEqual({ code: 1, left: ['Whose audit log?'] });
	expect(err).toContain('exists already; --force replaces it');
});

test('--starter asks nothing, at a terminal too', async () => {
	const cwd = scratchFolder();
	const { code } = await runCli(['init', '--starter'], { cwd, person: terminal([]), tty: true }, [addInit]);
	expect(code).toBe(0);
});
