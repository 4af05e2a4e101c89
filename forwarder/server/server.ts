/** The HTTP server of the running process: probes, Prometheus and people come over TCP, commands by a socket of the file system. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../core/contract';
import { ConfigError } from '../config/errors';
import type { Pem, Tls } from '../config/types';
import { jsonBody } from './http/body';
import type { Door } from './http/doors';
import { Refused, refusal, type Asked, type Reply } from './http/exchange';
import { finder, handlerFor, type Find, type Routes } from './http/router';

export interface ServerOptions {
	routes: Routes;
	door: Door;
	/** What is thrown is answered with 500, and with nothing about the error. */
	onError?: (error: unknown, path: string) => void;
}

export interface Listening {
	/** Ends what is being answered too. */
	close(): Promise<void>;
}

export interface StatusServer extends Listening {
	/** `http://127.0.0.1:9464`. */
	readonly url: string;
}

export interface Listen {
	host: string;
	/** 0: any free one. */
	port: number;
	/** For the error that names the key. */
	configPath: string;
	/** Certificate and key. Absent: plain HTTP. */
	tls?: Tls;
	/** For replaced certificates. */
	clock: Clock;
	/** They cannot be used as they are now. */
	warn?: (message: string) => void;
}

/** Throws `ConfigError` when the address cannot be listened at. */
export async function startServer(options: ServerOptions, listen: Listen): Promise<StatusServer> {
	const { host, port, configPath, tls } = listen;
	const pem = await tls?.read();
	const { server, close } = createAnswering(options, pem);
	const closing = new AbortController();
	if (tls && pem) void followCertificate(server as TlsServer, tls, pem, listen, closing.signal);
	try {
		await listening(server, () => server.listen(port, host));
	} catch (error) {
		const fix = 'Set server.listen to another host:port, or server.enabled: false';
		throw new ConfigError(configPath, [{ key: 'server.listen', what: whyNot(error, host, port), fix }]);
	}
	const address = server.address() as AddressInfo;
	const url = `${tls ? 'https' : 'http'}://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
	return {
		url,
		close: () => {
			closing.abort();
			return close();
		},
	};
}

const LOOK_EVERY_MS = 30_000;

/** New connections get what stands in the files now. */
async function followCertificate(
	server: TlsServer,
	tls: Tls,
	first: Pem,
	{ clock, warn }: Listen,
	signal: AbortSignal,
): Promise<void> {
	for (let used = first; ;) {
		await clock.sleep(LOOK_EVERY_MS, signal);
		if (signal.aborted) return;
		const now = await tls.read(warn);
		if (now !== used) server.setSecureContext(now);
		used = now;
	}
}

export interface Answering extends Listening {
	server: Server;
}

/** Answers as soon as it listens. */
export function createAnswering({ routes, door, onError }: ServerOptions, pem?: Pem): Answering {
	const find = finder(routes);
	const closing = new AbortController();
	const listener: RequestListener = (request, response) => {
		const path = (request.url ?? '/').replace(/[?#].*$/s, '');
		const gone = new AbortController();
		response.on('close', () => gone.abort());
		const signal = AbortSignal.any([gone.signal, closing.signal]);
		void answer(request, { path, signal, find, door })
			.catch((error: unknown): Reply => {
				if (error instanceof Refused) return refusal(error, path);
				onError?.(error, path);
				return refusal(new Refused(500, 'not available now; the log says why'), path);
			})
			.then((reply) => send(request, response, reply));
	};
	const limits = { requestTimeout: 10_000, headersTimeout: 5_000 };
	const server = pem ? createTlsServer({ ...limits, ...pem }, listener) : createServer(limits, listener);
	return {
		server,
		close: () =>
			new Promise((resolve) => {
				closing.abort();
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

/** @param listen throws or emits what keeps it from listening */
export async function listening(server: Server, listen: () => void): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.once('listening', () => {
			server.off('error', reject);
			resolve();
		});
		listen();
	});
	// a connection that breaks is not a reason to end the forwarder
	server.on('error', () => undefined);
}

interface Answers {
	path: string;
	signal: AbortSignal;
	find: Find;
	door: Door;
}

async function answer(request: IncomingMessage, { path, signal, find, door }: Answers): Promise<Reply> {
	const found = find(path);
	const asker = await door(request, found?.methods.open === true);
	if (!found) throw new Refused(404, 'not found', 'docs/operations.md lists what there is');
	const { method, handler } = handlerFor(found, request.method);
	const { headers, url = '/' } = request;
	const query = new URLSearchParams(/\?([^#]*)/.exec(url)?.[1]);
	const asked: Asked = {
		...asker,
		method,
		path,
		params: found.params,
		query,
		headers,
		signal,
		body: () => jsonBody(request),
	};
	return handler(asked);
}

const HEADERS = {
	'cache-control': 'no-store',
	'x-content-type-options': 'nosniff',
	'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
	'referrer-policy': 'no-referrer',
};

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
	if (response.destroyed) return;
	if ('stream' in reply) {
		// a proxy (nginx) would hold back what comes until it is a few kB
		response.writeHead(200, { ...HEADERS, 'content-type': reply.type, 'x-accel-buffering': 'no' });
		if (request.method === 'HEAD') response.end();
		else reply.stream(response);
		return;
	}
	const { status, type, body, headers } = reply;
	response.writeHead(status, {
		...HEADERS,
		'content-type': type,
		'content-length': Buffer.byteLength(body),
		...headers,
		// what is left of its body would be taken for the next request
		...(!request.complete && { connection: 'close' }),
	});
	response.end(request.method === 'HEAD' ? undefined : body);
}

function whyNot(error: unknown, host: string, port: number): string {
	const { code } = error as NodeJS.ErrnoException;
	switch (code) {
		case 'EADDRINUSE':
			return `port ${port} of ${host} is in use by another program`;
		case 'EACCES':
			return `this user may not listen at port ${port}`;
		case 'EADDRNOTAVAIL':
		case 'ENOTFOUND':
			return `${host} is not an address of this machine`;
		default:
			return `cannot listen at ${host}:${port} (${code ?? 'unknown reason'})`;
	}
}

/** Whether other machines can reach it. */
export function isLoopback(host: string): boolean {
	return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
