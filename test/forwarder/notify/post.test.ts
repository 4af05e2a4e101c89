/** One request, at real servers on loopback. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { connect } from 'node:net';
import { fixedSecret } from '../../../forwarder/config/secrets';
import { post, type PostTo } from '../../../forwarder/notify/post';
import { listen } from '../http/support';
import { systemClock } from '../../../forwarder/waits';
import { tlsFixture, tlsFront } from '../../support/tlsFront';
import { readTls } from '../../../forwarder/config/tls';

const SECRET = '/services/T000/canary-secret';

async function posted(handle: RequestListener, change: Partial<PostTo> = {}, body: unknown = { a: 1 }) {
	const port = await listen(createServer(handle));
	return send({ url: fixedSecret(`http://127.0.0.1:${port}${SECRET}`), ...change }, body);
}

function send(to: Partial<PostTo>, body: unknown = { a: 1 }, env = {}) {
	const target = { url: fixedSecret(''), headers: {}, allowInsecure: false, ...to };
	return post(target, body, { clock: systemClock, env, signal: new AbortController().signal });
}

async function textOf(request: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of request) text += String(chunk);
	return text;
}

test('JSON goes to the address, with the headers', async () => {
	let seen: unknown;
	const result = await posted(
		(request, response) => {
			void textOf(request).then((text) => {
				seen = [request.method, request.url, request.headers['content-type'], request.headers['x-token'], text];
				response.writeHead(202).end();
			});
		},
		{ headers: { 'x-token': fixedSecret('abcdef') } },
	);
	expect(result).toEqual({ ok: true });
	expect(seen).toEqual(['POST', SECRET, 'application/json', 'abcdef', '{"a":1}']);
});

test.each([
	[429, { 'retry-after': '17' }, { retry: true, afterMs: 17_000 }],
	[503, {}, { retry: true }],
	[404, {}, { retry: false }],
	[400, {}, { retry: false }],
])('status %i', async (status, headers, expected) => {
	const result = await posted((_, response) => response.writeHead(status, headers).end('no_service'));
	expect(result).toEqual({ ok: false, reason: `status ${status} (no_service)`, ...expected });
});

test('no redirect is followed: it would carry the address elsewhere', async () => {
	let asked = 0;
	const elsewhere = await listen(createServer((_, response) => void (asked++, response.end())));
	const result = await posted((_, response) =>
		response.writeHead(307, { location: `http://127.0.0.1:${elsewhere}/` }).end(),
	);
	expect(result).toMatchObject({ ok: false, retry: false, reason: expect.stringContaining('status 307') as string });
	expect(asked).toBe(0);
});

test('neither address nor key is said, whatever the receiver repeats', async () => {
	const body = { routing_key: 'canary-routing-key' };
	const repeated = (request: IncomingMessage) => `unknown: ${request.url} canary-routing-key`;
	const result = await posted((request, response) => response.writeHead(400).end(repeated(request)), {}, body);
	expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('status 400') as string });
	expect(JSON.stringify(result)).not.toMatch(/canary/);
});

test('nobody there', async () => {
	const result = await send({ url: fixedSecret('http://127.0.0.1:1/canary') });
	expect(result).toEqual({
		...{ ok: false, retry: true },
		reason: 'no answer (ECONNREFUSED): nothing listens there; check host and port, and that it runs',
	});
});

test('http:// to another host would show the address to everybody on the way', async () => {
	const result = await send({ url: fixedSecret('http://hooks.example/canary', 'environment variable HOOK') });
	expect(result).toMatchObject({
		retry: false,
		reason: expect.stringContaining('environment variable HOOK holds an http://') as string,
	});
});

describe('certificates', () => {
	test('are checked', async () => {
		const port = await listen(createServer((_, response) => response.end()));
		const front = await tlsFront(`http://127.0.0.1:${port}`);
		const result = await send({ url: fixedSecret(`${front.url}/canary`) });
		front.close();
		expect(result).toMatchObject({
			ok: false,
			reason: expect.stringContaining('the certificate is not trusted') as string,
		});
	});

	test('of a private authority are trusted when that is configured', async () => {
		const port = await listen(createServer((_, response) => response.end()));
		const front = await tlsFront(`http://127.0.0.1:${port}`);
		const tls = readTls({ caFile: tlsFixture('ca.pem') }, [], { folder: '.', report: () => undefined });
		const result = await send({ url: fixedSecret(`${front.url}/canary`), tls });
		front.close();
		expect(result).toEqual({ ok: true });
	});
});

test('the proxy of the environment is used', async () => {
	const target = await listen(createServer((_, response) => response.end()));
	const front = await tlsFront(`http://127.0.0.1:${target}`);
	const asked: string[] = [];
	const proxy = createServer().on('connect', (request, socket) => {
		asked.push(request.url ?? '');
		const onward = connect(Number(new URL(front.url).port), '127.0.0.1', () => {
			socket.write('HTTP/1.1 200 OK\r\n\r\n');
			onward.pipe(socket).pipe(onward);
		});
		socket.on('error', () => onward.destroy());
		onward.on('error', () => socket.destroy());
	});
	const port = await listen(proxy);
	const tls = readTls({ caFile: tlsFixture('ca.pem') }, [], { folder: '.', report: () => undefined });
	const url = fixedSecret(`https://localhost:${new URL(front.url).port}/canary`);
	const result = await send({ url, tls }, {}, { https_proxy: `http://127.0.0.1:${port}` });
	front.close();
	expect(asked).toEqual([`localhost:${new URL(front.url).port}`]);
	expect(result).toEqual({ ok: true });
});
