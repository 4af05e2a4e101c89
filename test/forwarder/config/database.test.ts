/** `state.url`: the state in a database, and what belongs to it. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadConfig } from '../../../forwarder/config/load';
import { loadStatePlace } from '../../../forwarder/config/loadPart';
import { tlsFixture } from '../../support/tlsFront';
import { ENV, GOOD, load, NOW, refused, writeConfig } from './scratch';

const URL_TEXT = 'postgres://relay:canary-pw@db.example/audit';
const withUrl = { ...ENV, STATE_URL: URL_TEXT };
const state = (text: string) => `state: { ${text} }\n${GOOD}`;

it('is a file unless a URL is given', async () => {
	const { database, state: file } = await load(GOOD);
	expect(database).toBeUndefined();
	expect(file.path).toMatch(/audit-relay\.db$/);
});

it('takes a URL from the environment, with the usual values beside it', async () => {
	const { database } = await load(state('url: "${env:STATE_URL}"'), withUrl);
	expect(database).toMatchObject({ schema: 'audit_relay', pool: 6, leaseTtlMs: 5000 });
	await expect(database!.url.read()).resolves.toBe(URL_TEXT);
	expect(JSON.stringify(database)).not.toContain('canary-pw');
});

it('takes all that belongs to it', async () => {
	const ca = tlsFixture('ca.pem');
	const text = state(
		`url: "\${env:STATE_URL}", schema: relay_2, pool: 12, lease: { ttl: 20s }, tls: { caFile: ${ca} }`,
	);
	const { database } = await load(text, withUrl);
	expect(database).toMatchObject({ schema: 'relay_2', pool: 12, leaseTtlMs: 20_000 });
	await expect(database!.tls!.read()).resolves.toHaveProperty('ca');
});

it('may stand in the file when it holds no password', async () => {
	const { database } = await load(state('url: "postgres://relay@localhost:5433/audit"'));
	await expect(database!.url.read()).resolves.toBe('postgres://relay@localhost:5433/audit');
});

it('follows a password in a file that is replaced', async () => {
	const path = await writeConfig(state('url: "postgres://relay:${file:pw}@db.example/audit"'));
	const file = join(dirname(path), 'pw');
	await writeFile(file, 'first\n', { mode: 0o600 });
	const { database } = await loadConfig(path, ENV, NOW);
	await writeFile(file, 'second');
	await expect(database!.url.read()).resolves.toBe('postgres://relay:second@db.example/audit');
});

it.each([
	[
		'a password in the file',
		`url: "${URL_TEXT}"`,
		':1:15 state.url: a secret must not be in this file. Put it into an environment variable or a file and write "${env:STATE_URL}"',
	],
	[
		'a path beside it',
		'path: x.db, url: "${env:STATE_URL}"',
		'state.url: cannot stand beside path. Keep path for a file of this process alone, or url for a database.',
	],
	['a variable that is not set', 'url: "${env:NO_URL}"', 'state.url: environment variable NO_URL is not set.'],
	['another database', 'url: "${env:MYSQL}"', 'state.url: is not a URL of a PostgreSQL database. Write postgres://'],
	['no user', 'url: "postgres://localhost/audit"', 'state.url: names no user.'],
	['a schema that is no name', 'url: "${env:STATE_URL}", schema: a-b', 'state.schema: "a-b" is not a usable name.'],
	[
		'a time to live that is too short',
		'url: "${env:STATE_URL}", lease: { ttl: 1s }',
		'state.lease.ttl: "1s" is out of range. Give 3s to 60s.',
	],
	['too few connections', 'url: "${env:STATE_URL}", pool: 1', 'state.pool: is out of range. Give at least 2.'],
	[
		'a certificate that is not there',
		'url: "${env:STATE_URL}", tls: { caFile: none.pem }',
		'state.tls.caFile: file none.pem cannot be read (ENOENT)',
	],
	[
		'what is for a database, without one',
		'lease: { ttl: 5s }',
		'state.lease: is for a database only. Remove it, or set url.',
	],
	['a key that is not known', 'urll: x', 'state.urll: unknown key. Did you mean "url"?'],
])('says what is wrong, and never the password: %s', async (_, text, message) => {
	const found = await refused(state(text), { ...withUrl, MYSQL: 'mysql://relay:canary-pw@db/x' });
	expect(found.message).toContain(message);
	expect(found.message).toMatch(/audit-relay\.yaml:1:\d+ state\./);
	expect(found.message).not.toContain('canary-pw');
});

it('is found without keys, and with the same words when it is wrong', async () => {
	const path = await writeConfig(state('url: "${env:STATE_URL}"'));
	const { database } = await loadStatePlace(path, { STATE_URL: URL_TEXT });
	await expect(database!.url.read()).resolves.toBe(URL_TEXT);
	await expect(loadStatePlace(path, { STATE_URL: 'mysql://relay:canary-pw@db/x' })).rejects.toThrow(
		/:1:15 state\.url: is not a URL of a PostgreSQL database/,
	);
});
