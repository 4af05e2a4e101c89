/** Whatever is wrong: a clear error that names it, a proper exit code, no key shown, and nothing lost afterwards. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { htmlPage } from '../../../sandbox/faults';
import { run } from '../../support/command';
import { scene, type Scene } from '../../support/scene';

jest.setTimeout(60_000);

let here: Scene;
beforeEach(async () => (here = await scene()));
afterEach(() => here.end());

const once = () => run(['run', '--once'], here.options);
const quick = (yaml: string) => yaml.replaceAll('requestsPerMinute: 6000', 'requestsPerMinute: 6000, retries: 0');

async function expectAllArrive(): Promise<void> {
	expect(await once()).toMatchObject({ code: 0 });
	expect(here.sandbox.receiver!.stored.filter(({ eventName }) => eventName !== 'audit_relay.gap')).toHaveLength(51);
}

describe('configuration, exit code 2', () => {
	test.each([
		[
			'broken YAML, with line and column',
			(yaml: string) => yaml.replace('  - name: dr', '  - name: "dr'),
			/audit-relay\.yaml:\d+:\d+/,
		],
		[
			'an unknown key, with the nearest known one',
			(yaml: string) => yaml.replace('pollInterval', 'pollIntervall'),
			/audit-relay\.yaml:15:5 .*pollIntervall: unknown key.*"pollInterval"/,
		],
		[
			'a missing environment variable, named',
			(yaml: string) => yaml.replace('ARPIO_API_KEY', 'ARPIO_KEY'),
			/ARPIO_KEY is not set/,
		],
		[
			'a missing secret file, named',
			(yaml: string) => yaml.replace('${env:ARPIO_API_KEY}', '${file:/nowhere/key}'),
			/\/nowhere\/key cannot be read \(ENOENT\)/,
		],
		['a wrong provider', (yaml: string) => yaml.replace('provider: arpio', 'provider: arpeo'), /arpeo.*arpio/s],
		[
			'a malformed date',
			(yaml: string) => yaml.replace('2015-01-01T00:00:00Z', '2015-13-01'),
			/audit-relay\.yaml:14:12 sources\[0\]\.start: is not a date/,
		],
		[
			'http to another host',
			(yaml: string) => yaml.replace(/endpoint: .*/, 'endpoint: http://siem.example.com'),
			/allowInsecure: true/,
		],
		[
			'a key in the file itself',
			(yaml: string) => yaml.replace('"${env:ARPIO_API_KEY}"', 'canary:literal-key'),
			/\$\{env:/,
		],
	])('%s', async (_name, edit, expected) => {
		here.configure(edit);
		const { code, stderr } = await once();
		expect(stderr).toMatch(expected);
		expect(stderr).not.toContain('literal-key');
		expect(code).toBe(2);
	});

	test('no configuration at all: says how to get one', async () => {
		const { code, stderr } = await run(['run', '--config', 'missing.yaml'], here.options);
		expect(code).toBe(2);
		expect(stderr).toMatch(/missing\.yaml.*audit-relay init/s);
	});
});

describe('state, exit code 2', () => {
	test('a state that belongs to another account is refused with the ways out', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		here.configure((yaml) => yaml.replace(/accountId: .*/, 'accountId: anotherAccount00000000'));
		const { code, stderr } = await once();
		expect(stderr).toMatch(/source dr: .*state adopt dr.*state reset dr/s);
		expect(code).toBe(2);
		here.configure();
		await expectAllArrive();
	});

	test('a file that is not a state is left untouched', async () => {
		const path = join(here.folder, 'audit-relay.db');
		writeFileSync(path, 'notes');
		const { code, stderr } = await once();
		expect(stderr).toMatch(/is not a state file/);
		expect(code).toBe(2);
		expect(readFileSync(path, 'utf8')).toBe('notes');
	});

	test('a damaged state is set aside and logged, and everything is shipped again rather than lost', async () => {
		expect(await once()).toMatchObject({ code: 0 });
		const path = join(here.folder, 'audit-relay.db');
		writeFileSync(path, readFileSync(path).fill(0xab, 100, 4096));
		const { code, stderr } = await once();
		expect(stderr).toMatch(/state file was unreadable and has been set aside/);
		expect(code).toBe(0);
		const lost = here.sandbox.receiver!.stored.filter(
			({ attributes }) => attributes['audit.gap.reason'] === 'state_lost',
		);
		expect(lost).toHaveLength(3);
	});
});

describe('providers, exit code 1', () => {
	test('wrong credentials: says whose and what to do; the other sources go on; no key is shown', async () => {
		const env = { ...here.options.env, ARPIO_API_KEY: 'canaryId:canary-secret-4711' };
		const { code, stderr, stdout } = await run(['run', '--once'], { ...here.options, env });
		expect(code).toBe(1);
		expect(stderr).toMatch(/"audit_relay.source":"dr".*status 401.*"audit_relay.fix":"the key is not accepted/);
		expect(stdout).toMatch(/^erp .* 18 /m);
		expect(inspect({ stderr, stdout })).not.toContain('canary-secret');
		expect(readFileSync(join(here.folder, 'audit-relay.db')).toString('latin1')).not.toContain('canary-secret');
		await expectAllArrive();
	});

	test.each([
		['HTML instead of JSON', { kind: 'html', status: 200 } as const, /HTML page/],
		['a body that breaks off', { kind: 'truncated', framing: 'content-length' } as const, /no connection|cut-off/],
		['a reset connection', { kind: 'reset', when: 'before' } as const, /no connection \(ECONNRESET\)/],
	])('%s is an error and never "no events"; afterwards all arrive', async (_name, fault, expected) => {
		here.configure(quick);
		here.sandbox.arcus.server.setFaults(() => fault);
		const { code, stderr } = await once();
		expect(code).toBe(1);
		expect(stderr).toMatch(expected);
		expect(stderr).not.toContain(htmlPage);
		here.sandbox.arcus.server.setFaults(undefined);
		await expectAllArrive();
	});
});

test('an unknown command and an unknown option end with 2 and a suggestion', async () => {
	expect(await run(['rum'], here.options)).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('Did you mean run?') as string,
	});
	expect(await run(['run', '--onse'], here.options)).toMatchObject({
		code: 2,
		stderr: expect.stringContaining('--once') as string,
	});
});
