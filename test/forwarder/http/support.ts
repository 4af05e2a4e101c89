/** Servers on loopback, and the transport that is tried on them. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as TcpServer, Socket } from 'node:net';
import { inspect } from 'node:util';
import { httpTransport, type TransportOptions } from '../../../forwarder/http/httpTransport';
import { RequestError, type Failure } from '../../../core/http/failure';
import type { HttpRequest } from '../../../core/contract';

export const CANARY = 'canary-secret-1';
const servers: (Server | TcpServer)[] = [];
const sockets: Socket[] = [];

export async function listen<S extends Server | TcpServer>(server: S): Promise<number> {
	servers.push(server);
	server.on('connection', (socket: Socket) => sockets.push(socket));
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port;
}

export async function transportTo(handle: RequestListener, options: Partial<TransportOptions> = {}) {
	const port = await listen(createServer(handle));
	return transport({ baseUrl: `http://127.0.0.1:${port}`, ...options });
}

export function transport(options: Partial<TransportOptions> & { baseUrl: string }) {
	return httpTransport({ headers: async () => ({ authorization: `Bearer ${CANARY}` }), proxyEnv: {}, ...options });
}

export const GET: HttpRequest = { method: 'GET', path: '/events' };

/** The failure of a request, after a look that its error holds no key. */
export async function failure(response: Promise<unknown>): Promise<Failure> {
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
