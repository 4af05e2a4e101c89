/** What docs/fleet.md shows is what happens. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemText } from '../../forwarder/config/errors';
import { loadUsable } from '../../forwarder/config/load';
import { resulting } from '../../forwarder/config/resulting';
import { scratchFolder } from '../support/scratch';

const page = readFileSync('docs/fleet.md', 'utf8');
const blocks = [...page.matchAll(/^```(\w*)\n([^]*?)^```/gm)].map(([, language, text]) => ({ language, text: text! }));
const block = (beginning: string) => blocks.find(({ text }) => text.startsWith(beginning))!.text;
const NOW = Date.parse('2026-11-20T12:00:00Z');
const DESTINATIONS = "destinations: [{ name: siem, endpoint: 'https://collector.example:4318' }]\n";

const ENTRY = block('# audit-relay.yaml\ndefaults');
const TABLE = block('name,account');

async function load(files: Record<string, string>, keys: readonly string[] = []) {
	const folder = scratchFolder();
	for (const path of ['keys', 'conf.d/keys']) mkdirSync(join(folder, path), { recursive: true });
	for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
	for (const key of keys) writeFileSync(join(folder, key), 'canary-key');
	const path = join(folder, 'audit-relay.yaml');
	const loaded = await loadUsable(path, { SMALL_KEY: 'canary-key' }, NOW);
	const said = loaded.mistakes.flatMap(({ problems }) => problems.map((one) => problemText(path, one)));
	return { loaded, said: said.map((text) => text.replaceAll(`${folder}/`, '')) };
}

test('a hundred tenants take a table and fewer than thirty lines', async () => {
	const more = Array.from({ length: 98 }, (_, index) => `t${index}`);
	const table = TABLE + more.map((name) => `${name},account-of-${name}\n`).join('');
	const keys = ['acme', 'beta', ...more].map((name) => `keys/${name}`);
	const { loaded, said } = await load({ 'audit-relay.yaml': ENTRY, 'tenants.csv': table }, keys);
	expect(said).toEqual([]);
	expect(loaded.config.sources).toHaveLength(100);
	expect(loaded.config.sources[0]).toMatchObject({ name: 'acme', settings: { accountId: 'q7RkT2mZpX0vLd9sYbNc4H' } });
	expect(ENTRY.split('\n').length).toBeLessThan(30);
});

test('one that is broken is said in these words, and the others run', async () => {
	const files = { 'audit-relay.yaml': ENTRY, 'tenants.csv': `${TABLE}gamma,Qx0vLd9sYbNc4Hq7RkT2mZ\n` };
	const { loaded, said } = await load(files, ['keys/acme', 'keys/beta']);
	expect(loaded.config.sources.map(({ name }) => name)).toEqual(['acme', 'beta']);
	expect(said.map((text) => `${text}\n`)).toEqual([block('tenants.csv')]);
});

test('a file for each tenant, and what config show makes of it', async () => {
	const files = {
		'audit-relay.yaml': block('# audit-relay.yaml\ninclude'),
		'conf.d/acme.yaml': block('# conf.d/acme.yaml'),
	};
	const { loaded, said } = await load(files, ['conf.d/keys/acme']);
	expect(said).toEqual([]);
	expect(loaded.config.sources).toMatchObject([{ name: 'acme', latenessMs: 15 * 60_000, dropReads: true }]);
	const { data, origins } = resulting(loaded);
	const [source] = data['sources'] as [Record<string, unknown>];
	for (const [, key, value, origin] of block('- name: acme').matchAll(/^[- ] (\w+): (.*) # (.*)$/gm)) {
		expect([key, JSON.stringify(source[key!]).replaceAll('"', '')]).toEqual([key, value]);
		expect(origins.get(`sources[0].${key}`)).toMatch(new RegExp(`(^|/)${origin!}$`));
	}
});

test('anchors', async () => {
	const text = DESTINATIONS + block('x-patient');
	const { loaded, said } = await load({ 'audit-relay.yaml': text });
	expect(said).toEqual([]);
	expect(loaded.config.sources).toMatchObject([{ name: 'small', pollIntervalMs: 600_000 }]);
});
