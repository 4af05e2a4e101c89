import { readSecrets } from '../../../forwarder/config/secrets';
import { GOOD, load, loadFiles, refused, refusedFiles } from './scratch';

const TWO = `
destinations:
  - { name: siem, endpoint: https://collector.example:4318 }
sources:
  - { name: dr, provider: arpio, accountId: acc, apiKey: "\${env:KEY}" }
  - { name: erp, provider: arcus-erp, apiKey: "\${env:KEY}", pollInterval: 5m, rateLimit: { retries: 9 } }
`;
const withDefaults = (lines: string) => `defaults:\n${lines}${TWO}`;

describe('defaults', () => {
	test('hold for all sources, for those of a provider first, and what a source says wins', async () => {
		const { sources } = await load(
			withDefaults(
				[
					'  sources: { pollInterval: 2m, rateLimit: { retries: 1, reserve: 7 }, redact: [a] }',
					'  providers: { arpio: { pollInterval: 3m } }\n',
				].join('\n'),
			),
		);
		expect(sources).toMatchObject([
			{ pollIntervalMs: 180_000, rateLimit: { retries: 1, reserve: 7 }, redact: ['a'] },
			{ pollIntervalMs: 300_000, rateLimit: { retries: 9, reserve: 7 }, redact: ['a'] },
		]);
	});

	test('may hold the settings of a provider, also as references', async () => {
		const { sources } = await load(
			`defaults: { providers: { arpio: { accountId: acc, apiKey: "\${env:KEY}" } } }\n${GOOD.replace(/ {4}(accountId|apiKey).*\n/g, '')}`,
		);
		expect(sources[0]!.settings).toEqual({ accountId: 'acc' });
		await expect(readSecrets(sources[0]!.secrets)).resolves.toEqual({ apiKey: 'canary-key-1' });
	});

	test('of destinations: a header that one has itself is not given twice, however it is written', async () => {
		const { destinations } = await load(
			`defaults: { destinations: { timeout: 3s, headers: { X-Team: all, x-more: m } } }\n${GOOD.replace('    endpoint', '    headers: { x-team: own }\n    endpoint')}`,
		);
		expect(destinations[0]!.timeoutMs).toBe(3000);
		await expect(readSecrets(destinations[0]!.headers)).resolves.toEqual({ 'x-team': 'own', 'x-more': 'm' });
	});

	test('of a provider that a file declares go by the file, whichever way it is named', async () => {
		const declared = 'name: acme\n';
		const message = await refusedFiles({
			'audit-relay.yaml': `defaults: { providers: { ./own/../own/acme.yaml: { pollInterval: 1x } } }\n${GOOD.replace('provider: arpio', 'provider: own/acme.yaml')}`,
			'own/acme.yaml': declared,
		});
		expect(message).toContain(
			'audit-relay.yaml:1:66 defaults.providers../own/../own/acme.yaml.pollInterval: "1x" is not a duration.',
		);
	});

	test.each([
		[
			'an unknown key',
			'  sources: { polInterval: 1m }\n',
			':2:14 defaults.sources.polInterval: unknown key. Did you mean "pollInterval"?',
		],
		['a setting of one provider', '  sources: { accountId: a }\n', 'defaults.sources.accountId: unknown key.'],
		[
			'a key within',
			'  sources: { rateLimit: { retrys: 1 } }\n',
			'defaults.sources.rateLimit.retrys: unknown key. Did you mean "retries"?',
		],
		[
			'a setting the provider has not',
			'  providers: { arpio: { acountId: a } }\n',
			'defaults.providers.arpio.acountId: unknown key. Did you mean "accountId"?',
		],
		[
			'a provider that is none',
			'  providers: { arpoi: {} }\n',
			':2:16 defaults.providers.arpoi: there is no such provider. Did you mean "arpio"?',
		],
		['another kind', '  source: {}\n', 'defaults.source: unknown key. Did you mean "sources"?'],
		['a wrong value', '  sources: { pollInterval: 60 }\n', ':2:28 defaults.sources.pollInterval: is not a duration.'],
		[
			'a wrong value that is overruled',
			'  providers: { auditapi: { pollInterval: 60 } }\n',
			'defaults.providers.auditapi.pollInterval: is not a duration.',
		],
		['a name', '  destinations: { name: x }\n', 'defaults.destinations.name: unknown key.'],
		[
			'a destination that is none',
			'  sources: { destinations: [simm] }\n',
			':2:29 defaults.sources.destinations[0]: there is no such destination. Did you mean "siem"?',
		],
		[
			'what a provider does not allow',
			'  sources: { pageSize: 5000 }\n',
			':2:24 defaults.sources.pageSize: is out of range.',
		],
		[
			'a variable that is not set',
			'  sources: { baseUrl: "https://${env:NOPE}" }\n',
			':2:23 defaults.sources.baseUrl: environment variable NOPE is not set.',
		],
		[
			'a secret in clear',
			'  providers: { arcus-erp: { apiKey: canary-x } }\n  sources: { apiKey: canary-y }\n',
			'defaults.sources.apiKey: ',
		],
		['no map', '  sources: [1]\n', ':2:12 defaults.sources: must be a map of keys and values.'],
	])('%s is said once, at its place in the defaults', async (_, lines, expected) => {
		const { message } = await refused(withDefaults(lines));
		expect(message).toContain(expected);
		expect(message).toContain(': one problem');
		expect(message).not.toContain('canary');
	});

	test('what is wrong in a source is said of the source', async () => {
		const { message } = await refused(withDefaults('  sources: { pollInterval: 1m }\n').replace('5m', '5'));
		expect(message).toMatch(/one problem\n {2}audit-relay.yaml:8:\d+ sources\[1\]\.pollInterval: is not a duration/);
	});
});

describe('anchors', () => {
	const anchored = `
x-common: &common { pollInterval: 2m, start: 7d }
x-anything: { at: all }
destinations:
  - { name: siem, endpoint: https://collector.example:4318 }
sources:
  - <<: *common
    name: dr
    provider: arpio
    accountId: acc
    apiKey: "\${env:KEY}"
    start: 9d
`;

	test('maps are taken in, what stands beside wins, and x- keys are left alone', async () => {
		const { sources } = await load(anchored);
		expect(sources[0]).toMatchObject({ pollIntervalMs: 120_000, startAgeMs: 9 * 86_400_000 });
	});

	test('five hundred sources may take in the same map', async () => {
		const more = Array.from({ length: 500 }, (_, i) => `  - { <<: *a, name: t${i} }\n`).join('');
		const text = anchored.replace('- <<: *common', '- &a\n    <<: [*common]');
		expect((await load(text + more)).sources).toHaveLength(501);
	});

	test('a mistake in what is taken in is said where it stands', async () => {
		expect((await refused(anchored.replace('2m', '2'))).message).toContain(
			':2:35 sources[0].pollInterval: is not a duration.',
		);
	});

	test('something else than a map is refused with its place', async () => {
		expect((await refused(anchored.replace('<<: *common', '<<: [*common, 5]'))).message).toContain(
			':7:5 invalid YAML: what << takes in is not a map.',
		);
	});
});

describe('included files', () => {
	const MAIN = `include: [conf.d/*.yaml]\n${GOOD}`;
	const erp = (more = '') =>
		`sources:\n  - { name: erp, provider: arcus-erp, apiKey: "\${file:keys/erp}"${more && `, ${more}`} }\n`;
	const key = { 'conf.d/keys/erp': 'canary-erp\n' };

	test('add sources and destinations, in the order of their names, and their paths are relative to them', async () => {
		const { sources, destinations } = await loadFiles({
			'audit-relay.yaml': MAIN,
			'conf.d/b.yaml': erp('destinations: [second]'),
			'conf.d/a.yaml': 'destinations: [{ name: second, endpoint: https://b.example }]\n',
			'conf.d/.b.yaml.swp': 'not read',
			...key,
		});
		expect(destinations.map(({ name }) => name)).toEqual(['siem', 'second']);
		expect(sources.map(({ name }) => name)).toEqual(['dr', 'erp']);
		await expect(readSecrets(sources[1]!.secrets)).resolves.toEqual({ apiKey: 'canary-erp' });
		expect(sources[1]!.secrets['apiKey']!.describe()).toBe('file conf.d/keys/erp');
	});

	test('have defaults of their own, before those of the main file', async () => {
		const { sources } = await loadFiles({
			'audit-relay.yaml': `defaults: { sources: { pollInterval: 2m, lateness: 1m }, providers: { arcus-erp: { pollInterval: 3m } } }\n${MAIN}`,
			'conf.d/b.yaml': `defaults: { sources: { pollInterval: 4m } }\n${erp()}`,
			...key,
		});
		expect(sources).toMatchObject([
			{ pollIntervalMs: 120_000, latenessMs: 60_000 },
			{ pollIntervalMs: 240_000, latenessMs: 60_000 },
		]);
	});

	test.each([
		[
			'a mistake',
			{ 'conf.d/b.yaml': erp('pollInterval: 1'), ...key },
			'conf.d/b.yaml:2:81 sources[0].pollInterval: is not a duration.',
		],
		[
			'a mistake in its defaults',
			{ 'conf.d/b.yaml': `defaults: { sources: { start: x } }\n${erp()}`, ...key },
			'conf.d/b.yaml:1:31 defaults.sources.start: is not a date',
		],
		[
			'a missing key file',
			{ 'conf.d/b.yaml': erp() },
			'conf.d/b.yaml:2:47 sources[0].apiKey: file conf.d/keys/erp cannot be read (ENOENT).',
		],
		['bad YAML', { 'conf.d/b.yaml': 'sources:\n\t- x' }, 'conf.d/b.yaml:2:1 invalid YAML: a tab'],
		[
			'an empty file',
			{ 'conf.d/b.yaml': '' },
			'conf.d/b.yaml:1:1 the file is empty. An included file holds sources, destinations, defaults.',
		],
		[
			'what is there once',
			{ 'conf.d/b.yaml': 'state: { path: x }' },
			'conf.d/b.yaml:1:1 state: does not belong into an included file. Write it in audit-relay.yaml.',
		],
		[
			'an include of its own',
			{ 'conf.d/b.yaml': 'include: [x]' },
			'conf.d/b.yaml:1:1 include: does not belong into an included file.',
		],
		[
			'an unknown key',
			{ 'conf.d/b.yaml': 'source: []' },
			'conf.d/b.yaml:1:1 source: unknown key. Did you mean "sources"?',
		],
		['sources that are no list', { 'conf.d/b.yaml': 'sources: {}' }, 'conf.d/b.yaml:1:10 sources: must be a list.'],
		[
			'an entry that is no map',
			{ 'conf.d/b.yaml': 'sources: [x, null]' },
			'conf.d/b.yaml:1:11 sources[0]: must be a map of keys and values.',
		],
	])('%s is said with file and line', async (_, files, expected) => {
		expect(await refusedFiles({ 'audit-relay.yaml': MAIN, ...files })).toContain(`  ${expected}`);
	});

	test('a name that stands in two files names both', async () => {
		const message = await refusedFiles({
			'audit-relay.yaml': MAIN,
			'conf.d/b.yaml': erp(),
			'conf.d/c.yaml': erp(),
			...key,
		});
		expect(message).toContain(
			'conf.d/c.yaml:2:13 sources[0].name: "erp" is already the name of sources[0] in conf.d/b.yaml:2. Choose another name.',
		);
		const same = await refusedFiles({
			'audit-relay.yaml': MAIN,
			'conf.d/b.yaml': erp().replace('name: erp', 'name: dr'),
			...key,
		});
		expect(same).toContain('"dr" is already the name of sources[0] in audit-relay.yaml:6.');
	});

	test('a pattern without a file is a warning, unless there is no source at all; a file that is not there is an error', async () => {
		expect((await loadFiles({ 'audit-relay.yaml': MAIN })).warnings).toEqual([
			expect.stringMatching(/audit-relay\.yaml:1 include\[0\]: no file is called so$/),
		]);
		const nothing = MAIN.slice(0, MAIN.indexOf('sources:'));
		expect(await refusedFiles({ 'audit-relay.yaml': nothing })).toContain('include[0]: no file is called so.');
		expect(await refusedFiles({ 'audit-relay.yaml': MAIN.replace('*', 'x') })).toContain(
			'conf.d/x.yaml there is no such file.',
		);
	});

	test('all sources may stand in them, and the main file never includes itself', async () => {
		const { sources } = await loadFiles({
			'audit-relay.yaml': `${MAIN.slice(0, MAIN.indexOf('sources:')).replace('[conf', '["*.yaml", conf.d/b.yaml, conf')}`,
			'conf.d/b.yaml': erp(),
			...key,
		});
		expect(sources.map(({ name }) => name)).toEqual(['erp']);
	});
});
