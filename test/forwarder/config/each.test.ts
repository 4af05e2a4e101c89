/** Sources made of a table: a row is a tenant, and what is wrong with it stops that tenant. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble } from '../../../forwarder/config/assemble';
import { complete } from '../../../forwarder/config/complete';
import { merged } from '../../../forwarder/config/difference';
import { problemText } from '../../../forwarder/config/errors';
import { loadUsable } from '../../../forwarder/config/load';
import { loadNames } from '../../../forwarder/config/loadPart';
import { resulting } from '../../../forwarder/config/resulting';
import { readSecrets } from '../../../forwarder/config/secrets';
import { ENV, loadFiles, NOW, refusedFiles, writeFiles } from './scratch';

const TABLE = 'name,account,region\nacme,acc1,eu\nbeta,acc2,us\n';
const template = (each = 'tenants.csv') => `
sources:
  - each: ${each}
    name: '{name}'
    provider: arpio
    accountId: '{account}'
    apiKey: '\${file:keys/{name}}'
    rateLimit: { retries: 3 }
    redact: ['/{region}', /user]
`;
const MAIN = `destinations: [{ name: siem, endpoint: 'https://collector.example:4318' }]\ndefaults: { sources: { pollInterval: 2m } }${template()}`;
const KEYS = { 'keys/acme': 'canary-acme', 'keys/beta': 'canary-beta', 'keys/gamma': 'canary-gamma' };
const FILES = { ...KEYS, 'audit-relay.yaml': MAIN, 'tenants.csv': TABLE };

async function read(files: Record<string, string>) {
	const folder = await writeFiles({ ...FILES, ...files });
	const path = join(folder, 'audit-relay.yaml');
	const loaded = await loadUsable(path, ENV, NOW);
	const said = loaded.mistakes.map(({ source, problems }) => [
		source,
		problems.map((problem) => problemText(path, problem).replaceAll(`${folder}/`, '')).join(' '),
	]);
	return { folder, path, loaded, said, names: loaded.config.sources.map(({ name }) => name) };
}

test('each row is a source, with what stands in its fields, and the defaults hold', async () => {
	const { sources } = await loadFiles(FILES);
	expect(sources).toMatchObject([
		{ name: 'acme', settings: { accountId: 'acc1' }, pollIntervalMs: 120_000, redact: ['/eu', '/user'] },
		{ name: 'beta', settings: { accountId: 'acc2' }, rateLimit: { retries: 3 } },
	]);
	await expect(readSecrets(sources[1]!.secrets)).resolves.toEqual({ apiKey: 'canary-beta' });
});

test('a list in the file does the same, and defaults go by the provider in the row', async () => {
	const list = `[{ name: acme, account: a, region: eu, kind: arpio }]`;
	const main = MAIN.replace(template(), template(list).replace('provider: arpio', "provider: '{kind}'"));
	const { sources } = await loadFiles({
		...FILES,
		'audit-relay.yaml': main.replace('{ sources:', '{ providers: { arpio: { lateness: 33m } }, sources:'),
	});
	expect(sources).toMatchObject([{ name: 'acme', provider: { name: 'arpio' }, latenessMs: 33 * 60_000 }]);
});

test('config show says of each value whether it is from the row, from the entry or from elsewhere', async () => {
	const { loaded, folder } = await read({});
	const { data, origins } = resulting(loaded);
	expect(data['sources']).toMatchObject([{ name: 'acme', apiKey: '${file:keys/acme}' }, { name: 'beta' }]);
	const of = (key: string) => origins.get(`sources[1].${key}`)!.replace(`${folder}/`, '');
	expect(['name', 'accountId', 'apiKey', 'redact'].map(of)).toEqual(Array(4).fill('tenants.csv:3'));
	expect([of('provider'), of('rateLimit.retries')]).toEqual(['audit-relay.yaml:6', 'audit-relay.yaml:9']);
	expect(of('pollInterval')).toBe('audit-relay.yaml:2');
});

test('an included file names a table beside it', async () => {
	const { names, folder, path } = await read({
		'audit-relay.yaml': MAIN.replace(template(), '\ninclude: [conf.d/*.yaml]\n'),
		'conf.d/all.yaml': template().replace('keys/', '../keys/'),
		'conf.d/tenants.csv': TABLE,
	});
	expect(names).toEqual(['acme', 'beta']);
	expect((await assemble(path)).tables).toEqual([join(folder, 'conf.d/tenants.csv')]);
	await expect(loadNames(path)).resolves.toMatchObject({ sources: ['acme', 'beta'] });
});

test.each([
	['a value too few', 'gamma,acc3', 'gamma', 'rows[2]: has 2 values where the first line names 3 fields.'],
	[
		'a way out of the reference',
		'x}${env:KEY,acc3,eu',
		undefined,
		'rows[2]: name holds $, {, } or a control character.',
	],
	[
		'another folder',
		'../keys/gamma,acc3,eu',
		'../keys/gamma',
		'rows[2]: name stands in a reference (apiKey) and is empty or a path.',
	],
	['no name', ',acc3,eu', '', 'rows[2]: name stands in a reference (apiKey) and is empty or a path.'],
	['a line break', '"gam\nma",acc3,eu', undefined, 'rows[2]: name holds $, {, } or a control character.'],
	['a reference as a value', 'gamma,${env:KEY},eu', 'gamma', 'rows[2]: account holds $, {, } or a control character.'],
	['a space too many', 'gamma, acc3,eu', 'gamma', 'rows[2]: account begins or ends with a space.'],
	['a key that is missing', 'delta,acc3,eu', 'delta', 'rows[2].apiKey: file keys/delta cannot be read (ENOENT).'],
	['a name that stands twice', 'acme,acc3,eu', 'acme', 'rows[2].name: "acme" is already the name of rows[0].'],
])('%s stops that tenant only', async (_name, row, source, what) => {
	const { names, said } = await read({ 'tenants.csv': `${TABLE}${row}\n` });
	expect(names).toEqual(['acme', 'beta']);
	expect(said).toEqual([[source, expect.stringContaining(`tenants.csv:4:1 ${what}`)]]);
});

test('a row of a list is said where it stands', async () => {
	const list =
		'[{ name: acme, account: a, region: eu }, { name: beta, account: b }, { name: gamma, account: 7, region: x }]';
	const { names, said } = await read({ 'audit-relay.yaml': MAIN.replace(template(), template(list)) });
	expect(names).toEqual(['acme']);
	expect(said).toEqual([
		['beta', expect.stringMatching(/yaml:4:\d+ sources\[0\]\.each\[1\]: has no field region, which redact names\./)],
		[
			'gamma',
			expect.stringMatching(/yaml:4:\d+ sources\[0\]\.each\[2\]: account must be text\. Put the value in quotes\./),
		],
	]);
});

test('a field that no row has is said once, where it is named', async () => {
	const main = MAIN.replace("'{account}'", "'{acount}'");
	await expect(refusedFiles({ ...FILES, 'audit-relay.yaml': main })).resolves.toBe(
		'audit-relay.yaml: one problem\n  audit-relay.yaml:7:16 sources[0].accountId: {acount} is no field of tenants.csv. Did you mean {account}? Its fields: name, account, region.',
	);
});

test.each([
	['is gone', undefined, 'tenants.csv there is no such file. Put it in its place; audit-relay.yaml:4 names it.'],
	['is empty', '', 'tenants.csv the file is empty.'],
	['has a quote that is not closed', `${TABLE}"gam`, 'tenants.csv:4:1 a quote is not closed'],
	['names a field twice', 'name,account,region,name\n', 'tenants.csv:1:1 field 4 of the first line appears twice.'],
	['has other separators', TABLE.replaceAll(',', ';'), 'tenants.csv:1:1 field 1 of the first line is not a name.'],
])('a table that %s keeps the sources it had when it is read again, and is named', async (_name, text, what) => {
	const more = `${MAIN}  - { name: own, provider: arpio, accountId: own, apiKey: '\${env:KEY}' }\n`;
	const { folder, path, loaded } = await read({ 'audit-relay.yaml': more });
	const table = join(folder, 'tenants.csv');
	await (text === undefined ? rm(table) : writeFile(table, text));
	const after = await complete(path, await assemble(path, loaded.assembled.included), ENV, NOW, loaded);
	expect(after.mistakes.flatMap(({ problems }) => problems.map((one) => problemText(path, one)))).toEqual([
		expect.stringContaining(what.replace('audit-relay.yaml', path)),
	]);
	const { running, changes } = merged(loaded, after);
	expect(running.config.sources.map(({ name }) => name).sort()).toEqual(['acme', 'beta', 'own']);
	expect(changes.sources).toEqual({ added: [], changed: [], removed: [] });
});

test('a table that a spreadsheet has saved in another encoding is refused, and is not read as other characters', async () => {
	const folder = await writeFiles(FILES);
	const said = async (bytes: Buffer) => {
		await writeFile(join(folder, 'tenants.csv'), bytes);
		const error: unknown = await loadUsable(join(folder, 'audit-relay.yaml'), ENV, NOW).catch(
			(thrown: unknown) => thrown,
		);
		return (error as Error).message.replaceAll(`${folder}/`, '');
	};
	expect(await said(Buffer.from(TABLE.replace('acc1', 'caf\u00e9'), 'latin1'))).toContain(
		'tenants.csv the file is not written in UTF-8. Save it as UTF-8; audit-relay.yaml:4 names it.',
	);
	expect(await said(Buffer.from(`\ufeff${TABLE}`, 'utf16le'))).toMatch(
		/UTF-16.*\. Save it as UTF-8; audit-relay\.yaml:4/,
	);
});

test('a table that is gone is all that is said when nothing else could be read', async () => {
	const { 'tenants.csv': _gone, ...files } = FILES;
	const folder = await writeFiles(files);
	await expect(loadUsable(join(folder, 'audit-relay.yaml'), ENV, NOW)).rejects.toThrow(
		/: one problem\n.*tenants\.csv there is no such file/,
	);
});

test('rows come and go as the table is read again; one that is wrong now goes on as it was', async () => {
	const { folder, path, loaded } = await read({});
	await writeFile(join(folder, 'tenants.csv'), 'name,account,region\nbeta,acc2\ngamma,acc3,eu\n');
	const after = await complete(path, await assemble(path, loaded.assembled.included), ENV, NOW, loaded);
	const { running, changes } = merged(loaded, after);
	expect(changes.sources).toEqual({ added: ['gamma'], changed: [], removed: ['acme'] });
	expect(running.config.sources.map(({ name }) => name)).toEqual(['gamma', 'beta']);
});

test('neither a path nor a list is refused, and removes nothing when it is read again', async () => {
	const { folder, path, loaded } = await read({});
	await writeFile(
		join(folder, 'audit-relay.yaml'),
		`${MAIN.replace(template(), template('7'))}  - { name: own, provider: arpio, accountId: own, apiKey: '\${env:KEY}' }\n`,
	);
	const after = await complete(path, await assemble(path, loaded.assembled.included), ENV, NOW, loaded);
	expect(after.mistakes[0]!.problems[0]).toMatchObject({ key: 'sources[0].each', line: 4 });
	expect(merged(loaded, after).changes.sources).toEqual({ added: ['own'], changed: [], removed: [] });
});

test('a file that is gone keeps its rows, though another has a table whose entry is written the same', async () => {
	const files = {
		'audit-relay.yaml': MAIN.replace(template(), '\ninclude: [conf.d/*.yaml]\n'),
		'conf.d/a.yaml': template('a.csv').replace('keys/', '../keys/'),
		'conf.d/b.yaml': template('b.csv').replace('keys/', '../keys/'),
		'conf.d/a.csv': 'name,account,region\nacme,acc1,eu\n',
		'conf.d/b.csv': 'name,account,region\nbeta,acc2,eu\n',
	};
	const { folder, path, loaded } = await read(files);
	await rm(join(folder, 'conf.d/a.yaml'));
	const after = await complete(path, await assemble(path, loaded.assembled.included), ENV, NOW, loaded);
	expect(merged(loaded, after).changes.sources.removed).toEqual([]);
});
