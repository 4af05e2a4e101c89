import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addConfig } from '../../../../forwarder/cli/config/config';
import { loadConfig } from '../../../../forwarder/config/load';
import { kept } from '../../../../forwarder/config/fingerprint';
import { STARTER } from '../../../../forwarder/config/starter';
import { runCli } from '../runCli';
import { NOW, writeFiles } from '../../config/scratch';

const ENV = {
	ARPIO_ACCOUNT_ID: 'acc',
	KEY: 'canary-key:1',
	ARPIO_API_KEY: 'canary-key:2',
	DD_API_KEY: 'canary-dd',
	SECRET: 'canary-secret',
};

const MAIN = `include: [conf.d/*.yaml]
x-slow: &slow { pollInterval: 10m }
defaults:
  sources: { start: 7d }
  providers: { arpio: { lateness: 20m, filter: { dropReads: true } } }
  destinations: { headers: { x-team: security } }
deadLetters: { retention: 30d }
destinations:
  - { name: siem, endpoint: "https://collector.example:4318" }
  - { name: dd, preset: datadog }
  - { name: nr, preset: newrelic, site: eu, headers: { Api-Key: "\${env:KEY}" } }
sources:
  - { <<: *slow, name: app, provider: auditapi, apiKey: "\${env:KEY}", reconcile: { every: 90s }, pageSize: 7 }
`;
const ACME = `sources:
  - { name: acme, provider: arpio, accountId: acc, apiKey: "\${file:keys/acme}" }
  - name: directory
    provider: entra
    tenant: t
    log: [directoryAudits, signIns]
    clientId: c
    clientSecret: "\${env:SECRET}"
`;
const FILES = { 'audit-relay.yaml': MAIN, 'conf.d/acme.yaml': ACME, 'conf.d/keys/acme': 'canary-file:1' };

const show = (cwd: string, ...args: string[]) => runCli(['config', 'show', ...args], { cwd, env: ENV }, [addConfig]);

/** All that a configuration means, with secrets by where they come from. */
async function meaning(path: string): Promise<unknown> {
	const { sources, destinations, path: _path, warnings: _warnings, ...rest } = await loadConfig(path, ENV, NOW);
	const named = (secrets: Readonly<Record<string, { describe(): string }>>) =>
		Object.fromEntries(Object.entries(secrets).map(([name, secret]) => [name.toLowerCase(), secret.describe()]));
	const all = {
		...rest,
		sources: sources.map((source) => ({ ...source, provider: kept(source), secrets: named(source.secrets) })),
		destinations: destinations.map((one) => ({ ...one, headers: named(one.headers) })),
	};
	return JSON.parse(JSON.stringify(all, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
}

test.each([
	['with origins', [], FILES],
	['without', ['--no-origins'], FILES],
	['of the starter file', [], { 'audit-relay.yaml': STARTER }],
])('what is shown %s means the same when it is loaded', async (_, options, files) => {
	const folder = await writeFiles(files);
	const { code, out } = await show(folder, ...options);
	expect(code).toBe(0);
	await writeFile(join(folder, 'shown.yaml'), out);
	expect(await meaning(join(folder, 'shown.yaml'))).toEqual(await meaning(join(folder, 'audit-relay.yaml')));
	expect(out).not.toContain('canary');
	expect(out.includes('#')).toBe(options.length === 0);
});

test('each value says where it is from', async () => {
	const { out } = await show(await writeFiles(FILES));
	for (const line of [
		'path: ./audit-relay.db # default',
		'retention: 30d # audit-relay.yaml:7',
		'x-team: security # audit-relay.yaml:6',
		'dd-api-key: ${env:DD_API_KEY} # preset datadog',
		'maxEventAge: 18h # preset datadog',
		'pollInterval: 10m # audit-relay.yaml:2',
		'pollInterval: 60s # default',
		'every: 90s # audit-relay.yaml:13',
		'span: 2d # default of AuditAPI',
		'lateness: 20m # audit-relay.yaml:5',
		'accountId: acc # conf.d/acme.yaml:2',
		'apiKey: ${file:conf.d/keys/acme} # conf.d/acme.yaml:2',
		'log: [ directoryAudits, signIns ] # conf.d/acme.yaml:6',
		'destinations: [ siem, dd, nr ] # default: all',
	]) {
		expect(out.replaceAll(/#.*(?=audit-relay\.yaml|conf\.d)/g, '# ')).toContain(` ${line}\n`);
	}
});

test('one source, by its name or that of a part of it; a machine gets JSON', async () => {
	const folder = await writeFiles(FILES);
	expect((await show(folder, '--source', 'acme')).out).toMatch(/^sources:\n {2}- name: acme #.*\n {4}provider: arpio/);
	expect((await show(folder, '--source', 'directory.signIns')).out).toContain('- name: directory #');
	const { out } = await show(folder, '--source', 'acme', '--json');
	expect(JSON.parse(out)).toMatchObject({
		ok: true,
		config: { sources: [{ name: 'acme', apiKey: '${file:conf.d/keys/acme}', pollInterval: '60s' }] },
		origins: {
			'sources[0].pollInterval': 'default',
			'sources[0].apiKey': expect.stringContaining('acme.yaml:2') as string,
		},
	});
	expect(await show(folder, '--source', 'acm')).toMatchObject({
		code: 2,
		err: expect.stringContaining('did you mean acme?') as string,
	});
});

test('a destination of the environment is named by its variables, never with what they hold', async () => {
	const folder = await writeFiles({
		'audit-relay.yaml': ACME.slice(0, ACME.indexOf('  - name: directory')),
		'keys/acme': 'k:1',
	});
	const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://c.example', OTEL_EXPORTER_OTLP_HEADERS: 'api-key=canary' };
	const { out, code } = await runCli(['config', 'show'], { cwd: folder, env }, [addConfig]);
	expect(code).toBe(0);
	expect(out).toMatch(/^# destination otlp: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS\n/);
	expect(out).not.toMatch(/canary|\ndestinations/);
});

test('a wrong configuration ends with 2 and says what is wrong', async () => {
	const folder = await writeFiles({ ...FILES, 'conf.d/keys/acme': '' });
	expect(await show(folder)).toMatchObject({
		code: 2,
		out: '',
		err: expect.stringContaining('keys/acme is empty') as string,
	});
});
