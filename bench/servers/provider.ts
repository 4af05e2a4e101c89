/** A provider in a process of its own that costs little: a page is put together from ready texts. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers';
import type { ProviderName } from '../../providers/registry';
import { shape, type Shape } from './shapes';

/** What it is told before each run. */
export interface Serve {
	shape: ProviderName;
	events: number;
	delayMs: number;
}

export interface Served {
	requests: number;
	bytes: number;
}

let current: Shape | undefined;
let delayMs = 0;
let served: Served = { requests: 0, bytes: 0 };
let pages = new Map<number, Buffer>();
/** The last pages of a run are made while it lasts; those of a small one are all kept. */
const KEPT_PAGES = 3000;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
	if (served.requests++ === 0) process.send!({ first: Date.now() });
	const { searchParams } = new URL(request.url ?? '/', 'http://provider');
	const index = current!.wanted(searchParams);
	const body = index === undefined ? NOTHING : (pages.get(index) ?? current!.page(index));
	served.bytes += body.length;
	const answer = () => {
		response.writeHead(200, {
			'content-type': 'application/json',
			'content-length': body.length,
			...(index !== undefined && current!.after(index)),
		});
		response.end(body);
	};
	if (delayMs > 0) setTimeout(answer, delayMs);
	else answer();
});

const NOTHING = Buffer.from('{"object":"list","has_more":false,"data":[],"events":[]}');

process.on('message', (message: { serve: Serve } | 'served') => {
	if (message === 'served') return void process.send!({ served });
	const { serve } = message;
	current = shape(serve.shape, serve.events);
	delayMs = serve.delayMs;
	served = { requests: 0, bytes: 0 };
	pages = new Map();
	for (let at = 0; at < serve.events && pages.size < KEPT_PAGES; at += 100) pages.set(at, current.page(at));
	process.send!({ ready: true });
});
server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
