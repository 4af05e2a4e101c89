/** A receiver in a process of its own that only counts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers';
import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { countRecords } from './countRecords';

export interface Expect {
	/** Log records until it says `done`. */
	records: number;
	delayMs: number;
}

export interface Received {
	requests: number;
	bytes: number;
	records: number;
	/** Milliseconds since the epoch. */
	first: number;
	last: number;
}

const unpack = { gzip: promisify(gunzip), zstd: promisify(zstdDecompress) };
const nothing = (): Received => ({ requests: 0, bytes: 0, records: 0, first: 0, last: 0 });
let expected: Expect = { records: Infinity, delayMs: 0 };
let received = nothing();

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
	const chunks: Buffer[] = [];
	request.on('data', (chunk: Buffer) => chunks.push(chunk));
	request.on('end', () => {
		const body = Buffer.concat(chunks);
		received.first ||= Date.now();
		const answer = () => {
			response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 0 });
			response.end();
		};
		if (expected.delayMs > 0) setTimeout(answer, expected.delayMs);
		else answer();
		void count(body, request.headers['content-encoding']);
	});
});

async function count(body: Buffer, encoding: string | undefined): Promise<void> {
	const into = received;
	const plain = encoding === 'gzip' || encoding === 'zstd' ? await unpack[encoding](body) : body;
	into.requests += 1;
	into.bytes += body.length;
	into.records += countRecords(plain);
	into.last = Date.now();
	if (into.records < expected.records || into !== received) return;
	process.send!({ done: { ...into } });
	expected = { ...expected, records: Infinity };
}

process.on('message', (message: { expect: Expect } | 'received') => {
	if (message === 'received') return void process.send!({ received });
	expected = message.expect;
	received = nothing();
	process.send!({ ready: true });
});
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
