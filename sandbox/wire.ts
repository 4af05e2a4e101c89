/** Puts a reply on the wire, intact or broken. Used by the API server and by the receiver. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WireReply {
	readonly status: number;
	readonly headers: Record<string, string | string[]>;
	readonly body: Uint8Array;
}

/** Reset (RST), so that the client sees ECONNRESET and not an orderly end. */
export function reset(response: ServerResponse): void {
	response.socket?.resetAndDestroy();
}

export function send(response: ServerResponse, reply: WireReply): void {
	const framed = reply.status === 304 || reply.status === 204 ? {} : { 'content-length': String(reply.body.length) };
	response.writeHead(reply.status, { ...reply.headers, ...framed });
	response.end(reply.body);
}

export async function sendSlowly(
	response: ServerResponse,
	reply: WireReply,
	pauseMs: number,
	pieces = 4,
): Promise<void> {
	response.writeHead(reply.status, { ...reply.headers, 'content-length': String(reply.body.length) });
	response.flushHeaders();
	const size = Math.max(1, Math.ceil(reply.body.length / pieces));
	for (let at = 0; at < reply.body.length && !response.destroyed; at += size) {
		await new Promise((resolve) => setTimeout(resolve, pauseMs));
		response.write(reply.body.subarray(at, at + size));
	}
	response.end();
}

export function sendTruncated(response: ServerResponse, reply: WireReply, framing: 'content-length' | 'chunked'): void {
	const length = framing === 'content-length' ? { 'content-length': String(reply.body.length + 100) } : {};
	response.writeHead(reply.status, { ...reply.headers, ...length });
	// at least one byte is missing, and the orderly FIN makes it look complete to a careless client
	response.write(reply.body.subarray(0, Math.max(1, Math.floor(reply.body.length / 2))), () => response.socket?.end());
}

export async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}

/** Listens and gives the address; port 0 picks a free one. */
export async function listen(server: Server, host: string, port: number): Promise<{ url: string; port: number }> {
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => resolve());
	});
	const address = server.address() as AddressInfo;
	return { url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`, port: address.port };
}

export async function close(server: Server): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	server.closeAllConnections();
	await closed;
}
