import { createServer, type RequestListener, type Server } from 'node:http';
import {
	connect,
	createServer as createTcpServer,
	type AddressInfo,
	type Server as TcpServer,
	type Socket,
} from 'node:net';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import { httpTransport, type TransportOptions } from '../../../forwarder/http/httpTransport';
import { SecretError } from '../../../forwarder/config/secrets';
import { RequestError, type Failure } from '../../../providers/failure';
import type { HttpRequest } from '../../../providers/contract';

const CANARY = 'canary-secret-1';
const servers: (Server | TcpServer)[] = [];
const sockets: Socket[] = [];

async function listen<S extends Server | TcpServer>(server: S): Promise<number> {
	servers.push(server);
	server.on('connection', (socket: Socket) => sockets.push(socket));
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

async function transportTo(handle: RequestListener, options: Partial<TransportOptions> = {}) {
	const port = await listen(createServer(handle));
	return transport({ baseUrl: `http://127.0.0.1:${port}`, ...options });
}

function transport(options: Partial<TransportOptions> & { baseUrl: string }) {
	return httpTransport({ headers: async () => ({ authorization: `Bearer ${CANARY}` }), proxyEnv: {}, ...options });
}

const GET: HttpRequest = { method: 'GET', path: '/events' };

/** The failure of a request, after a look that its error holds no key. */
async function failure(response: Promise<unknown>): Promise<Failure> {
	const error: unknown = await response.then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof RequestError)) throw new Error(`no RequestError but ${String(error)}`);
	expect(inspect(error, { depth: 20, showHidden: true })).not.toContain(CANARY);
	expect(JSON.stringify(error)).not.toContain(CANARY);
	return error.failure;
}

afterEach(async () => {
	for (const socket of sockets.splice(0)) socket.destroy();
	for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe('request', () => {
	test('repeats names of lists, leaves out what is undefined, sends JSON', async () => {
		const send = await transportTo(
			(request, response) => {
				const chunks: Buffer[] = [];
				request
					.on('data', (chunk: Buffer) => chunks.push(chunk))
					.on('end', () => {
						const { authorization, 'content-type': type, 'user-agent': agent } = request.headers;
						const sent = { url: request.url, method: request.method, type, agent, authorization };
						response.end(JSON.stringify({ ...sent, body: Buffer.concat(chunks).toString() }));
					});
			},
			{ userAgent: 'audit-relay/1' },
		);
		const query = { 'expand[]': ['actor', 'a b'], none: undefined, q: '"x"&y' };
		const reply = await send({ method: 'POST', path: '/v1/events', query, body: '{"a":1.0}' });
		expect(JSON.parse(String(reply.body))).toEqual({
			url: '/v1/events?expand%5B%5D=actor&expand%5B%5D=a%20b&q=%22x%22%26y',
			method: 'POST',
			type: 'application/json',
			agent: 'audit-relay/1',
			authorization: `Bearer ${CANARY}`,
			body: '{"a":1.0}',
		});
	});

	test('reads the key again for every request', async () => {
		let key = 'first-key';
		const send = await transportTo((request, response) => response.end(JSON.stringify(request.headers['x-api-key'])), {
			headers: async () => ({ 'x-api-key': key }),
		});
		await send(GET);
		key = 'other';
		expect(String((await send(GET)).body)).toBe('"other"');
	});

	test('a key that is no header value is not sent, nor told', async () => {
		const send = await transportTo(() => undefined, { headers: async () => ({ authorization: `${CANARY}\n` }) });
		expect(await failure(send(GET))).toMatchObject({ kind: 'network', code: 'ERR_INVALID_CHAR' });
	});

	test('a connection is kept for the next request', async () => {
		const ports = new Set<number | undefined>();
		const send = await transportTo((request, response) => response.end(`${ports.add(request.socket.remotePort).size}`));
		for (let n = 0; n < 3; n++) expect(String((await send(GET)).body)).toBe('1');
	});

	test('a key that cannot be read counts as refused, and the place is named', async () => {
		const send = await transportTo(() => undefined, {
			headers: () => Promise.reject(new SecretError('file /run/secrets/arpio cannot be read (ENOENT)')),
		});
		expect(await failure(send(GET))).toMatchObject({
			kind: 'http',
			status: 401,
			code: 'credentials_unreadable',
			message: 'file /run/secrets/arpio cannot be read (ENOENT)',
		});
	});
});

describe('answer', () => {
	test.each([200, 204, 400, 500])('status %i is an answer, no error', async (status) => {
		const send = await transportTo((_, response) => response.writeHead(status, { 'X-Request-Id': 'r1' }).end());
		expect(await send(GET)).toMatchObject({ status, headers: { 'x-request-id': 'r1' }, body: Buffer.of() });
	});

	test('a redirect is not followed: the key stays here', async () => {
		const seen: string[] = [];
		const other = await listen(createServer((request, response) => response.end(seen.push(request.url ?? '') + '')));
		const location = `http://127.0.0.1:${other}/steal`;
		const send = await transportTo((_, response) => response.writeHead(302, { location }).end());
		expect(await send(GET)).toMatchObject({ status: 302, headers: { location } });
		expect(seen).toEqual([]);
	});

	test('gzip is unpacked, numbers and letters stay as they are', async () => {
		const text = '{"n":12345678901234567890.10,"s":"ü😀"}';
		const send = await transportTo((_, response) => {
			response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text));
		});
		expect(String((await send(GET)).body)).toBe(text);
	});

	test('an encoding that was not asked for', async () => {
		const send = await transportTo((_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('x'));
		expect(await failure(send(GET))).toMatchObject({ kind: 'network', code: 'UNKNOWN_CONTENT_ENCODING' });
	});

	test('an error text that repeats the key is cleaned, events are not touched', async () => {
		const events = `${' '.repeat(200)}[{"note":"${CANARY}"}]`;
		const send = await transportTo((request, response) => {
			response.writeHead(request.url === '/ok' ? 200 : 401).end(request.url === '/ok' ? events : `bad key ${CANARY}`);
		});
		expect(String((await send(GET)).body)).toBe('bad key [REDACTED]');
		expect(String((await send({ ...GET, path: '/ok' })).body)).toBe(events);
	});
});

describe('size', () => {
	test.each([
		['announced', { 'content-length': '2000' }, Buffer.alloc(2000, 'x')],
		['in pieces', {}, Buffer.alloc(2000, 'x')],
		['packed', { 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(1_000_000))],
	])('a body above the limit, %s', async (_, headers, body) => {
		const send = await transportTo((_request, response) => response.writeHead(200, headers).end(body), {
			maxBodyBytes: 1999,
		});
		expect(await failure(send(GET))).toEqual({ method: 'GET', path: '/events', kind: 'tooLarge', limitBytes: 1999 });
	});

	test('a body of exactly the limit', async () => {
		const send = await transportTo((_, response) => response.end('x'.repeat(2000)), { maxBodyBytes: 2000 });
		expect((await send(GET)).body).toHaveLength(2000);
	});
});

describe('connection', () => {
	const cut =
		(headers: Record<string, string>, part: string | Buffer): RequestListener =>
		(_, response) => {
			response.writeHead(200, headers);
			response.write(part, () => setTimeout(() => response.destroy(), 5));
		};

	test.each([
		['shorter than announced', cut({ 'content-length': '100' }, '{"events":[')],
		['in pieces, without the last', cut({}, '{"events":[]}')],
		['packed', cut({ 'content-encoding': 'gzip' }, gzipSync('{"events":[]}').subarray(0, 20))],
	])('a body that is cut off: %s', async (_, handle) => {
		expect(await failure((await transportTo(handle))(GET))).toMatchObject({ kind: 'network' });
	});

	test('a packed body that ends early in a complete answer', async () => {
		const half = gzipSync('{"events":[]}').subarray(0, 20);
		const send = await transportTo((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(half));
		expect(await failure(send(GET))).toMatchObject({ kind: 'network', code: 'Z_BUF_ERROR' });
	});

	test('reset', async () => {
		const send = await transportTo((request) => void request.socket.resetAndDestroy());
		expect(await failure(send(GET))).toEqual({ method: 'GET', path: '/events', kind: 'network', code: 'ECONNRESET' });
	});

	test('refused', async () => {
		expect(await failure(transport({ baseUrl: 'http://127.0.0.1:1' })(GET))).toMatchObject({ code: 'ECONNREFUSED' });
	});

	test('no HTTP', async () => {
		const port = await listen(createTcpServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0\r\n')));
		expect(await failure(transport({ baseUrl: `http://127.0.0.1:${port}` })(GET))).toMatchObject({ kind: 'network' });
	});
});

describe('time', () => {
	const short = { connectTimeoutMs: 1000, headersTimeoutMs: 1000, bodyTimeoutMs: 1000 };

	test('connect: TLS that never answers', async () => {
		const port = await listen(createTcpServer((socket) => void socket.on('error', () => undefined).resume()));
		const send = transport({ ...short, baseUrl: `https://127.0.0.1:${port}`, connectTimeoutMs: 40 });
		expect(await failure(send(GET))).toMatchObject({ kind: 'timeout', phase: 'connect' });
	});

	test('connect: a proxy that never answers, also when it is stopped', async () => {
		const port = await listen(createTcpServer((socket) => void socket.on('error', () => undefined).resume()));
		const proxyEnv = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
		const send = transport({ ...short, baseUrl: 'https://arpio.invalid', proxyEnv, connectTimeoutMs: 40 });
		expect(await failure(send(GET))).toMatchObject({ kind: 'timeout', phase: 'connect' });
		expect(await failure(send({ ...GET, signal: AbortSignal.timeout(10) }))).toMatchObject({ kind: 'aborted' });
	});

	test('headers: a server that changes the protocol', async () => {
		const port = await listen(
			createTcpServer((socket) => {
				const answer = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n';
				socket.on('error', () => undefined).once('data', () => socket.write(answer));
			}),
		);
		const send = transport({ ...short, baseUrl: `http://127.0.0.1:${port}`, headersTimeoutMs: 40 });
		expect(await failure(send(GET))).toMatchObject({ kind: 'timeout', phase: 'headers' });
	});

	test('headers', async () => {
		const send = await transportTo(() => undefined, { ...short, headersTimeoutMs: 40 });
		expect(await failure(send(GET))).toMatchObject({ kind: 'timeout', phase: 'headers' });
	});

	test('body, also when it drips', async () => {
		const send = await transportTo(
			(_, response) => {
				const drip = setInterval(() => response.write(' '), 10);
				response.on('close', () => clearInterval(drip));
			},
			{ ...short, bodyTimeoutMs: 45 },
		);
		expect(await failure(send(GET))).toMatchObject({ kind: 'timeout', phase: 'body' });
	});

	test('a signal ends a request before, at and after the headers', async () => {
		const silent = await transportTo(() => undefined);
		const begun = await transportTo((_, response) => void response.write('{'));
		expect(await failure(silent({ ...GET, signal: AbortSignal.abort() }))).toMatchObject({ kind: 'aborted' });
		expect(await failure(silent({ ...GET, signal: AbortSignal.timeout(20) }))).toMatchObject({ kind: 'aborted' });
		expect(await failure(begun({ ...GET, signal: AbortSignal.timeout(20) }))).toMatchObject({ kind: 'aborted' });
	});
});

describe('proxy', () => {
	async function proxy() {
		const seen: string[] = [];
		const server = createServer((request, response) => {
			seen.push(`${request.method} ${request.url}`);
			response.end('"from the proxy"');
		});
		server.on('connect', (request, socket: Socket) => {
			seen.push(
				`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''} ${request.headers.authorization ?? ''}`,
			);
			const upstream = connect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
				socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
				upstream.pipe(socket).pipe(upstream);
			});
			for (const end of [upstream, socket]) end.on('error', () => upstream.destroy());
			socket.on('close', () => upstream.destroy());
		});
		return { seen, url: `http://user:proxy-canary@127.0.0.1:${await listen(server)}` };
	}

	test('https goes through a tunnel that never sees the key', async () => {
		const { seen, url } = await proxy();
		let firstByte: number | undefined;
		const port = await listen(
			createTcpServer((socket) => {
				socket
					.on('error', () => undefined)
					.once('data', (data) => {
						firstByte = data[0];
						socket.destroy();
					});
			}),
		);
		const send = transport({ baseUrl: `https://127.0.0.1:${port}`, proxyEnv: { HTTPS_PROXY: url } });
		const failed = await failure(send(GET));
		expect(failed).toMatchObject({ kind: 'network' });
		expect(JSON.stringify(failed)).not.toContain('proxy-canary');
		expect(seen).toEqual([`CONNECT 127.0.0.1:${port} Basic ${btoa('user:proxy-canary')} `]);
		// what went through the tunnel is a TLS handshake
		expect(firstByte).toBe(0x16);
	});

	test('http goes through the proxy, NO_PROXY goes past it', async () => {
		const { seen, url } = await proxy();
		const send = transport({ baseUrl: 'http://arpio.invalid', proxyEnv: { HTTP_PROXY: url } });
		expect(String((await send(GET)).body)).toBe('"from the proxy"');
		expect(seen).toEqual(['GET http://arpio.invalid/events']);
		const direct = await transportTo((_, response) => response.end('"direct"'), {
			proxyEnv: { HTTP_PROXY: url, NO_PROXY: '127.0.0.1' },
		});
		expect(String((await direct(GET)).body)).toBe('"direct"');
	});

	test('a proxy that is away', async () => {
		const send = transport({
			baseUrl: 'https://arpio.invalid',
			proxyEnv: { HTTPS_PROXY: 'http://u:proxy-canary@127.0.0.1:1' },
		});
		const failed = await failure(send(GET));
		expect(failed).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
	});
});
