import { createVerify, generateKeyPairSync } from 'node:crypto';
import { createSign } from 'node:crypto';
import type { HttpResponse } from '../../../core/contract';
import type { TokenDoor } from '../../../core/provider';
import type { Declaration } from '../../../providers/declared/form/declaration';
import { declaredProvider } from '../../../providers/declared/provider';
import { RequestError } from '../../../core/http/failure';
import { renewing } from '../../../core/http/renewing';
import { simClock, type SimClock } from '../../support/clock';
import { declarationOf } from './scripted';

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

const TENANT = { tenant: { title: 'Tenant', description: 'Which', required: true, identity: true } };
const CLIENT: Declaration['auth'] = {
	kind: 'clientCredentials',
	tokenUrl: 'https://login.test/{tenant}/token',
	scope: 'audit.read',
	fields: { box_subject_id: '{tenant}' },
};
const SERVICE: Declaration['auth'] = {
	kind: 'jwtAssertion',
	tokenUrl: 'https://login.test/token',
	scope: 'audit.read',
	subject: '{tenant}',
};
const KEY_FILE = JSON.stringify(
	{ client_email: 'robot@acme.test', private_key: privateKey, private_key_id: 'k1' },
	null,
	2,
);

let clock: SimClock;
let posted: { url: string; headers: Readonly<Record<string, string>>; body: string }[];
let answer: (count: number) => Partial<HttpResponse>;

beforeEach(() => {
	clock = simClock();
	posted = [];
	answer = (count) => ({ body: Buffer.from(JSON.stringify({ access_token: `t${count}`, expires_in: 3600 })) });
});

function tokens(auth: Declaration['auth']) {
	const door: TokenDoor = {
		clock,
		post: async (url, headers, body) => {
			posted.push({ url, headers, body });
			return { status: 200, headers: {}, body: Buffer.from('{}'), ...answer(posted.length) };
		},
		sign: async (key, text) => createSign('RSA-SHA256').update(text).sign(key, 'base64url'),
	};
	const provider = declaredProvider(declarationOf('cursor', { auth, settings: TENANT }));
	return provider.tokens!(door, { tenant: 'acme', clientId: 'app' });
}

const SECRETS = { clientSecret: 's3cret-value' };

test('a token is asked for once, by all who wait for it, and again at four fifths of its life', async () => {
	const source = tokens(CLIENT);
	const headers = await Promise.all([source.authorize(SECRETS), source.authorize(SECRETS)]);
	expect(headers).toEqual([{ authorization: 'Bearer t1' }, { authorization: 'Bearer t1' }]);
	clock.advance(0.79 * 3_600_000);
	expect(await source.authorize(SECRETS)).toEqual({ authorization: 'Bearer t1' });
	clock.advance(0.02 * 3_600_000);
	expect(await source.authorize(SECRETS)).toEqual({ authorization: 'Bearer t2' });
	expect(posted).toHaveLength(2);
	expect(posted[0]).toEqual({
		url: 'https://login.test/acme/token',
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
		body: 'grant_type=client_credentials&client_id=app&client_secret=s3cret-value&scope=audit.read&box_subject_id=acme',
	});
});

test('a secret that rotated has a token of its own', async () => {
	const source = tokens({ ...CLIENT, as: 'json', audience: 'https://api.test/' });
	await source.authorize(SECRETS);
	expect(await source.authorize({ clientSecret: 'other' })).toEqual({ authorization: 'Bearer t2' });
	expect(JSON.parse(posted[1]!.body)).toMatchObject({ client_secret: 'other', audience: 'https://api.test/' });
});

test('a token that is refused is renewed once', async () => {
	const source = tokens(CLIENT);
	const used: string[] = [];
	let good = 't2';
	const transport = renewing(async () => {
		const { authorization } = await source.authorize(SECRETS);
		used.push(authorization!);
		return { status: authorization === `Bearer ${good}` ? 200 : 401, headers: {}, body: Buffer.of() };
	}, source);
	expect((await transport({ method: 'GET', path: '/' })).status).toBe(200);
	good = 'none';
	expect((await transport({ method: 'GET', path: '/' })).status).toBe(401);
	expect(used).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t2', 'Bearer t3']);
});

test('a client that is refused is a key that is not accepted, in words without it', async () => {
	answer = () => ({
		status: 400,
		body: Buffer.from(JSON.stringify({ error: 'invalid_client', error_description: 'bad secret s3cret-value' })),
	});
	const failure = (await tokens(CLIENT)
		.authorize(SECRETS)
		.catch((error: RequestError) => error.failure)) as object;
	expect(failure).toEqual({
		method: 'POST',
		path: '/acme/token',
		kind: 'http',
		status: 401,
		code: 'invalid_client',
		message: 'bad secret [hidden]',
	});
});

test('an overloaded or broken place for tokens is passing, and asked again', async () => {
	const source = tokens(CLIENT);
	answer = () => ({ status: 429, headers: { 'retry-after': '7' } });
	const failed = await source.authorize(SECRETS).catch((error: unknown) => error);
	expect(failed).toBeInstanceOf(RequestError);
	expect((failed as RequestError).failure).toMatchObject({ kind: 'http', status: 429, retryAfterMs: 7000 });
	answer = () => ({ body: Buffer.from('{"access_token":""}') });
	await expect(source.authorize(SECRETS)).rejects.toThrow('the answer has no token');
	answer = () => ({ body: Buffer.from('{"access_token":"good"}') });
	expect(await source.authorize(SECRETS)).toEqual({ authorization: 'Bearer good' });
});

test('an assertion says who asks, for whom and for what, and is signed with the key of the file', async () => {
	await tokens(SERVICE).authorize({ keyFile: KEY_FILE });
	const form = new URLSearchParams(posted[0]!.body);
	expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
	const [header, body, signature] = form.get('assertion')!.split('.');
	const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
	const now = Math.floor(clock.now() / 1000);
	expect(decoded(header!)).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' });
	expect(decoded(body!)).toEqual({
		iss: 'robot@acme.test',
		aud: 'https://login.test/token',
		scope: 'audit.read',
		sub: 'acme',
		iat: now,
		exp: now + 3600,
	});
	const isSigned = createVerify('RSA-SHA256').update(`${header}.${body}`).verify(publicKey, signature!, 'base64url');
	expect(isSigned).toBe(true);
});

test('an assertion is written by the clock of the other side, once theirs is known', async () => {
	const theirs = clock.now() + 600_000;
	answer = (count) =>
		count === 1
			? {
					status: 400,
					headers: { date: new Date(theirs).toUTCString() },
					body: Buffer.from('{"error":"invalid_grant"}'),
				}
			: { body: Buffer.from('{"access_token":"good"}') };
	expect(await tokens(SERVICE).authorize({ keyFile: KEY_FILE })).toEqual({ authorization: 'Bearer good' });
	const [, body] = new URLSearchParams(posted[1]!.body).get('assertion')!.split('.');
	expect(JSON.parse(Buffer.from(body!, 'base64url').toString())).toMatchObject({ iat: theirs / 1000 });
});

test.each(['', 'no json', '{"client_email":"a"}'])(
	'a key file that is none is told without quoting it: %j',
	async (keyFile) => {
		const told = tokens(SERVICE).authorize({ keyFile });
		await expect(told).rejects.toThrow('The key file is not the JSON of a service account');
	},
);
