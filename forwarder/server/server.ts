/** The status server: plain HTTP for probes, Prometheus and people. Reads only; nothing can be changed through it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../config/errors';
import { mayAsk } from './hosts';

export interface ServerReply {
	status: number;
	type: string;
	body: string;
}

/** By path. What throws is answered with 500, and with nothing about the error. */
export type Routes = Readonly<Record<string, () => ServerReply | Promise<ServerReply>>>;

const STRANGER = 'unknown host name: add it to server.hosts, or use an address or localhost';

export interface StatusServer {
	/** `http://127.0.0.1:9464`. */
	readonly url: string;
	close(): Promise<void>;
}

export interface Listen {
	host: string;
	/** 0: any free one. */
	port: number;
	/** Names, besides `localhost`, that it may be asked by. */
	hosts?: readonly string[];
	/** For the error that names the key. */
	configPath: string;
	onError?: (error: unknown, path: string) => void;
}

/** Throws `ConfigError` when the address cannot be listened at. */
export async function startServer(routes: Routes, listen: Listen): Promise<StatusServer> {
	const { host, port, configPath } = listen;
	const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
		void answer(request, routes, listen).then((reply) => send(request, response, reply));
	});
	try {
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(port, host, resolve);
		});
	} catch (error) {
		const fix = 'Set server.listen to another host:port, or server.enabled: false';
		throw new ConfigError(configPath, [{ key: 'server.listen', what: whyNot(error, host, port), fix }]);
	}
	// a connection that breaks is not a reason to end the forwarder
	server.on('error', () => undefined);
	const address = server.address() as AddressInfo;
	return {
		url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
		close: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

async function answer(
	request: IncomingMessage,
	routes: Routes,
	{ host, hosts = [], onError }: Listen,
): Promise<ServerReply> {
	const path = (request.url ?? '/').replace(/[?#].*$/s, '');
	if (!mayAsk(path, request.headers.host, [host, ...hosts])) return plainReply(421, STRANGER);
	const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
	if (!route) return plainReply(404, `not found; there is ${Object.keys(routes).join(', ')}`);
	if (request.method !== 'GET' && request.method !== 'HEAD') return plainReply(405, 'only GET and HEAD');
	try {
		return await route();
	} catch (error) {
		onError?.(error, path);
		return plainReply(500, 'not available now; the log says why');
	}
}

export function plainReply(status: number, text: string): ServerReply {
	return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` };
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body }: ServerReply): void {
	response.writeHead(status, {
		'content-type': type,
		'content-length': Buffer.byteLength(body),
		'cache-control': 'no-store',
		'x-content-type-options': 'nosniff',
		'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
		'referrer-policy': 'no-referrer',
		...(status === 405 && { allow: 'GET, HEAD' }),
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
