import { writeFile } from 'node:fs/promises';
import { loadConfig } from '../../../forwarder/config/load';
import { afterChange, GOOD, refused, ENV, writeConfig } from './scratch';

describe('bad YAML', () => {
	test.each([
		['a quote that is not closed', 'name: siem', 'name: "siem', /:\d+:\d+ invalid YAML: a closing quote.* is missing/],
		[
			'a tab as indentation',
			'    endpoint',
			'\tendpoint',
			/:3:1 invalid YAML: a tab is used for indentation\. Use spaces/,
		],
		[
			'a bracket that is not closed',
			'accountId: acc',
			'start: [7d',
			/: one problem\n.*:8:5 invalid YAML: a \[ or \{ before this line is not closed/,
		],
		['two keys on one line', 'name: siem', 'name: siem: x', /:2:11 invalid YAML: .*more than one "key: value"/],
	])('%s is reported with line and column', async (_, from, to, message) => {
		expect(await afterChange(from, to)).toMatch(message);
	});

	test('a key that appears twice', async () => {
		expect(await afterChange('    accountId: acc\n', '    accountId: acc\n    accountId: acd\n')).toContain(
			'audit-relay.yaml:8:5 invalid YAML: this key appears twice. Remove one of them.',
		);
	});

	test('an empty file', async () => {
		expect((await refused('')).message).toContain('the file is empty. `audit-relay init` writes an example.');
	});

	test('a list instead of a map', async () => {
		expect((await refused('- a\n')).message).toContain('must be a map of keys and values');
	});

	test.each([
		['a list', 'sources: &s [*s]', /:1:14 the alias \*s refers to itself\. Write out what is meant/],
		['a map', 'server: &s { listen: *s }', /:1:22 .*the alias \*s refers to itself/],
		['a list within a map', 'state: &a\n  path: [1, { x: *a }]', /:2:18 .*the alias \*a refers to itself/],
	])('%s that names itself is refused with its name and place', async (_, text, message) => {
		expect((await refused(`${text}\n`)).message).toMatch(message);
	});

	test.each([
		['nested to the end of the stack', '['.repeat(100_000)],
		['a key that is a list', '? [sources]\n: 1'],
		['a key that is a map', '{ {a: 1}: 2 }'],
		['no text', '\0\0\0'],
		['a binary value', 'sources: !!binary aGk='],
		['a set', 'sources: !!set { ? a }'],
		['sources as an ordered map', 'sources: !!omap [ a: 1 ]'],
		['a merge of what is not a map', '<<: 1'],
		[
			'the name of a property of all objects',
			'__proto__: { sources: 1 }\nconstructor: 1\nsources:\n  - { __proto__: 1, toString: 2 }',
		],
		[
			'headers with such a name',
			'destinations:\n  - { name: x, endpoint: "https://x", headers: { __proto__: 1, constructor: "y" } }',
		],
		['only a reference', '*x'],
		['numbers without end', `server: { listen: ${'9'.repeat(10_000)} }`],
		['not a number', 'sources: .nan'],
		['two documents', 'a: 1\n---\nb: 2'],
	])('%s is a problem with a place, and no unexpected error', async (_, text) => {
		expect((await refused(text)).problems.length).toBeGreaterThan(0);
	});

	test('a file in UTF-16', async () => {
		const path = await writeConfig('');
		await writeFile(path, Buffer.from(`\ufeff${GOOD}`, 'utf16le'));
		await expect(loadConfig(path, ENV)).rejects.toThrow(
			/the file is written in UTF-16, as some Windows programs do\. Save it as UTF-8\./,
		);
		await writeFile(path, `\ufeff${GOOD}`);
		expect((await loadConfig(path, ENV)).sources).toHaveLength(1);
	});

	test('aliases that multiply are refused', async () => {
		const levels = Array.from(
			{ length: 12 },
			(_, i) =>
				`a${i}: &a${i} [${Array(10)
					.fill(i ? `*a${i - 1}` : 'x')
					.join(', ')}]`,
		);
		expect((await refused(`${levels.join('\n')}\n`)).message).toContain('aliases');
	});
});

describe('keys and values', () => {
	test.each([
		[
			'an unknown key',
			'    accountId: acc',
			'    acountId: acc',
			':7:5 sources[0].acountId: unknown key. Did you mean "accountId"?',
		],
		['an unknown key at the top', 'sources:', 'sourcs:', ':4:1 sourcs: unknown key. Did you mean "sources"?'],
		[
			'an unknown key like none',
			'    accountId: acc',
			'    accountId: acc\n    zzzzzz: 1',
			'zzzzzz: unknown key. Known keys here: name, provider',
		],
		[
			'a wrong provider',
			'provider: arpio',
			'provider: arpoi',
			':6:15 sources[0].provider: "arpoi" is not known. Did you mean "arpio"? Known: arpio, arcus-erp, auditapi,',
		],
		['a missing required key', '    accountId: acc\n', '', ':5:5 sources[0].accountId: is missing. Arpio needs it.'],
		['a missing name', 'name: dr\n    provider', 'provider', 'sources[0].name: is missing.'],
		['a key without value', 'accountId: acc', 'accountId:', ':7:5 sources[0].accountId: has no value.'],
		[
			'a number where text is expected',
			'accountId: acc',
			'accountId: 42',
			':7:16 sources[0].accountId: must be text. Put the value in quotes.',
		],
		[
			'a malformed date',
			'accountId: acc',
			'accountId: acc\n    start: 2026-13-45',
			':8:12 sources[0].start: is not a date, an age or "now". Write an ISO 8601 instant',
		],
		[
			'a start in the future',
			'accountId: acc',
			'accountId: acc\n    start: 2026-02-11T12:00:01Z',
			':8:12 sources[0].start: is in the future.',
		],
		[
			'a duration without unit',
			'accountId: acc',
			'accountId: acc\n    pollInterval: 60',
			':8:19 sources[0].pollInterval: is not a duration. Write a number and a unit',
		],
		[
			'a retention without unit',
			'accountId: acc',
			'accountId: acc\n    retention: 30',
			':8:16 sources[0].retention: is not a duration. Write a number and a unit',
		],
		[
			'a duration in words',
			'accountId: acc',
			'accountId: acc\n    lateness: 10 minutes',
			':8:15 sources[0].lateness: "10 minutes" is not a duration.',
		],
		[
			'a pause of months between polls',
			'accountId: acc',
			'accountId: acc\n    pollInterval: 31d',
			':8:19 sources[0].pollInterval: "31d" is out of range. Give 10ms to 30d.',
		],
		[
			'a request that may take weeks',
			'name: siem',
			'name: siem\n    timeout: 60d',
			':3:14 destinations[0].timeout: "60d" is out of range. Give 1ms to 1h.',
		],
		[
			'a lateness of years',
			'accountId: acc',
			'accountId: acc\n    lateness: 400d',
			':8:15 sources[0].lateness: "400d" is out of range. Give 0ms to 30d.',
		],
		[
			'an age beyond all clocks',
			'accountId: acc',
			'accountId: acc\n    start: 99999999d',
			':8:12 sources[0].start: is before 1970.',
		],
		[
			"a page size above the provider's",
			'accountId: acc',
			'accountId: acc\n    pageSize: 100000',
			':8:15 sources[0].pageSize: is out of range. Arpio allows 1 to',
		],
		[
			'a page size of 0',
			'accountId: acc',
			'accountId: acc\n    pageSize: 0',
			':8:15 sources[0].pageSize: is out of range. Give at least 1.',
		],
		[
			'an unknown destination',
			'accountId: acc',
			'accountId: acc\n    destinations: [siam]',
			':8:20 sources[0].destinations[0]: there is no such destination. Did you mean "siem"?',
		],
		[
			'a URL as the name of the status server',
			'destinations:',
			'server: { hosts: ["http://relay"] }\ndestinations:',
			':1:19 server.hosts[0]: is not a host name. Write a name without scheme, port',
		],
		[
			'an address without port',
			'destinations:',
			'server: { listen: localhost }\ndestinations:',
			'server.listen: "localhost" is not an address. Write host:port',
		],
		[
			'an unknown preset',
			'name: siem',
			'name: siem\n    preset: datadogg',
			'destinations[0].preset: "datadogg" is not known. Did you mean "datadog"?',
		],
		[
			'an unknown site',
			'name: siem',
			'name: siem\n    preset: datadog\n    site: datadoghq.eus',
			'destinations[0].site: is not known. Did you mean "datadoghq.eu"?',
		],
	])('%s is named with its place and a fix', async (_, from, to, message) => {
		expect(await afterChange(from, to)).toContain(message);
	});

	test('names that are used twice', async () => {
		const again = GOOD.slice(GOOD.indexOf('  - name: dr'));
		expect((await refused(GOOD + again)).message).toContain(
			':9:11 sources[1].name: "dr" is already the name of sources[0].',
		);
	});

	test('every problem is named at once, in the order of the file', async () => {
		const text = GOOD.replace('name: siem', 'nam: siem').replace('arpio', 'arpoi').replace('accountId', 'pageSiz');
		const { problems, message } = await refused(text, {});
		expect(problems.map(({ key }) => key)).toEqual([
			'destinations[0].name',
			'destinations[0].nam',
			'sources[0].provider',
			'sources[0].apiKey',
		]);
		expect(message).toMatch(/^audit-relay\.yaml: 4 problems\n/);
	});

	test('no destination, and none in the environment', async () => {
		const { message } = await refused(GOOD.slice(GOOD.indexOf('sources:')));
		expect(message).toContain('destinations: is missing. Add a destination, or set OTEL_EXPORTER_OTLP_ENDPOINT.');
	});

	test('a file that is not there', async () => {
		const { loadConfig } = await import('../../../forwarder/config/load');
		await expect(loadConfig('nowhere.yaml', {})).rejects.toThrow(
			'nowhere.yaml there is no such file. `audit-relay init`',
		);
	});
});
