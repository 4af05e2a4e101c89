import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STARTER } from '../../../../forwarder/config/starter';
import { scratchFolder } from '../../../support/scratch';
import { runCli } from '../runCli';

test('writes a file that only this user can read, and says what comes next', async () => {
	const cwd = scratchFolder();
	const { code, out } = await runCli(['init'], { cwd });
	expect(code).toBe(0);
	expect(out).toContain('audit-relay check');
	const path = join(cwd, 'audit-relay.yaml');
	expect(await readFile(path, 'utf8')).toBe(STARTER);
	expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('does not overwrite a file, unless told to', async () => {
	const cwd = scratchFolder();
	await writeFile(join(cwd, 'mine.yaml'), 'mine');
	const refused = await runCli(['init', 'mine.yaml'], { cwd });
	expect(refused.code).toBe(1);
	expect(refused.err).toContain('mine.yaml exists already; --force replaces it');
	expect(await readFile(join(cwd, 'mine.yaml'), 'utf8')).toBe('mine');
	expect((await runCli(['init', 'mine.yaml', '--force'], { cwd })).code).toBe(0);
	expect(await readFile(join(cwd, 'mine.yaml'), 'utf8')).toBe(STARTER);
});

test('a folder that is not there', async () => {
	const { code, err } = await runCli(['init', 'no/such/relay.yaml'], { cwd: scratchFolder() });
	expect(code).toBe(1);
	expect(err).toContain('cannot be written (ENOENT)');
});

test('--json names the file', async () => {
	const cwd = scratchFolder();
	const { out } = await runCli(['--json', 'init', '--config', 'x.yaml'], { cwd });
	expect(JSON.parse(out)).toEqual({ written: join(cwd, 'x.yaml') });
});
