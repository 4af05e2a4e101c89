/** A provider that is nowhere but here: what it declares is all that the rest of the command knows of its settings. */
import { differences, isAnotherLog } from '../../../forwarder/cli/state/settingsDiff';
import { buildSource } from '../../../forwarder/config/buildSource';
import { fingerprint, fingerprinted } from '../../../forwarder/config/fingerprint';
import { findingsOf } from '../../../forwarder/config/problems';
import { secretKind } from '../../../forwarder/config/providers';
import { sourceSchema } from '../../../forwarder/config/schema/source';
import { arpio } from '../../../providers/arpio/provider';
import type { Provider } from '../../../core/provider';
import { tenantOf } from '../../../core/settings';

const acme: Provider = {
	...arpio,
	name: 'acme',
	title: 'Acme',
	settings: {
		realm: { title: 'Realm', description: 'Whose log', required: true, identity: true, tenant: true },
		feed: { title: 'Feed', description: 'Which log', values: ['admin', 'login'], each: true, identity: true },
		region: { title: 'Region', description: 'Where it is', default: 'eu' },
		user: { title: 'User', description: 'Who reads', required: true, secret: true, example: 'ACME_USER' },
	},
	defaults: { ...arpio.defaults, baseUrl: 'https://{region}.acme.test', retentionMs: 86_400_000 },
	endpoint: ({ realm }) => `/logs/${realm}`,
};

const GOOD = { name: 'a', provider: 'acme', realm: 'r1', user: '${env:USER}' };

function problems(source: object): string[] {
	const { error } = sourceSchema(acme).safeParse(source);
	const found = (error?.issues ?? []).flatMap((issue) => findingsOf(issue, source, () => true, sourceSchema(acme)));
	return found.map(({ path, what, fix }) => `${path.join('.')} ${what}. ${fix}`);
}

function built(source: object) {
	const context = { env: {}, folder: '/', report: fail, now: 0, destinations: ['siem'] };
	return buildSource(acme, sourceSchema(acme).parse(source) as never, ['sources', 0], context);
}

function fail(key: unknown): never {
	throw new Error(String(key));
}

test('what is missing, unknown or not allowed is told in the words of the declaration', () => {
	expect(problems({ name: 'a', provider: 'acme' })).toEqual([
		'realm is missing. Acme needs it',
		'user is missing. Write user: "${env:ACME_USER}" or "${file:/run/secrets/acme_user}"',
	]);
	expect(problems({ ...GOOD, relam: 'x' })).toEqual(['relam unknown key. Did you mean "realm"?']);
	expect(problems({ ...GOOD, accountId: 'x' })[0]).toMatch(
		/^accountId unknown key\. Known keys here: name, provider, realm/,
	);
	for (const feed of ['admn', ['admin', 'x'], []])
		expect(problems({ ...GOOD, feed })).toEqual([
			expect.stringMatching(/^feed ("admn" )?is not known\. Known: admin, login; one of them, or a list$/),
		]);
	expect(problems({ ...GOOD, region: '' })).toEqual(['region is empty. Give a value or remove the key']);
});

test('only what it declares as a secret has to be a reference', () => {
	expect(['user', 'realm', 'apiKey'].map((key) => secretKind(acme, key))).toEqual(['secret', false, false]);
});

test('its defaults, its base URL and its retention hold, and secrets are not settings', () => {
	const [source] = built(GOOD);
	expect(source).toMatchObject({
		baseUrl: 'https://eu.acme.test',
		settings: { realm: 'r1', region: 'eu' },
		retentionMs: 86_400_000,
	});
	expect(source!.settings).not.toHaveProperty('user');
	expect(source!.secrets['user']!.describe()).toBe('environment variable USER');
	expect(built({ ...GOOD, region: 'us' })[0]!.baseUrl).toBe('https://us.acme.test');
});

test('several values of a setting are as many sources', () => {
	const sources = built({ ...GOOD, feed: ['admin', 'login'] });
	expect(sources.map(({ name, settings }) => [name, settings['feed']])).toEqual([
		['a.admin', 'admin'],
		['a.login', 'login'],
	]);
	expect(new Set(sources.map(fingerprint)).size).toBe(2);
	expect(built({ ...GOOD, feed: 'admin' }).map(({ name }) => name)).toEqual(['a']);
});

test('another value of an identity setting is another log, and taking it over leaves a gap', () => {
	const [one, other, elsewhere] = [GOOD, { ...GOOD, realm: 'r2' }, { ...GOOD, baseUrl: 'https://x.test' }].map(
		(source) => built(source)[0]!,
	);
	expect(fingerprint(other!)).not.toBe(fingerprint(one!));
	const changed = differences(fingerprinted(one!), fingerprinted(other!));
	expect(changed).toContainEqual({ setting: 'realm', from: 'r1', to: 'r2' });
	expect(isAnotherLog(changed)).toBe(true);
	expect(isAnotherLog(differences(fingerprinted(one!), fingerprinted(elsewhere!)))).toBe(false);
});

test('the tenant is what it declares as such', () => {
	expect(tenantOf(acme, { realm: 'r1' })).toBe('r1');
	expect(tenantOf(acme, {})).toBeUndefined();
});
