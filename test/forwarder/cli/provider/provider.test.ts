import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addProvider } from '../../../../forwarder/cli/provider/provider';
import { starterText } from '../../../../forwarder/cli/provider/starter';
import { Form } from '../../../../providers/declared/form/declaration';
import type { Schema } from '../../../../providers/declared/schema';
import { providerNamed, providerNames } from '../../../../providers/registry';
import { runCli } from '../runCli';

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
		const expected = readFileSync(file.replace('provider.yaml', 'expected.json'), 'utf8');
		expect(expected).toContain('"client.address": "Mozilla');
	});

	test('a file that is not there', async () => {
		const { code, err } = await run('check', '/nowhere/acme.provider.yaml');
		expect(code).toBe(2);
		expect(err).toContain('there is no file /nowhere/acme.provider.yaml. `audit-relay provider new` writes');
	});
});

describe('provider new', () => {
	const fresh = () => {
		const folder = mkdtempSync(join(tmpdir(), 'audit-relay-provider-'));
		folders.push(folder);
		return folder;
	};

	test('writes a declaration that is proven as it stands', async () => {
		const cwd = fresh();
		const { code, out } = await runCli(['provider', 'new', 'acme'], { cwd }, [addProvider]);
		expect(code).toBe(0);
		expect(out).toContain('audit-relay provider check ');
		const checked = await runCli(['provider', 'check', 'acme.provider.yaml'], { cwd }, [addProvider]);
		expect(checked.out).toContain('2 pages, 3 events: records as expected');
		expect(checked.code).toBe(0);
	});

	test('explains every key of the form', () => {
		const text = starterText('acme', 'Acme');
		const keysOf = ({ properties = {}, additionalProperties, items }: Schema): string[] => [
			...Object.entries(properties).flatMap(([key, inner]) => [key, ...keysOf(inner)]),
			...(additionalProperties ? keysOf(additionalProperties) : []),
			...(items ? keysOf(items) : []),
		];
		// what is only a part of a list is shown by an example
		const missing = keysOf(Form).filter((key) => !new RegExp(`^[ {#]*\\b${key}:`, 'm').test(text));
		expect(
			missing.filter(
				(key) =>
					!['at', 'in', 'not', 'prefix', 'words', 'with', 'without', 'category', 'alert', 'failed'].includes(key),
			),
		).toEqual([]);
	});

	test('replaces nothing unless it is told to', async () => {
		const cwd = fresh();
		await runCli(['provider', 'new', 'acme'], { cwd }, [addProvider]);
		const again = await runCli(['provider', 'new', 'acme'], { cwd }, [addProvider]);
		expect(again.code).toBe(1);
		expect(again.err).toContain('acme.provider.yaml exists already; --force replaces it');
		expect((await runCli(['provider', 'new', 'acme', '--force'], { cwd }, [addProvider])).code).toBe(0);
		expect((await runCli(['provider', 'new', 'Ac me'], { cwd }, [addProvider])).code).toBe(2);
	});
});

describe('what is built in', () => {
	test('provider list names every provider, and what is not known of it', async () => {
		const { out } = await run('list', '--json');
		const all = JSON.parse(out) as { name: string; as: string; unknown: string[] }[];
		expect(all.map(({ name }) => name)).toEqual(providerNames);
		expect(all.find(({ name }) => name === 'auditapi')).toMatchObject({ as: 'declaration and code' });
		expect(all.find(({ name }) => name === 'auditapi')!.unknown).toContain('retention');
		expect(all.find(({ name }) => name === 'github')!.unknown).toContain('lateness');
		expect((await run('list')).out).toMatch(/^github +GitHub +declaration +\S/m);
	});

	test.each([...providerNames])('provider show %s says what it is told, and has a page of facts', async (name) => {
		const { code, out } = await run('show', name);
		expect(code).toBe(0);
		for (const setting of Object.keys(providerNamed(name)!.settings)) expect(out).toContain(setting);
		expect(out).toContain(`docs/providers/${name}.md`);
		expect(existsSync(`docs/providers/${name}.md`)).toBe(true);
	});

	test('provider show says what of a provider is code, and why', async () => {
		const { out } = await run('show', 'arcus-erp');
		expect(out).toMatch(/^CODE +WHY DATA CANNOT SAY IT\nsource +\S.*\nendpoint +The path has the entity in it/m);
		expect((await run('show', 'github')).out).not.toContain('CODE');
	});

	test('a name that nobody has', async () => {
		const { code, err } = await run('show', 'gitub');
		expect(code).toBe(2);
		expect(err).toContain('There is no provider "gitub". Did you mean "github"?');
	});
});
