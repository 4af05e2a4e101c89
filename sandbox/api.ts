/** What every simulated API has in common: a pure function from a request to a reply, over an injected clock. */

/** Milliseconds since 1970. Tests turn it by hand. */
export interface Clock {
	now(): number;
}

export interface SimRequest {
	readonly method: string;
	/** Path and query, e.g. `/v1/events?limit=100`. */
	readonly url: string;
	readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
	readonly body?: string;
}

export interface SimReply {
	readonly status: number;
	/** Lower-case names. Several values are sent as several headers. */
	readonly headers: Record<string, string | string[]>;
	readonly body: string;
}

export interface SimulatedApi {
	handle(request: SimRequest): SimReply;
}

export interface Call {
	readonly method: string;
	readonly path: string;
	/** Path segments, percent-decoded. */
	readonly segments: readonly string[];
	readonly query: URLSearchParams;
	readonly body: string;
	header(name: string): string | undefined;
}

export const systemClock: Clock = { now: () => Date.now() };

export function parseCall(request: SimRequest): Call {
	const [path = '/', search = ''] = splitOnce(request.url, '?');
	const headers = new Map<string, string>();
	for (const [name, value] of Object.entries(request.headers ?? {})) {
		if (value !== undefined) headers.set(name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value);
	}
	return {
		method: request.method.toUpperCase(),
		path,
		segments: path.split('/').filter(Boolean).map(decode),
		query: new URLSearchParams(search),
		body: request.body ?? '',
		header: (name) => headers.get(name.toLowerCase()),
	};
}

export function jsonText(status: number, body: string, headers: Record<string, string> = {}): SimReply {
	return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): SimReply {
	return jsonText(status, JSON.stringify(body), headers);
}

/** Every reply carries the provider's own idea of the time. */
export function dated(reply: SimReply, clock: Clock, skewMs: number): SimReply {
	return { ...reply, headers: { date: new Date(clock.now() + skewMs).toUTCString(), ...reply.headers } };
}

/** As clients see headers that came more than once. */
export function joined(headers: SimReply['headers']): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat().join(', ')]));
}

export function splitOnce(text: string, separator: string): [string, string | undefined] {
	const at = text.indexOf(separator);
	return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

function decode(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
