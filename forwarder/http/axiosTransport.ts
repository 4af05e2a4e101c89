/**
 * Sends one request with axios. Every error is turned into our own here: axios' errors hold the request with its headers, and
 * so the key.
 */
import axios, { type AxiosResponse } from 'axios';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { HttpRequest, Transport } from '../../providers/contract';
import { RequestError, type Failure } from '../../providers/failure';
import type { Tls } from '../config/types';
import { createAgent } from './agent';
import { watchConnect } from './watchConnect';
import { withoutKeys } from './withoutKeys';

export interface TransportOptions {
	/** Without a slash at the end. */
	baseUrl: string;
	/** Read for every request, so that rotated keys are used at once. */
	headers: () => Promise<Record<string, string>>;
	/** Until the request is on the wire: name lookup, proxy, TLS. Default 10 000. */
	connectTimeoutMs?: number;
	/** From there until the answer's headers. Default 30 000. */
	headersTimeoutMs?: number;
	/** From there until the end of the body. Default 60 000. */
	bodyTimeoutMs?: number;
	/** Of the decompressed body. Default 33 554 432 (32 MiB). */
	maxBodyBytes?: number;
	userAgent?: string;
	/** Private authority and client certificate of the provider's endpoint. */
	tls?: Tls;
	/** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked up. Default: the process. */
	proxyEnv?: Readonly<Record<string, string | undefined>>;
}

type Reason = { kind: 'timeout'; phase: 'connect' | 'headers' | 'body' } | { kind: 'aborted' };

export function axiosTransport(options: TransportOptions): Transport {
	const { baseUrl, connectTimeoutMs = 10_000, headersTimeoutMs = 30_000, bodyTimeoutMs = 60_000 } = options;
	const { maxBodyBytes = 32 * 1024 * 1024, userAgent = 'audit-relay' } = options;
	// axios leaves proxies to an agent with `proxyEnv`
	const agent = createAgent(new URL(baseUrl), { proxyEnv: options.proxyEnv, tls: options.tls });

	return async (request) => {
		const { method, path } = request;
		const fail = (failure: DistributiveOmit<Failure, 'method' | 'path'>) =>
			new RequestError({ method, path, ...failure } as Failure);
		if (request.signal?.aborted) throw fail({ kind: 'aborted' });
		const credentials = await options.headers().catch((error: unknown) => {
			// no request was sent; the stream must treat it as it treats a refused key: stop, tell, read the key again
			throw fail({ kind: 'http', status: 401, code: 'credentials_unreadable', message: messageOf(error) });
		});

		const controller = new AbortController();
		let reason: Reason | undefined;
		const stop = (why: Reason) => {
			reason ??= why;
			controller.abort();
		};
		let timer: NodeJS.Timeout | undefined;
		const phase = (name: 'connect' | 'headers' | 'body', ms: number) => {
			clearTimeout(timer);
			timer = setTimeout(stop, ms, { kind: 'timeout', phase: name });
		};
		const onAbort = () => stop({ kind: 'aborted' });
		request.signal?.addEventListener('abort', onAbort, { once: true });
		let stream: Readable | undefined;
		try {
			phase('connect', connectTimeoutMs);
			const response: AxiosResponse<Readable> = await axios.request({
				url: `${baseUrl}${path}${queryText(request.query)}`,
				method,
				headers: {
					accept: 'application/json',
					'accept-encoding': 'gzip',
					'user-agent': userAgent,
					...(request.body !== undefined && { 'content-type': 'application/json' }),
					...credentials,
				},
				data: request.body,
				responseType: 'stream',
				// axios takes a gzip body that ends early for a complete one
				decompress: false,
				transformRequest: (data: unknown) => data,
				validateStatus: () => true,
				// a redirect must not carry the key to another host: its status is reported as it is
				maxRedirects: 0,
				maxBodyLength: Infinity,
				transport: watchConnect(() => phase('headers', headersTimeoutMs)),
				signal: controller.signal,
				httpAgent: agent,
				httpsAgent: agent,
			});
			stream = decoded(response);
			phase('body', bodyTimeoutMs);
			const body = await readBody(stream, maxBodyBytes, controller.signal);
			if (body === undefined) throw fail({ kind: 'tooLarge', limitBytes: maxBodyBytes });
			const { status } = response;
			return { status, headers: plainHeaders(response.headers), body: withoutKeys(status, body, credentials) };
		} catch (error) {
			if (reason) throw fail(reason);
			if (error instanceof RequestError) throw error;
			throw fail({ kind: 'network', code: codeOf(error) });
		} finally {
			clearTimeout(timer);
			request.signal?.removeEventListener('abort', onAbort);
			stream?.destroy();
		}
	};
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

function queryText(query: HttpRequest['query'] = {}): string {
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		[value ?? []].flat().map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
	);
	return pairs.length ? `?${pairs.join('&')}` : '';
}

/** Fails for an encoding that we did not ask for, and for a body that ends early. */
function decoded({ data, headers }: AxiosResponse<Readable>): Readable {
	const encoding = String(headers['content-encoding'] ?? 'identity').toLowerCase();
	if (encoding === 'identity') return data;
	if (encoding !== 'gzip' && encoding !== 'x-gzip') {
		data.destroy();
		throw Object.assign(new Error('unknown content encoding'), { code: 'UNKNOWN_CONTENT_ENCODING' });
	}
	// the error is seen by whoever reads the result
	return pipeline(data, createGunzip(), () => undefined);
}

/** Undefined when the body is larger than the limit. Rejects when it ends before its announced end. */
async function readBody(stream: Readable, limit: number, signal: AbortSignal): Promise<Buffer | undefined> {
	const destroy = () => stream.destroy(new Error('stopped'));
	signal.addEventListener('abort', destroy, { once: true });
	try {
		const chunks: Buffer[] = [];
		let bytes = 0;
		for await (const chunk of stream as AsyncIterable<Buffer>) {
			bytes += chunk.length;
			if (bytes > limit) return undefined;
			chunks.push(chunk);
		}
		return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
	} finally {
		signal.removeEventListener('abort', destroy);
	}
}

function plainHeaders(headers: AxiosResponse['headers']): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}

/** Only codes: messages may hold addresses with credentials of a proxy. */
function codeOf(error: unknown): string {
	const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
	for (const candidate of [cause?.code, code]) {
		if (typeof candidate === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(candidate)) return candidate;
	}
	return 'UNKNOWN';
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message.slice(0, 500) : 'the key cannot be read';
}
