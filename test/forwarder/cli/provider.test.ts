import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addProvider } from '../../../forwarder/cli/provider/provider';
import { runCli } from './runCli';

const run = (...args: string[]) => runCli(['provider', ...args], {}, [addProvider]);

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

/** A copy of GitHub's declaration and its examples, under another name. */
function acme(change: (text: string) => string = (text) => text): string {
	const folder = mkdtempSync(join(tmpdir(), 'audit-relay-provider-'));
	folders.push(folder);
	const file = join(folder, 'acme.provider.yaml');
	writeFileSync(file, change(readFileSync('providers/github/github.provider.yaml', 'utf8')));
	for (const part of ['page.json', 'expected.json'])
		cpSync(`providers/github/github.${part}`, join(folder, `acme.${part}`));
	return file;
}

describe('provider check', () => {
	test('a declaration in a file named otherwise is proven', async () => {
		const { code, out } = await run('check', acme());
		expect(out).toMatch(/✓ +form +GitHub: valid\n✓ +examples +1 pages, \d+ events: records as expected\n/);
		expect(out).toMatch(/✓ +proof +\d+ stories: no event lost, none repeated\n/);
		expect(out).toContain('! ');
		expect(out).toContain('if events become visible later than the lateness');
		expect(out).toContain('Proven: as declared, no event is lost and none comes twice.');
		expect(code).toBe(0);
	});

	test('one that is not valid ends with 2, and is told by line, key, cause and fix', async () => {
		const file = acme((text) => text.replace('order: oldest', 'ordr: oldest').replace('lateness: 10m', 'lateness: 10'));
		const { code, out, err } = await run('check', file);
		expect({ code, out }).toEqual({ code: 2, out: '' });
		expect(err).toMatch(/acme\.provider\.yaml:\d+:1 ordr: unknown key\. Did you mean "order"\?/);
		expect(err).toMatch(/acme\.provider\.yaml:\d+:11 lateness: must be text\. Put the value in quotes\./);
	});

	test('one that maps the examples to other records ends with 1', async () => {
		const file = acme((text) => text.replace('client.address: actor_ip', 'client.address: user_agent'));
		const { code, out } = await run('check', file, '--json');
		expect(code).toBe(1);
		const { ok, checks } = JSON.parse(out) as { ok: boolean; checks: { check: string; detail: string }[] };
		expect(ok).toBe(false);
		expect(checks.find(({ check }) => check === 'examples')!.detail).toContain('client.address is "Mozilla');
	});

	test('one that loses events under a reading ends with 1, and is told what to declare instead', async () => {
		const file = acme((text) => text.replace('unknown: [', 'unknown: [end, '));
		const { code, out } = await run('check', file);
		expect(code).toBe(1);
		expect(out).toContain('if empty pages go on to name a next one, the list is never read to its end');
		expect(out).toContain('→ Add `emptyPage: true` to `page.end`');
	});

	test('--write-expected writes the records of the examples', async () => {
		const file = acme((text) => text.replace('client.address: actor_ip', 'client.address: user_agent'));
		expect((await run('check', file, '--write-expected')).code).toBe(0);
		expect((await run('check', file)).code).toBe(0);
	});

	test('a file that is not there', async () => {
		const { code, err } = await run('check', '/nowhere/acme.provider.yaml');
		expect(code).toBe(2);
		expect(err).toContain('/nowhere/acme.provider.yaml there is no such file. `audit-relay provider new` writes');
	});
});
