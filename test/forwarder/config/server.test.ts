import { tlsFixture } from '../../support/tlsFront';
import { ENV, GOOD, load, refused } from './scratch';

const TOKEN = 'canary-token-that-is-long';
const env = { ...ENV, TOKEN, SHORT: 'canary-short', PASSWORD: 'canary-password' };
const withServer = (text: string) => `${GOOD}server:\n  ${text.trim().replaceAll('\n', '\n  ')}\n`;

test('a token, a password and what a proxy says: secrets are read when they are used', async () => {
	const { server } = await load(
		withServer(`auth:
  token: "\${env:TOKEN}"
  basic: { username: ops, password: "\${env:PASSWORD}" }
  proxyHeader: X-Forwarded-User
  trustedProxies: [10.0.0.0/8, "::1"]`),
		env,
	);
	expect(await server!.auth!.token!.read()).toBe(TOKEN);
	expect(server!.auth!.basic!.username).toBe('ops');
	expect(await server!.auth!.basic!.password.read()).toBe('canary-password');
	expect(server!.auth!.proxy).toEqual({ header: 'x-forwarded-user', trusted: ['10.0.0.0/8', '::1'] });
});

test('a certificate with its key', async () => {
	const text = withServer(`tls: { certFile: ${tlsFixture('server.pem')}, keyFile: ${tlsFixture('server.key')} }`);
	const { cert, key, ca } = await (await load(text)).server!.tls!.read();
	expect([cert, key, ca]).toEqual([expect.stringContaining('CERTIFICATE'), expect.stringContaining('KEY'), undefined]);
});

test('the socket for commands, relative to the file', async () => {
	const { control } = await load(`${GOOD}control: { socket: ./here.sock }\n`);
	expect(control!.socket).toMatch(/^\/.*\/here\.sock$/);
	expect((await load(GOOD)).control).toBeUndefined();
});

test.each([
	['a token in the file', 'auth: { token: abc }', 'server.auth.token: a secret must not be in this file'],
	[
		'a password in the file',
		'auth: { basic: { username: a, password: b } }',
		'server.auth.basic.password: a secret must not be in this file',
	],
	['a token that can be guessed', 'auth: { token: "${env:SHORT}" }', 'is shorter than 16 characters'],
	['nothing to go by', 'auth: {}', 'server.auth: says nobody who may ask'],
	[
		'a header that anybody could send',
		'auth: { proxyHeader: x-user }',
		'server.auth.trustedProxies: is missing. Give the addresses of the proxy',
	],
	[
		'addresses without a header',
		'auth: { token: "${env:TOKEN}", trustedProxies: [10.0.0.1] }',
		'server.auth.proxyHeader: is missing',
	],
	[
		'a name for an address',
		'auth: { proxyHeader: x-user, trustedProxies: [proxy.local] }',
		'server.auth.trustedProxies[0]: is no address or network',
	],
	['too many bits', 'auth: { proxyHeader: x-user, trustedProxies: [10.0.0.0/33] }', 'is no address or network'],
	['a certificate without key', 'tls: { certFile: a.pem }', 'server.tls.keyFile'],
])('%s is refused', async (_what, text, said) => {
	const { message } = await refused(withServer(text), env);
	expect(message).toContain(said);
	expect(message).not.toContain('canary');
});
