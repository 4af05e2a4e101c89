/** What the shells are answered. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addCompletion } from '../../../../forwarder/cli/completion/completion';
import { addDeadLetters } from '../../../../forwarder/cli/deadLetters/deadLetters';
import { addState } from '../../../../forwarder/cli/state/state';
import { addStatus } from '../../../../forwarder/cli/status/status';
import { runCli } from '../runCli';

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), 'audit-relay-'));
	writeFileSync(
		join(folder, 'audit-relay.yaml'),
		'sources: [{ name: eu-one }, { name: us }]\ndestinations: [{ name: siem }]\n',
	);
	writeFileSync(join(folder, 'other.yaml'), 'sources: [{ name: elsewhere }]\n');
	writeFileSync(join(folder, 'broken.yaml'), 'sources: [\n');
});
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [addStatus, addState, addDeadLetters, addCompletion];
async function offered(...words: string[]): Promise<string[]> {
	const { code, out, err } = await runCli(['__complete', '--', ...words], { cwd: folder }, COMMANDS);
	expect({ code, err }).toEqual({ code: 0, err: '' });
	return out.split('\n').flatMap((line) => (line ? [line.split('\t')[0]!] : []));
}

test('commands and those below them, but not the hidden one', async () => {
	expect(await offered('')).toEqual(['status', 'state', 'dead-letters', 'completion', 'help']);
	expect(await offered('sta')).toEqual(['status', 'state']);
	expect(await offered('state', 'ex')).toEqual(['export']);
	expect(await offered('__')).toEqual([]);
});

test('options of the command and those of all, once its name is there', async () => {
	expect(await offered('status', '--')).toEqual(
		expect.arrayContaining(['--problems', '--source', '--watch', '--config', '--json', '--help']),
	);
	expect(await offered('status', '--')).not.toContain('--version');
	expect(await offered('status', '--pro')).toEqual(['--problems']);
});

test('names of sources and destinations, as options and as arguments', async () => {
	expect(await offered('status', '--source', '')).toEqual(['eu-one', 'us']);
	expect(await offered('status', '-s', 'e')).toEqual(['eu-one']);
	expect(await offered('dead-letters', 'list', '--destination', '')).toEqual(['siem']);
	expect(await offered('state', 'reset', 'u')).toEqual(['us']);
	expect(await offered('state', 'forget', '')).toEqual(['siem']);
	expect(await offered('state', 'forget', 'siem', '')).toEqual([]);
});

test('of the configuration that is named; none when it cannot be read, and no error in the line of the shell', async () => {
	expect(await offered('--config', 'other.yaml', 'status', '--source', '')).toEqual(['elsewhere']);
	expect(await offered('-c', 'broken.yaml', 'status', '--source', '')).toEqual([]);
});

test('options that take no value, or may go without, are not waited for', async () => {
	expect(await offered('--json', '--no-color', 'state', 'res')).toEqual(['reset']);
	expect(await offered('status', '--watch', '--source', 'u')).toEqual(['us']);
	expect(await offered('--config', '')).toEqual([]);
});

test('a shell that is not known is refused with those that are', async () => {
	const { code, err } = await runCli(['completion', 'csh'], {}, COMMANDS);
	expect(code).toBe(2);
	expect(err).toContain('Allowed choices are bash, zsh, fish.');
	expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
});
