/** A provider that a file of the user declares. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { differences } from '../../../forwarder/cli/state/settingsDiff';
import { ConfigError } from '../../../forwarder/config/errors';
import { fingerprint, kept } from '../../../forwarder/config/fingerprint';
import { loadConfig } from '../../../forwarder/config/load';
import { createEncoders } from '../../../forwarder/run/encoders';
import { ENV, NOW, writeConfig } from './scratch';

const CONFIG = `
destinations:
  - name: siem
    endpoint: https://collector.example:4318
sources:
  - name: hub
    provider: ./acme.provider.yaml
    organization: acme
    apiKey: "\${env:KEY}"
`.trimStart();

const github = () => readFile('providers/github/github.provider.yaml', 'utf8');

async function written(declaration: string, config = CONFIG): Promise<string> {
	const path = await writeConfig(config);
	await writeFile(join(dirname(path), 'acme.provider.yaml'), declaration);
	return path;
}

const load = async (declaration: string, config = CONFIG) => loadConfig(await written(declaration, config), ENV, NOW);

/** Lines of the error, cut free of the temporary folder. */
async function refused(declaration: string, config = CONFIG): Promise<string[]> {
	const path = await written(declaration, config);
	const error: unknown = await loadConfig(path, ENV, NOW).catch((thrown: unknown) => thrown);
	if (!(error instanceof ConfigError)) throw new Error(`no ConfigError but ${String(error)}`);
	const lines = error.message.split('\n').slice(1);
	return lines.map((line) => line.trim().replaceAll(/\S*\/(?=audit-relay\.yaml|acme\.provider)/g, ''));
}

test('a source whose provider is a file is one like any other', async () => {
	const { sources } = await load((await github()).replace('name: github', 'name: acme'));
	expect(sources[0]).toMatchObject({
		provider: { name: 'acme', title: 'GitHub' },
		baseUrl: 'https://api.github.com',
		settings: { organization: 'acme', scope: 'orgs' },
		latenessMs: 600_000,
		sizes: { pageSize: 100 },
	});
});

test('what is wrong with the file is told with its line, beside the source that names it', async () => {
	const declaration = (await github()).replace('lateness: 10m', 'latenes: 10m').replace('iso-s', 'iso-m');
	expect(await refused(declaration)).toEqual([
		'audit-relay.yaml:6:15 sources[0].provider: is not usable. See acme.provider.yaml.',
		expect.stringMatching(/^acme\.provider\.yaml:\d:1 lateness: is missing\. How long after/),
		expect.stringMatching(/^acme\.provider\.yaml:\d+:19 bounds\.format: "iso-m" is not known\. Did you mean "iso-s"\?/),
		expect.stringMatching(/^acme\.provider\.yaml:\d+:1 latenes: unknown key\. Did you mean "lateness"\?$/),
	]);
});

test('parts that do not fit each other are told too', async () => {
	const told = await refused(
		(await github()).replace('phrase: ', 'frase: ').replace("'created:>={from}'", "'{nobody}'"),
	);
	expect(told.join('\n')).toMatch(/request\.query: \{nobody\} is not a setting\. Known: organization, scope/);
	expect((await refused((await github()).replaceAll('organization', 'start'))).join('\n')).toMatch(
		/settings\.start: is a key that every source has\. Choose another name/,
	);
});

test('a file that is not there is told at the source', async () => {
	expect(await refused('', CONFIG.replace('./acme.', './acne.'))).toEqual([
		expect.stringMatching(/^audit-relay\.yaml:6:15 sources\[0\]\.provider: there is no file \S+\. Paths are relative/),
	]);
});

test('the fingerprint has the name of the provider and not its file, and the position keeps the declaration', async () => {
	const text = (await github()).replace('name: github', 'name: acme');
	const path = await written(text);
	await writeFile(join(dirname(path), 'b.provider.yaml'), `${text}\n# moved`);
	const other = CONFIG.replace('./acme.', './b.');
	const [a] = (await loadConfig(path, ENV, NOW)).sources;
	await writeFile(path, other);
	const [b] = (await loadConfig(path, ENV, NOW)).sources;
	expect(fingerprint(b!)).toBe(fingerprint(a!));
	expect(kept(a!)).toContain('"declaration":{"name":"acme"');
	const [changed] = (await load(text.replace('title: GitHub', 'title: Hub'))).sources;
	expect(differences(kept(a!), kept(changed!))).toEqual([]);
});

test('what waits to be shipped of a source that is no longer configured is mapped by the declaration that was kept', async () => {
	const { sources } = await load((await github()).replace('name: github', 'name: acme'));
	const settings = new Map([['hub', kept(sources[0]!)]]);
	const config = { sources: [], resourceAttributes: {} } as never;
	const encode = createEncoders({
		config,
		clock: { now: () => NOW } as never,
		sourceOf: () => undefined,
		settingsOf: (stream) => settings.get(stream),
	}).of({ renameAttributes: {} } as never);
	const json = { _document_id: 'x', action: 'repo.create', actor: 'mona' };
	const event = { id: 'x', time: 1_790_000_000_000_000_000n, raw: JSON.stringify(json), json };
	const [item] = encode({ stream: 'hub', observed: 1n, events: [event], gaps: [] } as never);
	expect(item!.eventId).toBe('x');
	expect(Buffer.from(item!.encoded as never).toString('latin1')).toContain('acme.repo.create');
});

test('one that cannot be read without loss is taken only when it says so, and then that is told at every start', async () => {
	const paged = (await github())
		.replace('page: { kind: link, replay: after, size: 100 }', 'page: { kind: page, into: page, size: 100 }')
		.replace('bounds: { format: iso-s }', 'bounds: { format: iso-s, upper: none }')
		.replace(/\n {2}bounded: .*/, '');
	expect((await refused(paged)).at(-1)).toMatch(/page\.kind: .*rows slip between two pages\. Say in `lossy`/);
	const { warnings } = await load(`${paged}lossy: rows that arrive while a page is read\n`);
	expect(warnings).toEqual(['hub: this provider cannot be read without loss: rows that arrive while a page is read']);
});

describe('numbers that depend on what is read', () => {
	const source = (lines: string) => CONFIG.replace(/provider: \S+/, lines).replace(/\n\s*organization: \S+/, '');
	const of = async (lines: string) => {
		const { sources } = await load('', source(lines));
		return sources.map(({ name, latenessMs, pastLatenessMs, retentionMs }) => ({
			...{ name, latenessMs, pastLatenessMs },
			days: retentionMs === undefined ? undefined : retentionMs / 86_400_000,
		}));
	};

	test('git events of GitHub are kept for a week', async () => {
		const kept = await of('provider: github\n    organization: acme\n    events: [web, git]');
		expect(kept.map(({ days }) => days)).toEqual([180, 7]);
	});

	test('the past of Okta is final later than what is new, and never earlier', async () => {
		const okta = 'provider: okta\n    domain: acme.okta.com';
		expect(await of(okta)).toMatchObject([{ latenessMs: 300_000, pastLatenessMs: 3_600_000 }]);
		expect(await of(`${okta}\n    lateness: 2h`)).toMatchObject([{ latenessMs: 7_200_000, pastLatenessMs: 7_200_000 }]);
	});
});
