import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { addKeys } from '../../../../forwarder/cli/keys/keys';
import { arpioApi } from '../../../../sandbox/arpio/api';
import { arpioAccountId } from '../../../../sandbox/arpio/events';
import { arpioSandboxUser } from '../../../../sandbox/arpio/login';
import { serve, type SimServer } from '../../../../sandbox/server';
import { scratchFolder } from '../../../support/scratch';
import { runCli } from '../runCli';
import { terminal, type Person } from '../terminal';

let server: SimServer;
beforeAll(async () => (server = await serve(arpioApi())));
afterAll(() => server.close());

const { email, password } = arpioSandboxUser;
const usual = ['--set', `accountId=${arpioAccountId}`, '--email', email];

function piped(text: string) {
	const input = new PassThrough();
	input.end(text);
	return input;
}

async function create(args: readonly string[], from: PassThrough | Person, cwd = scratchFolder()) {
	const all = ['keys', 'create', 'arpio', '--base-url', server.url, ...args];
	const input = from instanceof PassThrough ? { stdin: from } : { person: from };
	return { cwd, ...(await runCli(all, { cwd, ...input }, [addKeys])) };
}

test('from a script: the password is the first line of stdin; the key lies in a file that only this user can read', async () => {
	const { cwd, code, out, err } = await create(usual, piped(`${password}\n`));
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(out).toContain('Wrote ./arpio.key. In the configuration: apiKey: "${file:./arpio.key}"');
	expect(out).toContain('give it account_read and nothing more');
	const key = (await readFile(join(cwd, 'arpio.key'), 'utf8')).trim();
	expect((await stat(join(cwd, 'arpio.key'))).mode & 0o777).toBe(0o600);
	const reply = await fetch(`${server.url}/api/accounts/${arpioAccountId}/auditEvents`, {
		headers: { 'x-api-key': key },
	});
	expect(reply.status).toBe(200);
	expect(out).not.toContain(key.split(':')[1]);
	expect(out + err).not.toContain(password);
});

test('at a terminal everything is asked for, and the password is not shown', async () => {
	const person = terminal([
		['Account ID', arpioAccountId],
		['E-mail', email],
		['Password', password],
	]);
	const { cwd, code } = await create([], person);
	expect(code).toBe(0);
	expect(person.raw()).toEqual([true, false]);
	expect(await readFile(join(cwd, 'arpio.key'), 'utf8')).toMatch(/^\S+:\S+\n$/);
});

test('a wrong password: says what to look at, and leaves no file', async () => {
	const { cwd, code, err } = await create(usual, piped('canary-1234-wrong\n'));
	expect(code).toBe(1);
	expect(err).toContain('status 401 (Invalid email or password). Check e-mail and password');
	expect(err).not.toContain('canary');
	await expect(stat(join(cwd, 'arpio.key'))).rejects.toThrow('ENOENT');
});

test('a key that is there is not replaced, and none is made that could not be kept', async () => {
	const cwd = scratchFolder();
	await writeFile(join(cwd, 'arpio.key'), 'mine');
	const before = server.requests.length;
	const { code, err } = await create(usual, piped(password), cwd);
	expect({ code, asked: server.requests.length - before }).toEqual({ code: 1, asked: 0 });
	expect(err).toContain('arpio.key exists already');
});

test('a login at another host is not followed: the password would go there', async () => {
	let asked = 0;
	const other = await serve({ handle: () => (asked++, { status: 200, headers: {}, body: '{}' }) });
	const odd = await serve({
		handle: () => ({ status: 401, headers: {}, body: JSON.stringify({ authenticateUrl: `${other.url}/api/auth` }) }),
	});
	const args = ['keys', 'create', 'arpio', '--base-url', odd.url, ...usual];
	const { code, err } = await runCli(args, { cwd: scratchFolder(), stdin: piped(password) }, [addKeys]);
	await Promise.all([other.close(), odd.close()]);
	expect({ code, asked }).toEqual({ code: 1, asked: 0 });
	expect(err).toContain('the login is at another host');
});

test('what is missing without a terminal is named, and so is a provider that makes no keys', async () => {
	expect((await create(['--email', email], piped(password))).err).toContain(
		'Account ID is missing; give it by --set accountId=…',
	);
	const { err } = await runCli(['keys', 'create', 'okta'], { stdin: piped('') }, [addKeys]);
	expect(err).toContain('Okta has no way to make a key that is known');
});
