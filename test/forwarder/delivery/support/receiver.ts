import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

export interface Received {
	method: string;
	path: string;
	headers: IncomingMessage['headers'];
	/** As sent. */
	bytes: Buffer;
	/** Decompressed. */
	body: Buffer;
}

export type Respond = (response: ServerResponse, request: Received, socket: Socket) => void;

/** An OTLP receiver that answers as it is told, on loopback. */
export class Receiver {
	readonly received: Received[] = [];
	/** Used for one request each, before `otherwise`. */
	readonly script: Respond[] = [];
	otherwise: Respond = status(200);
	#server?: Server;

	static async start(otherwise?: Respond): Promise<Receiver> {
		const receiver = new Receiver();
		if (otherwise) receiver.otherwise = otherwise;
		receiver.#server = createServer((request, response) => {
			const chunks: Buffer[] = [];
			request.on('error', () => undefined);
			request.on('data', (chunk: Buffer) => chunks.push(chunk));
			request.on('end', () => {
				const bytes = Buffer.concat(chunks);
				const { method = '', url = '', headers } = request;
				const received = { method, path: url, headers, bytes, body: decompressed(bytes, headers['content-encoding']) };
				receiver.received.push(received);
				(receiver.script.shift() ?? receiver.otherwise)(response, received, request.socket);
			});
		});
		await new Promise<void>((resolve) => receiver.#server!.listen(0, '127.0.0.1', resolve));
		return receiver;
	}

	get endpoint(): string {
		return `http://127.0.0.1:${(this.#server!.address() as AddressInfo).port}`;
	}

	async stop(): Promise<void> {
		this.#server!.closeAllConnections();
		await new Promise((resolve) => this.#server!.close(resolve));
	}
}

export function status(code: number, body: string | Uint8Array = '', headers: Record<string, string> = {}): Respond {
	return (response) => {
		response.writeHead(code, headers);
		response.end(body);
	};
}

/** `partial_success` in protobuf, written by hand. */
export function partialSuccess(rejected: number, message: string): Uint8Array {
	const text = Buffer.from(message);
	const inner = Buffer.concat([Buffer.from(rejected ? [0x08, rejected] : []), Buffer.from([0x12, text.length]), text]);
	return Buffer.concat([Buffer.from([0x0a, inner.length]), inner]);
}

function decompressed(bytes: Buffer, encoding: string | undefined): Buffer {
	if (encoding === 'gzip') return gunzipSync(bytes);
	if (encoding === 'zstd') return zstdDecompressSync(bytes);
	return bytes;
}
