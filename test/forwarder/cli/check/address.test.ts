/** An address that is wrong in one of the usual ways: `check` says the cause and the cure on the first line, for both sides. */
import { createServer } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { arpio, configFor, KEY, listen, receiver } from '../fakeProvider';
import { runCli } from '../runCli';

const env = { KEY };
const closing: (() => Promise<unknown>)[] = [];
afterEach(() => Promise.all(closing.splice(0).map((close) => close())));

/** Listens, and ends with the test. */
async function at(server: Server): Promise<string> {
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	closing.push(() => new Promise((done) => server.close(done)));
	return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const saying = (bytes: string | Buffer) =>
	createTcpServer((socket) => socket.on('error', () => undefined).once('data', () => socket.end(bytes)));

const page = (words: string) => () =>
	createServer((_, response) => {
		response.writeHead(400, { 'content-type': 'text/html' }).end(`<html><head><title>${words}</title></head></html>`);
	});

const SETTINGS = Buffer.from('000006040000000000000500004000', 'hex');
const ALERT = Buffer.from('15030100020246', 'hex');
const TLS = /this port speaks TLS; write https:\/\/ instead of http:\/\//;

test.each<[string, () => Server, string, RegExp]>([
	['a TLS port of nginx', page('400 The plain HTTP request was sent to HTTPS port'), 'http', TLS],
	[
		'a TLS port of Go',
		() =>
			createServer((_, response) => response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n')),
		'http',
		TLS,
	],
	['a TLS port that answers with an alert', () => saying(ALERT), 'http', TLS],
	[
		'a TLS port that hangs up',
		() => saying(''),
		'http',
		/the connection was closed without an answer; if the port wants TLS, write https:/,
	],
	['a port without TLS', () => createServer(), 'https', /this port does not speak TLS; write http:/],
	[
		'the gRPC port',
		() => saying(SETTINGS),
		'http',
		/this port speaks HTTP\/2 only, as gRPC does; give the port for HTTP\/1.1, for OTLP 4318/,
	],
	[
		'a real HTTP/2 server',
		() => createHttp2Server(),
		'http',
		/this port speaks HTTP\/2 only, as gRPC does; give the port for HTTP\/1.1, for OTLP 4318/,
	],
	[
		'a port of another kind',
		() => saying('SSH-2.0-OpenSSH_9.9\r\n'),
		'http',
		/what answers there is not an HTTP server; check host and port/,
	],
	[
		'20 kB of answer headers',
		() => createServer((_, response) => response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end('{}')),
		'http',
		/the headers of the answer are too large; find out what adds them .*max-http-header-size/,
	],
])('%s', async (_name, server, scheme, expected) => {
	const url = `${scheme}://${await at(server())}`;
	const { code, out } = await runCli(['check', '--json', '-c', await configFor(url, url)], { env });
	expect(code).toBe(1);
	const { checks } = JSON.parse(out) as { checks: { subject: string; status: string; detail: string }[] };
	const sides = checks.filter(({ subject }) => /^(source|destination) /.test(subject));
	expect(sides.map(({ status }) => status)).toEqual(['failed', 'failed']);
	for (const { detail } of sides) expect(detail).toMatch(expected);
});

test('a page as the answer to an empty export is not a receiver, also with status 400', async () => {
	const provider = await listen(arpio([]));
	closing.push(() => provider.close());
	const siem = `http://${await at(page('Bad Request')())}`;
	const { code, out } = await runCli(['check', '-c', await configFor(provider.url, siem)], { env });
	expect(code).toBe(1);
	expect(out).toContain('status 400 with a web page');
	expect(out).toContain('A web server answered, not an OTLP receiver');
});

test('a host that cannot be resolved, and a port where nothing listens', async () => {
	const gone = await listen(receiver);
	await gone.close();
	const { out } = await runCli(['check', '-c', await configFor('https://relay.invalid', gone.url)], { env });
	expect(out).toMatch(/the host name cannot be resolved; check the name and DNS/);
	expect(out).toMatch(/nothing listens there; check host and port, and that it runs/);
});

test.each<[string, () => Server, RegExp]>([
	[
		'hangs up',
		() => saying(''),
		/^It was asked through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\): check that/,
	],
	[
		'wants a password',
		() => createServer((_, response) => response.writeHead(407).end()),
		/^It was asked through the proxy http:\/\/127\.0\.0\.1:\d+ \(HTTP_PROXY\), which wants a name and a password/,
	],
])('a proxy that %s is named, without what is secret in its address', async (_name, server, expected) => {
	const proxy = `ada:canary@${await at(server())}`;
	const { out } = await runCli(['check', '--json', '-c', await configFor('http://127.0.0.1:9', 'http://127.0.0.1:9')], {
		env: { ...env, HTTP_PROXY: proxy },
	});
	const { checks } = JSON.parse(out) as { checks: { subject: string; fix?: string }[] };
	const sides = checks.filter(({ subject }) => /^(source|destination) /.test(subject));
	expect(sides).toHaveLength(2);
	for (const { fix } of sides) expect(fix).toMatch(expected);
	expect(out).not.toContain('canary');
});
