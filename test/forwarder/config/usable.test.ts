/** One tenant's mistake keeps that tenant from being read, and nobody else. */
import { execFileSync } from 'node:child_process';
import { chmod, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assemble } from '../../../forwarder/config/assemble';
import { complete } from '../../../forwarder/config/complete';
import { ConfigError, problemText } from '../../../forwarder/config/errors';
import { loadUsable, loadWithOrigins } from '../../../forwarder/config/load';
import { ENV, NOW, writeFiles } from './scratch';

const MAIN = `include: [conf.d/*.yaml]
destinations: [{ name: siem, endpoint: "https://collector.example:4318" }]
sources:
  - { name: dr, provider: arpio, accountId: acc, apiKey: "\${env:KEY}" }
`;
const tenant = (name: string, more = '') =>
	`sources:\n  - { name: ${name}, provider: arpio, accountId: ${name}, apiKey: "\${env:KEY}"${more} }\n`;

async function read(files: Record<string, string>) {
	const folder = await writeFiles({ 'audit-relay.yaml': MAIN, ...files });
	const path = join(folder, 'audit-relay.yaml');
	const loaded = await loadUsable(path, ENV, NOW);
	return {
		...{ folder, path, loaded },
		names: loaded.config.sources.map(({ name }) => name),
		mistakes: loaded.mistakes.map(({ source, problems }) => [
			source,
			problems.map((problem) => problemText(path, problem).replaceAll(`${folder}/`, '')).join('\n'),
		]),
	};
}

test.each([
	['a missing variable', tenant('acme').replace('KEY', 'NOWHERE'), /conf\.d\/acme\.yaml:2:\d+ .*NOWHERE is not set/],
	['a missing key file', tenant('acme').replace('env:KEY', 'file:keys/acme'), /keys\/acme cannot be read \(ENOENT\)/],
	[
		'a wrong value',
		tenant('acme', ', pollInterval: banana'),
		/acme\.yaml:2:\d+ sources\[0\]\.pollInterval: .*is not a d/,
	],
	['an unknown provider', tenant('acme').replace('arpio', 'arpeo'), /"arpeo" is not known.*arpio/],
	['a missing file of a provider', tenant('acme').replace('arpio', './none.yaml'), /there is no file .*none\.yaml/],
	['a destination that is not there', tenant('acme', ', destinations: [lake]'), /no such destination/],
	['a name that another has', tenant('dr'), /"dr" is already the name of sources\[0\]/],
])('%s stops that source only', async (_name, text, said) => {
	const { names, mistakes } = await read({ 'conf.d/acme.yaml': text, 'conf.d/beta.yaml': tenant('beta') });
	expect(names).toEqual(['dr', 'beta']);
	expect(mistakes).toEqual([[text.includes('name: dr') ? 'dr' : 'acme', expect.stringMatching(said)]]);
});

test('a file that is no regular one, or far too large, stops what is in it only', async () => {
	const folder = await writeFiles({
		'audit-relay.yaml': MAIN,
		'conf.d/beta.yaml': tenant('beta'),
		'conf.d/large.yaml': 'sources: []\n',
		'conf.d/own.yaml': tenant('own').replace('arpio', './pipe'),
	});
	await truncate(join(folder, 'conf.d/large.yaml'), 2 ** 30);
	// whoever opens these waits for somebody who writes
	execFileSync('mkfifo', [join(folder, 'conf.d/acme.yaml'), join(folder, 'conf.d/pipe')]);
	const { config, mistakes } = await loadUsable(join(folder, 'audit-relay.yaml'), ENV, NOW);
	expect(config.sources.map(({ name }) => name)).toEqual(['dr', 'beta']);
	expect(mistakes.flatMap(({ problems }) => problems.map(({ what }) => what))).toEqual([
		'the file is not a regular file',
		'the file is larger than 16777216 bytes',
		expect.stringMatching(/pipe is not a regular file$/),
	]);
});

test('a file that cannot be parsed stops what is in it only, and so does a key that nobody knows', async () => {
	const files = {
		'conf.d/acme.yaml': 'sources:\n  - name: "acme',
		'conf.d/beta.yaml': `soruces: []\n${tenant('beta')}`,
	};
	const { names, mistakes } = await read({ ...files, 'conf.d/gamma.yaml': tenant('gamma') });
	expect(names).toEqual(['dr', 'gamma']);
	expect(mistakes).toEqual([
		[undefined, expect.stringMatching(/^conf\.d\/acme\.yaml:\d+:\d+ invalid YAML/)],
		['beta', expect.stringMatching(/beta\.yaml:1:1 soruces: unknown key.*"sources"/)],
	]);
});

test('a wrong value in defaults stops those that use it', async () => {
	const text = `defaults: { sources: { lateness: long } }\n${tenant('acme')}${tenant('beta', ', lateness: 1m').slice(9)}`;
	const { names, mistakes } = await read({ 'conf.d/acme.yaml': text });
	expect(names).toEqual(['dr']);
	expect(mistakes.map(([source]) => source)).toEqual(['acme', 'beta']);
});

test.each([
	['a wrong destination', { 'audit-relay.yaml': MAIN.replace('https://', 'ftp://') }],
	['a destination in a file that cannot be parsed', { 'conf.d/siem.yaml': 'destinations:\n  - name: "lake' }],
	['a wrong value of the process', { 'audit-relay.yaml': `${MAIN}server: { listen: nowhere }\n` }],
	['nothing that is right', { 'audit-relay.yaml': MAIN.replace('accountId: acc', 'accountId: 7') }],
	[
		'a file that is named by its path and not there',
		{ 'audit-relay.yaml': MAIN.replace('[conf.d', '[siem.yaml, conf.d') },
	],
])('%s is refused as a whole', async (_name, files) => {
	await expect(read(files as Record<string, string>)).rejects.toThrow(ConfigError);
});

test('whoever asks for all of it is told every mistake', async () => {
	const { path } = await read({
		'conf.d/acme.yaml': tenant('acme', ', pageSize: 0'),
		'conf.d/beta.yaml': tenant('beta', ', x: 1'),
	});
	await expect(loadWithOrigins(path, ENV, NOW)).rejects.toThrow(/2 problems[^]*pageSize[^]*unknown key/);
});

describe('read again', () => {
	const again = async (path: string, before: Awaited<ReturnType<typeof read>>) =>
		complete(path, await assemble(path, before.loaded.assembled.included), ENV, NOW);

	test.each([
		['half written', async (file: string) => writeFile(file, 'sources:\n  - { name: acme, provider: "arp')],
		['empty', async (file: string) => writeFile(file, '')],
		['gone', async (file: string) => rm(file)],
		['not readable', async (file: string) => (process.getuid?.() === 0 ? rm(file) : chmod(file, 0))],
	])('a file that is %s keeps the sources it had, and is named', async (_name, spoil) => {
		const before = await read({ 'conf.d/acme.yaml': tenant('acme'), 'conf.d/beta.yaml': tenant('beta') });
		await spoil(join(before.folder, 'conf.d/acme.yaml'));
		const { config, mistakes } = await again(before.path, before);
		expect(config.sources.map(({ name }) => name).sort()).toEqual(['acme', 'beta', 'dr']);
		expect(mistakes).toMatchObject([{ file: expect.stringContaining('conf.d/acme.yaml') as string }]);
	});

	test('what was written into another file has moved there', async () => {
		const before = await read({ 'conf.d/acme.yaml': tenant('acme') });
		await rm(join(before.folder, 'conf.d/acme.yaml'));
		await writeFile(join(before.folder, 'conf.d/all.yaml'), tenant('acme'));
		const { config, mistakes } = await again(before.path, before);
		expect(config.sources.map(({ name }) => name)).toEqual(['dr', 'acme']);
		expect(mistakes).toEqual([]);
	});

	test('an empty list removes its sources, and then the file is missed by nobody', async () => {
		const before = await read({ 'conf.d/acme.yaml': tenant('acme') });
		const file = join(before.folder, 'conf.d/acme.yaml');
		await writeFile(file, 'sources: []\n');
		const emptied = await again(before.path, before);
		expect(emptied.config.sources.map(({ name }) => name)).toEqual(['dr']);
		await rm(file);
		const { mistakes } = await again(before.path, { ...before, loaded: emptied });
		expect(mistakes).toEqual([]);
	});
});
