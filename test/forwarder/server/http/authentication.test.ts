/** Who comes over the network, and what those get who only try. */
import type { IncomingHttpHeaders } from 'node:http';
import { fixedSecret } from '../../../../forwarder/config/secrets';
import type { ServerAuth } from '../../../../forwarder/config/types';
import { authentication, type Authenticate } from '../../../../forwarder/server/http/authentication';
import type { Refused } from '../../../../forwarder/server/http/exchange';
import { simClock } from '../../../support/clock';

const TOKEN = 'a-token-that-is-long-enough';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (user: string, password: string) => ({
	authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

function scene(auth: ServerAuth) {
	const clock = simClock();
	const wrong: string[] = [];
	const authenticate = authentication(auth, { clock, onWrong: (address) => wrong.push(address) });
	const from = (headers: IncomingHttpHeaders, remoteAddress = '192.0.2.7') =>
		authenticate({ headers, socket: { remoteAddress } } as Parameters<Authenticate>[0]);
	const refused = async (headers: IncomingHttpHeaders, address?: string) =>
		(await from(headers, address).catch((error: unknown) => error)) as Refused;
	return { clock, wrong, from, refused };
}

test('the token is taken as such, and as the password of a browser that asks for one', async () => {
	const { from } = scene({ token: fixedSecret(TOKEN) });
	expect(await from(bearer(TOKEN))).toBe('token');
	expect(await from(basic('alice', TOKEN))).toBe('alice');
	expect(await from(basic('', TOKEN))).toBe('token');
	expect(await from({ authorization: `bearer  ${TOKEN}` })).toBe('token');
});

test('name and password have to be right together', async () => {
	const { from, refused } = scene({ basic: { username: 'ops', password: fixedSecret('pass:word ü') } });
	expect(await from(basic('ops', 'pass:word ü'))).toBe('ops');
	for (const [user, password] of [
		['ops', 'other'],
		['root', 'pass:word ü'],
		['ops', ''],
	] as const)
		expect((await refused(basic(user, password))).status).toBe(401);
});

test.each<[string, IncomingHttpHeaders]>([
	['nothing', {}],
	['an empty token', bearer('')],
	['a prefix of it', bearer(TOKEN.slice(0, -1))],
	['more than it', bearer(`${TOKEN}x`)],
	['another scheme', { authorization: `Digest ${TOKEN}` }],
	['what is no base64', { authorization: 'Basic %%%' }],
	['the header of a proxy that is not configured', { 'x-forwarded-user': 'alice' }],
])('%s is answered with 401, and how to ask', async (_what, headers) => {
	const { refused } = scene({ token: fixedSecret(TOKEN) });
	const { status, headers: told, message } = await refused(headers);
	expect([status, told]).toEqual([401, { 'www-authenticate': 'Basic realm="audit-relay", charset="UTF-8"' }]);
	expect(message).not.toContain(TOKEN);
});

test('a wrong attempt is told with its address, and answered slowly; without credentials it is no attempt', async () => {
	const { clock, wrong, refused } = scene({ token: fixedSecret(TOKEN) });
	const begun = clock.now();
	await refused({});
	expect([clock.now() - begun, wrong]).toEqual([0, []]);
	await refused(bearer('canary'));
	expect([clock.now() - begun, wrong]).toEqual([500, ['192.0.2.7']]);
});

test('after ten wrong attempts in a minute an address is not listened to, others are', async () => {
	const { clock, from, refused } = scene({ token: fixedSecret(TOKEN) });
	// at the same time: they must not all be tried because none has failed yet
	const all = await Promise.all(Array.from({ length: 15 }, () => refused(bearer('wrong'))));
	expect(all.filter(({ status }) => status === 401)).toHaveLength(10);
	expect(all.filter(({ status }) => status === 429)).toHaveLength(5);
	expect(await refused(bearer(TOKEN))).toMatchObject({
		status: 429,
		headers: { 'retry-after': expect.any(String) as string },
	});
	expect(await from(bearer(TOKEN), '192.0.2.8')).toBe('token');
	clock.advance(60_000);
	expect(await from(bearer(TOKEN))).toBe('token');
});

test('right ones never count, also when many consoles behind one proxy come back at once', async () => {
	const { from } = scene({ token: fixedSecret(TOKEN) });
	for (let round = 0; round < 30; round++) expect(await from(bearer(TOKEN))).toBe('token');
	const all = await Promise.all(Array.from({ length: 30 }, () => from(bearer(TOKEN))));
	expect(all).toEqual(new Array(30).fill('token'));
});

test('one right guess among many at the same time does not get in', async () => {
	const { from, refused } = scene({ token: fixedSecret(TOKEN) });
	const wrong = Array.from({ length: 12 }, () => refused(bearer('wrong')));
	await expect(from(bearer(TOKEN))).rejects.toMatchObject({ status: 429 });
	await Promise.all(wrong);
});

test('a token that is replaced counts at once', async () => {
	let token = TOKEN;
	const { from, refused } = scene({ token: { describe: () => 'a file', read: async () => token } });
	token = 'another-one-that-is-long';
	expect(await from(bearer('another-one-that-is-long'))).toBe('token');
	expect((await refused(bearer(TOKEN))).status).toBe(401);
});

describe('a proxy says who asks', () => {
	const auth = { proxy: { header: 'x-forwarded-user', trusted: ['10.0.0.0/8', '::1', '127.0.0.1'] } };
	const alice = { 'x-forwarded-user': 'alice' };

	test.each(['10.1.2.3', '::1', '127.0.0.1', '::ffff:10.1.2.3'])('from %s it is believed', async (address) => {
		expect(await scene(auth).from(alice, address)).toBe('alice');
	});

	test.each(['11.1.2.3', '::2', '::ffff:11.1.2.3', ''])('from %s it is not', async (address) => {
		expect(await scene(auth).refused(alice, address)).toMatchObject({ status: 403 });
	});

	test('a proxy that has asked nobody brings nobody in', async () => {
		expect(await scene(auth).refused({}, '10.1.2.3')).toMatchObject({ status: 403 });
		expect(await scene(auth).refused({ 'x-forwarded-user': '' }, '10.1.2.3')).toMatchObject({ status: 403 });
	});

	test('beside a token, both ways lead in', async () => {
		const { from } = scene({ ...auth, token: fixedSecret(TOKEN) });
		expect(await from(bearer(TOKEN))).toBe('token');
		expect(await from(alice, '10.1.2.3')).toBe('alice');
	});
});

test('whoever was let in is asked again without that being an attempt: neither told, nor slow, nor counted', async () => {
	const token = { ...fixedSecret(TOKEN) };
	const { clock, wrong } = scene({ token: fixedSecret(TOKEN) });
	const authenticate = authentication({ token }, { clock, onWrong: (address) => wrong.push(address) });
	const request = { headers: bearer(TOKEN), socket: { remoteAddress: '192.0.2.7' } } as Parameters<Authenticate>[0];
	expect(await authenticate(request, true)).toBe('token');
	token.read = async () => 'the-token-that-came-after-it';
	const begun = clock.now();
	for (let i = 0; i < 20; i++) await expect(authenticate(request, true)).rejects.toMatchObject({ status: 401 });
	expect([wrong, clock.now() - begun]).toEqual([[], 0]);
	await expect(authenticate(request)).rejects.toMatchObject({ status: 401 });
	expect(wrong).toEqual(['192.0.2.7']);
});
