/** What can go wrong between us and a provider: broken and slow connections, and proxies. */
import { createServer, type RequestListener } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { failure, GET, listen, transport, transportTo } from './support';

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

	test('sources of one server share its connections, each with its own key', async () => {
		const seen: unknown[] = [];
		const port = await listen(
			createServer(({ socket, headers }, response) => {
				seen.push([socket.remotePort, headers.authorization]);
				response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
			}),
		);
		const baseUrl = `http://127.0.0.1:${port}`;
		for (const key of ['one', 'two']) await transport({ baseUrl, headers: async () => ({ authorization: key }) })(GET);
		const [[first]] = seen as [[number]];
		expect(seen).toEqual([
			[first, 'one'],
			[first, 'two'],
		]);
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

	test('a proxy without a scheme is used, and a network in NO_PROXY goes past it', async () => {
		const { seen, url } = await proxy();
		const { host } = new URL(url);
		const send = transport({ baseUrl: 'http://arpio.invalid', proxyEnv: { HTTP_PROXY: host } });
		expect(String((await send(GET)).body)).toBe('"from the proxy"');
		const past = await transportTo((_, response) => response.end('"straight"'), {
			proxyEnv: { HTTP_PROXY: host, NO_PROXY: '127.0.0.0/8' },
		});
		expect(String((await past(GET)).body)).toBe('"straight"');
		expect(seen).toHaveLength(1);
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
