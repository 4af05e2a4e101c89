/** The proxy variables mean what they mean everywhere else. */
import { proxyFor, proxyInWords } from '../../../forwarder/config/proxy';

const past = (noProxy: string, url: string) =>
	proxyFor(new URL(url), { HTTP_PROXY: 'http://p:1', HTTPS_PROXY: 'http://p:1', NO_PROXY: noProxy }) === undefined;

test.each([
	['*', 'https://anything.example', true],
	['10.0.0.0/8', 'http://10.1.2.3:4318', true],
	['10.0.0.0/8', 'http://11.1.2.3:4318', false],
	['10.0.0.0/8', 'http://10.example', false],
	['10.1.2.3', 'http://10.1.2.3', true],
	['10.1.2.3:4318', 'http://10.1.2.3:4318', true],
	['10.1.2.3:4317', 'http://10.1.2.3:4318', false],
	['10.0.0.1-10.0.0.9', 'http://10.0.0.9', true],
	['10.0.0.1-10.0.0.9', 'http://10.0.0.10', false],
	['10.0.0.0/99', 'http://10.0.0.1', false],
	['10.0.0.0/x', 'http://10.0.0.1', false],
	['::1', 'http://[::1]:4318', true],
	['[::1]', 'http://[::1]:4318', true],
	['[::1]:4318', 'http://[::1]:4318', true],
	['[::1]:4317', 'http://[::1]:4318', false],
	['fd00::/8', 'http://[fd12::7]', true],
	['fd00::/8', 'http://[fe80::7]', false],
	['fd00:0:0::1', 'http://[fd00::1]', true],
	['example.com', 'https://example.com', true],
	['example.com', 'https://a.example.com', true],
	['example.com', 'https://notexample.com', false],
	['.example.com', 'https://a.example.com', true],
	['.example.com', 'https://example.com', true],
	['.example.com', 'https://notexample.com', false],
	['*.example.com', 'https://a.b.example.com', true],
	['*.example.com', 'https://example.com', false],
	['EXAMPLE.com.', 'https://Example.COM.', true],
	['example.com:443', 'https://example.com', true],
	['example.com:80', 'http://example.com', true],
	['example.com:8443', 'https://example.com', false],
	['a.example , b.example', 'https://b.example', true],
	['a.example b.example', 'https://b.example', true],
	['localhost,127.0.0.1', 'http://localhost:4318', true],
	[', ,', 'http://localhost:4318', false],
	['', 'https://example.com', false],
])('NO_PROXY=%s and %s: past the proxy is %s', (noProxy, url, expected) => {
	expect(past(noProxy, url)).toBe(expected);
});

const HTTPS = new URL('https://example.com');
const HTTP = new URL('http://example.com');

test.each([
	['a host and a port', HTTPS, { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
	['a host alone', HTTP, { HTTP_PROXY: 'proxy' }, 'http://proxy/'],
	['an address', HTTP, { HTTP_PROXY: '10.0.0.1:3128' }, 'http://10.0.0.1:3128/'],
	['with a password', HTTP, { HTTP_PROXY: 'user:pass@proxy:3128' }, 'http://user:pass@proxy:3128/'],
	['TLS to the proxy', HTTPS, { HTTPS_PROXY: 'https://proxy' }, 'https://proxy/'],
	['lower case goes first', HTTPS, { https_proxy: 'http://lower:1', HTTPS_PROXY: 'http://upper:1' }, 'http://lower:1/'],
	['an empty one is none', HTTPS, { https_proxy: '', HTTPS_PROXY: 'http://upper:1' }, 'http://upper:1/'],
	['each scheme has its own', HTTPS, { HTTP_PROXY: 'http://proxy:1' }, undefined],
	['no_proxy in lower case', HTTPS, { HTTPS_PROXY: 'http://p:1', no_proxy: 'example.com', NO_PROXY: 'x' }, undefined],
	['nothing is set', HTTPS, {}, undefined],
])('%s', (_name, url, env, expected) => {
	expect(proxyFor(url, env)).toBe(expected);
});

test.each([
	'socks5://user:canary@proxy:1080',
	'http://user:canary@',
	'http://canary:port',
	'http://user:canary%zz@proxy:1',
])('%s is refused by name, and never shown', (value) => {
	const refused = () => proxyFor(HTTPS, { https_proxy: value });
	expect(refused).toThrow(
		/^https_proxy (names a proxy of the kind socks5, which is not supported|is not the address|has a % in its name)/,
	);
	expect(refused).not.toThrow(/canary/);
});

test('it is named without its password', () => {
	const env = { http_proxy: 'user:canary@proxy:3128' };
	expect(proxyInWords(HTTP, env)).toBe('the proxy http://proxy:3128 (http_proxy)');
	expect(proxyInWords(HTTPS, env)).toBeUndefined();
});
