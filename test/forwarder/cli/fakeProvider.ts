/** A small Arpio and a small OTLP receiver on loopback, and a configuration that names both. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { scratchFolder } from '../../support/scratch';

export const KEY = 'keyid:canary-secret-1';

export interface Fake {
	url: string;
	requests: IncomingMessage[];
	close(): Promise<void>;
}

export async function listen(handle: RequestListener): Promise<Fake> {
	const requests: IncomingMessage[] = [];
	const server: Server = createServer((request, response) => {
		requests.push(request);
		handle(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		close: () => {
			server.closeAllConnections();
			return new Promise((resolve) => server.close(() => resolve()));
		},
	};
}

export function arpioEvent(id: string, minutesAgo: number, extra: object = {}): object {
	return {
		eventId: id,
		timestamp: new Date(Date.now() - minutesAgo * 60_000).toISOString(),
		accountId: 'acc',
		type: 'updateApplication',
		access: 'write',
		result: 'success',
		principal: { type: 'user', identity: { subjectId: 'subject-1' } },
		...extra,
	};
}

/** Answers with these events when the key is right. */
export function arpio(events: readonly object[], headers: Record<string, string> = {}): RequestListener {
	return (request, response) => {
		const ok = request.headers['x-api-key'] === KEY;
		response.writeHead(ok ? 200 : 401, { 'content-type': 'application/json', ...headers });
		response.end(JSON.stringify(ok ? { events } : { message: `Unauthorized ${String(request.headers['x-api-key'])}` }));
	};
}

export const receiver: RequestListener = (request, response) => {
	request.resume().on('end', () => {
		response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
	});
};

export async function configFor(provider: string, destination: string, more = ''): Promise<string> {
	const path = join(scratchFolder(), 'relay.yaml');
	await writeFile(
		path,
		[
			'destinations:',
			`  - { name: siem, endpoint: "${destination}" }`,
			'sources:',
			'  - name: dr',
			'    provider: arpio',
			`    baseUrl: ${provider}`,
			'    accountId: acc',
			'    apiKey: "${env:KEY}"',
			'    rateLimit: { requestsPerMinute: 6000 }',
			more,
		].join('\n'),
	);
	return path;
}
