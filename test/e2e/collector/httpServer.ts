/** The smallest HTTP server that a test needs in the place of a vendor. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Request {
	path: string;
	headers: Record<string, string | string[] | undefined>;
	/** Decompressed. */
	body: Buffer;
}
export interface Reply {
	status: number;
	headers?: Record<string, string>;
	body?: string;
}
export interface HttpServer {
	url: string;
	close(): Promise<void>;
}

export async function startServer(answer: (request: Request) => Reply): Promise<HttpServer> {
	const server = createServer((message, response) => {
		const chunks: Buffer[] = [];
		message.on('data', (chunk: Buffer) => chunks.push(chunk));
		message.on('end', () => {
			const sent = Buffer.concat(chunks);
			const body = message.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
			const reply = answer({ path: message.url!, headers: message.headers, body });
			response.writeHead(reply.status, reply.headers).end(reply.body);
		});
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: () =>
			new Promise((done) => {
				server.close(() => done());
				server.closeAllConnections();
			}),
	};
}
