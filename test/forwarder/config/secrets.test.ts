import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { readSecrets } from '../../../forwarder/config/secrets';
import { scratchFolder } from '../../support/scratch';
import { GOOD, load, refused } from './scratch';

const CANARY = 'canary-0123456789';

async function secretFile(content: string, mode = 0o600): Promise<string> {
	const path = join(scratchFolder(), 'key');
	await writeFile(path, content);
	await chmod(path, mode);
	return path;
}

const withKey = (reference: string) => GOOD.replace('${env:KEY}', reference);

describe('references', () => {
	test('a file is read without its trailing line break, and again after it was replaced', async () => {
		const path = await secretFile('first\n');
		const { apiKey } = (await load(withKey(`\${file:${path}}`))).sources[0]!.secrets;
		await expect(apiKey!.read()).resolves.toBe('first');
		await writeFile(path, 'second-key\n');
		await expect(apiKey!.read()).resolves.toBe('second-key');
	});

	test('a variable is read when the key is used', async () => {
		const env: Record<string, string> = { KEY: 'first' };
		const { apiKey } = (await load(GOOD, env)).sources[0]!.secrets;
		env['KEY'] = 'second';
		await expect(apiKey!.read()).resolves.toBe('second');
	});

	test('a missing variable is named', async () => {
		expect((await refused(GOOD, {})).message).toContain(
			':8:13 sources[0].apiKey: environment variable KEY is not set. Set it in the environment of this process.',
		);
	});

	test('a missing file is named', async () => {
		expect((await refused(withKey('${file:/nowhere/key}'))).message).toContain(
			':8:13 sources[0].apiKey: file /nowhere/key cannot be read (ENOENT).',
		);
	});

	test('an empty file is named', async () => {
		const path = await secretFile('\n');
		expect((await refused(withKey(`\${file:${path}}`))).message).toContain(`file ${path} is empty`);
	});

	test('a key with a line break inside would forge a header', async () => {
		const path = await secretFile(`${CANARY}\nx-evil: 1\n`);
		const { message } = await refused(withKey(`\${file:${path}}`));
		expect(message).toContain('holds a line break');
		expect(message).not.toContain(CANARY);
	});

	test('a byte order mark is not part of a key', async () => {
		const path = await secretFile(`\ufeff${CANARY}\n`);
		const { apiKey } = (await load(withKey(`\${file:${path}}`))).sources[0]!.secrets;
		await expect(apiKey!.read()).resolves.toBe(CANARY);
	});

	test('a key in UTF-16 is refused with what it is', async () => {
		const path = await secretFile('');
		await writeFile(path, Buffer.from(`\ufeff${CANARY}`, 'utf16le'));
		expect((await refused(withKey(`\${file:${path}}`))).message).toContain(
			`sources[0].apiKey: file ${path} is written in UTF-16, as some Windows programs do. Save it as UTF-8.`,
		);
	});

	test('a character that no header can carry is found when the configuration is read', async () => {
		const said = 'holds a character that no header can carry';
		const path = await secretFile(`“${CANARY}”`);
		for (const { message } of [
			await refused(withKey(`\${file:${path}}`)),
			await refused(GOOD, { KEY: `${CANARY}\u200b` }),
			await refused(GOOD.replace('name: siem', `name: siem\n    headers: { x-tenant: "${CANARY}\\u2013" }`)),
			await refused(GOOD.replace('name: siem', 'name: siem\n    headers: { authorization: "Bearer ${env:T}" }'), {
				KEY: CANARY,
				T: `${CANARY}…`,
			}),
			await refused(GOOD.replace('endpoint: https://collector.example:4318', 'preset: datadog'), {
				KEY: CANARY,
				DD_API_KEY: `${CANARY}“`,
			}),
		]) {
			expect(message).toContain(said);
			expect(message).not.toContain(CANARY);
		}
	});

	test.each([
		['x y', 'is not a header name. Use letters, digits and dashes.'],
		['Content-Length', 'is a header that HTTP sets itself. Remove it.'],
		['transfer-encoding', 'is a header that HTTP sets itself. Remove it.'],
	])('a header named %s is refused', async (name, what) => {
		const text = GOOD.replace('name: siem', `name: siem\n    headers: { ${name}: a }`);
		expect((await refused(text)).message).toContain(`destinations[0].headers.${name}: ${what}`);
	});

	test('a missing variable in an ordinary value is named too', async () => {
		const { message } = await refused(GOOD.replace('accountId: acc', 'accountId: "${env:ACCOUNT}"'));
		expect(message).toContain(':7:16 sources[0].accountId: environment variable ACCOUNT is not set.');
	});

	test.each(['${KEY}', '${ENV:KEY}', '${env:KEY', '${vault:x}'])('%s is not a reference', async (reference) => {
		expect((await refused(withKey(reference))).message).toMatch(/sources\[0\]\.apiKey: a reference (has|is not)/);
	});

	test('a secret file that others can read is a warning, not an error', async () => {
		const path = await secretFile('key', 0o644);
		expect((await load(withKey(`\${file:${path}}`))).warnings).toEqual([
			`sources[0].apiKey: file ${path} holds a secret and can be read by others; chmod 600 it`,
		]);
		expect((await load(withKey(`\${file:${await secretFile('key')}}`))).warnings).toEqual([]);
	});

	// only root can give a file away
	(process.getuid?.() === 0 ? test : test.skip)(
		'a file that another user gives us through a group is meant that way; one that everybody can read is not',
		async () => {
			const path = await secretFile('key', 0o440);
			await chown(path, 65532, 65532);
			expect((await load(withKey(`\${file:${path}}`))).warnings).toEqual([]);
			await chmod(path, 0o444);
			expect((await load(withKey(`\${file:${path}}`))).warnings).toHaveLength(1);
		},
	);
});

describe('secrets in the file', () => {
	test('a key as text is refused, with the way out', async () => {
		const { message } = await refused(withKey(CANARY));
		expect(message).toContain(
			'sources[0].apiKey: a secret must not be in this file. Put it into an environment variable or a file and write "${env:API_KEY}" or "${file:/run/secrets/api_key}".',
		);
		expect(message).not.toContain(CANARY);
	});

	test.each(['authorization', 'dd-api-key', 'X-Auth-Token', 'client-secret'])(
		'the header %s must be a reference',
		async (name) => {
			const headers = (value: string) => GOOD.replace('name: siem', `name: siem\n    headers: { ${name}: "${value}" }`);
			const { message } = await refused(headers(CANARY));
			expect(message).toContain(`destinations[0].headers.${name}: a secret must not be in this file.`);
			expect(message).not.toContain(CANARY);
			const { headers: loaded } = (await load(headers('Bearer ${env:KEY}'))).destinations[0]!;
			await expect(readSecrets(loaded)).resolves.toEqual({ [name]: 'Bearer canary-key-1' });
		},
	);

	test('other headers may be text', async () => {
		const text = GOOD.replace('name: siem', 'name: siem\n    headers: { x-scope-orgid: tenant }');
		await expect(readSecrets((await load(text)).destinations[0]!.headers)).resolves.toEqual({
			'x-scope-orgid': 'tenant',
		});
	});

	test('a database URL is refused without showing its password', async () => {
		const { message } = await refused(`state: { path: "postgres://relay:${CANARY}@db/relay" }\n${GOOD}`);
		expect(message).toContain(
			'state.path: is a URL. Write a path, for example ./audit-relay.db; a database is state.url.',
		);
		expect(message).not.toContain(CANARY);
		// short values are quoted elsewhere
		expect((await refused(`state: { path: "postgres://u:pw9@db/r" }\n${GOOD}`)).message).not.toContain('pw9');
	});
});

describe('no message quotes a secret', () => {
	test.each([
		['under a mistyped key', (text: string) => text.replace('apiKey: "${env:KEY}"', `apikey: ${CANARY}`)],
		['as a number of another type', (text: string) => text.replace('apiKey: "${env:KEY}"', `apiKey: [${CANARY}]`)],
		['in a line that is not YAML', (text: string) => text.replace('"${env:KEY}"', `"${CANARY}`)],
		['that looks like an alias', (text: string) => text.replace('"${env:KEY}"', `*${CANARY}`)],
		['that looks like a tag', (text: string) => text.replace('"${env:KEY}"', `!${CANARY} x`)],
		['in a URL', (text: string) => text.replace('https://', `https://user:${CANARY}@`)],
		['from the environment in the wrong place', (text: string) => text.replace('arpio', '"${env:SECRET}"')],
	])('%s', async (_, change) => {
		expect((await refused(change(GOOD), { KEY: 'x', SECRET: CANARY })).message).not.toContain(CANARY);
	});

	test('a loaded configuration can be printed', async () => {
		const path = await secretFile(CANARY);
		const config = await load(withKey(`\${file:${path}}`));
		await config.sources[0]!.secrets['apiKey']!.read();
		expect(inspect(config, { depth: 20, showHidden: true })).not.toContain(CANARY);
		expect(
			JSON.stringify(config, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
		).not.toContain(CANARY);
		expect(config.sources[0]!.secrets['apiKey']!.describe()).toBe(`file ${path}`);
	});
});
