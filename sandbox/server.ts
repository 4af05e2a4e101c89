/** Thin HTTP server around simulated APIs; breaks replies as a plan says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { SimReply, SimRequest, SimulatedApi } from './api';
import { htmlPage, retryAfterText, type Fault, type FaultPlan } from './faults';
import { close, listen, readBody, reset, send, sendSlowly, sendTruncated, type WireReply } from './wire';

export interface ServeOptions {
	readonly faults?: FaultPlan;
	readonly host?: string;
	readonly port?: number;
}

export interface SimServer {
	/** Without a trailing slash. */
	readonly url: string;
	readonly port: number;
	/** Every request so far, oldest first. */
	readonly requests: readonly SimRequest[];
	/** Exchanges the plan; undefined stops all faults. Request numbers go on. */
	setFaults(plan: FaultPlan | undefined): void;
	close(): Promise<void>;
}

/** One API, or several by path prefix (`{'/one': api}`; the prefix is cut off). */
export async function serve(
	apis: SimulatedApi | Readonly<Record<string, SimulatedApi>>,
	options: ServeOptions = {},
): Promise<SimServer> {
	let plan = options.faults;
	const requests: SimRequest[] = [];
	const handle = router(apis);

	async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = (await readBody(message)).toString('utf8');
		const request: SimRequest = {
			method: message.method ?? 'GET',
			url: message.url ?? '/',
			headers: message.headers,
			body,
		};
		requests.push(request);
		await deliver(response, plan?.(requests.length, request), () => wire(handle(request)));
	}

	const server = createServer((message, response) => {
		// a client that went away is not a reason to fall over
		answer(message, response).catch(() => response.destroy());
	});
	const { url, port } = await listen(server, options.host ?? '127.0.0.1', options.port ?? 0);
	return {
		url,
		port,
		requests,
		setFaults: (next) => {
			plan = next;
		},
		close: () => close(server),
	};
}

async function deliver(response: ServerResponse, fault: Fault | undefined, handled: () => WireReply): Promise<void> {
	switch (fault?.kind) {
		case undefined:
			return send(response, handled());
		case 'slow':
			return sendSlowly(response, handled(), fault.pauseMs, fault.pieces);
		case 'truncated':
			return sendTruncated(response, handled(), fault.framing);
		case 'reset':
			if (fault.when === 'after') handled();
			return reset(response);
		case 'html':
			return send(response, text(fault.status, htmlPage, { 'content-type': 'text/html; charset=utf-8' }));
		case 'throttled': {
			const headers: Record<string, string> = fault.retryAfter
				? { 'retry-after': retryAfterText(fault.retryAfter) }
				: {};
			return send(
				response,
				text(429, '{"message":"Too many requests"}', { 'content-type': 'application/json', ...headers }),
			);
		}
		case 'status':
			return send(response, text(fault.status, fault.body ?? '', fault.headers));
		case 'oversize': {
			const reply = handled();
			const padding = Buffer.alloc(Math.max(0, fault.bytes - reply.body.length), ' ');
			return send(response, { ...reply, body: Buffer.concat([reply.body, padding]) });
		}
		case 'silent':
			return undefined;
	}
}

function router(apis: SimulatedApi | Readonly<Record<string, SimulatedApi>>): (request: SimRequest) => SimReply {
	if (isApi(apis)) return (request) => apis.handle(request);
	return (request) => {
		const found = Object.entries(apis).find(
			([prefix]) => request.url === prefix || request.url.startsWith(`${prefix}/`),
		);
		if (!found) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'no such API' };
		return found[1].handle({ ...request, url: request.url.slice(found[0].length) || '/' });
	};
}

function isApi(apis: SimulatedApi | Readonly<Record<string, SimulatedApi>>): apis is SimulatedApi {
	return typeof apis.handle === 'function';
}

function wire(reply: SimReply): WireReply {
	return { ...reply, body: Buffer.from(reply.body) };
}

function text(status: number, body: string, headers: Record<string, string> = {}): WireReply {
	return { status, headers, body: Buffer.from(body) };
}
