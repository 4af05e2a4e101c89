/** Sends one request to a provider, once. Every error is turned into our own here: those below may hold addresses and headers. */
import http, { type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { createGunzip, gunzip } from 'node:zlib';
import type { HttpResponse, Transport } from '../../core/contract';
import { RequestError, type Failure } from '../../core/http/failure';
import { ARRAY, beginOf, OBJECT } from '../../core/json/scan';
import { skimmer } from '../../core/json/skim';
import { queryText } from '../../core/http/queryText';
import { after } from '../waits';
import { sharedAgent } from './agent';
import { atOnce } from './atOnce';
import { certificatesOf, type CertificateSettings } from './certificates';
import { errorCode } from './noAnswer';
import { withoutKeys } from './withoutKeys';

export interface TransportOptions extends CertificateSettings {
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
	/** Of the decompressed body, as far as it is held. Default 33 554 432 (32 MiB). */
	maxBodyBytes?: number;
	/** Of a body that is only skimmed. Default 1 073 741 824 (1 GiB). */
	maxSkimmedBytes?: number;
	userAgent?: string;
	/** Where `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are looked up. Default: the process. */
	proxyEnv?: Readonly<Record<string, string | undefined>>;
}

const MiB = 1024 * 1024;
/** Of a skimmed body. */
const MOST_HELD = 32 * MiB;

type Reason = { kind: 'timeout'; phase: 'connect' | 'headers' | 'body' } | { kind: 'aborted' };

export function httpTransport(options: TransportOptions): Transport {
	const { baseUrl, connectTimeoutMs = 10_000, headersTimeoutMs = 30_000, bodyTimeoutMs = 60_000 } = options;
	const { maxBodyBytes = 32 * MiB, maxSkimmedBytes = 1024 * MiB, userAgent = 'audit-relay' } = options;
	const base = new URL(baseUrl);
	const agent = sharedAgent(base, options.proxyEnv);
	const certificates = certificatesOf(options, agent);
	const places = atOnce(base);
	const { request: open } = base.protocol === 'https:' ? https : http;

	return async (request) => {
		const { method, path } = request;
		const fail = (failure: DistributiveOmit<Failure, 'method' | 'path'>) =>
			new RequestError({ method, path, ...failure } as Failure);
		const credentials = await options.headers().catch((error: unknown) => {
			// what was asked for a token
			if (error instanceof RequestError) throw error;
			// no request was sent; the stream must treat it as it treats a refused key: stop, tell, read the key again
			throw fail({ kind: 'http', status: 401, code: 'credentials_unreadable', message: messageOf(error) });
		});
		// after the credentials: what they are asked for with may take a place at the same server
		if (!(await places.enter(request.signal))) throw fail({ kind: 'aborted' });

		let sent: ClientRequest | undefined;
		let giveUp: ((error: Error) => void) | undefined;
		let reason: Reason | undefined;
		const stop = (why: Reason) => {
			reason ??= why;
			const error = new Error('stopped');
			sent?.destroy(error);
			// a request without a socket (a proxy that does not answer) or with one that was given away (101) tells nobody
			giveUp?.(error);
		};
		let cancel: (() => void) | undefined;
		const phase = (name: 'connect' | 'headers' | 'body', ms: number) => {
			cancel?.();
			cancel = after(ms, () => stop({ kind: 'timeout', phase: name }));
		};
		const onAbort = () => stop({ kind: 'aborted' });
		request.signal?.addEventListener('abort', onAbort, { once: true });
		let response: IncomingMessage | undefined;
		try {
			if (request.signal?.aborted) throw fail({ kind: 'aborted' });
			phase('connect', connectTimeoutMs);
			const headers = {
				accept: 'application/json',
				'accept-encoding': 'gzip',
				'user-agent': userAgent,
				...(request.body !== undefined && { 'content-type': 'application/json' }),
				...request.headers,
				...credentials,
			};
			const pem = await certificates();
			response = await new Promise<IncomingMessage>((resolve, reject) => {
				giveUp = reject;
				// a redirect is not followed, because it must not carry the key to another host: its status is reported as it is
				sent = open(`${baseUrl}${path}${queryText(request.query)}`, { method, agent, headers, ...pem });
				// `finish` comes when the connection has taken the whole request: lookup, proxy tunnel and TLS are done by then
				sent.once('finish', () => phase('headers', headersTimeoutMs));
				sent.on('response', resolve).on('error', reject).end(request.body);
			});
			phase('body', bodyTimeoutMs);
			const status = response.statusCode!;
			const isError = status < 200 || status > 299;
			const limitBytes = request.skim ? maxSkimmedBytes : maxBodyBytes;
			const body = await (request.skim ? skimBody : readBody)(response, limitBytes).catch((error: unknown) => {
				// an error is told by its status and headers: a `Retry-After` must not be lost with a body that nobody can read
				if (isError && reason?.kind !== 'aborted') return Buffer.of();
				throw error instanceof TooLarge ? fail({ kind: 'tooLarge', limitBytes }) : error;
			});
			const answer = { status, headers: plainHeaders(response.headers), body };
			// answers with events must stay as received, byte for byte; what gets quoted are error texts, pages and their headers
			return isSuccess(answer) ? answer : toldWithoutKeys(answer, credentials);
		} catch (error) {
			if (reason) throw fail(reason);
			if (error instanceof RequestError) throw error;
			throw fail({ kind: 'network', code: errorCode(error) ?? 'UNKNOWN' });
		} finally {
			cancel?.();
			request.signal?.removeEventListener('abort', onAbort);
			response?.destroy();
			places.leave();
		}
	};
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

const unzip = promisify(gunzip);

class TooLarge extends Error {}

/**
 * Unpacked. Nothing is nothing, whatever encoding its label names. Rejects when the body ends before its announced end, for an
 * encoding that we did not ask for, and with `TooLarge`.
 */
async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of response as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes > limit) throw new TooLarge();
		chunks.push(chunk);
	}
	const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
	if (bytes === 0 || !isPacked(response)) return body;
	return unzip(body, { maxOutputLength: limit }).catch((error: unknown) => {
		throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? new TooLarge() : error;
	});
}

/** By the first character that is not a space: some servers send spaces while they think. */
function isSuccess({ status, body }: { status: number; body: Buffer }): boolean {
	const first = body[beginOf(body)];
	return status >= 200 && status < 300 && (first === OBJECT || first === ARRAY);
}

function toldWithoutKeys({ status, headers, body }: HttpResponse, keys: Record<string, string>): HttpResponse {
	const told = Object.entries(headers).map(([name, value]) => [name, withoutKeys(value, keys)]);
	const text = new TextDecoder().decode(body);
	return {
		status,
		headers: Object.fromEntries(told) as Record<string, string>,
		body: Buffer.from(withoutKeys(text, keys)),
	};
}

/** As `readBody`, without what is too long: what is held then is small, unless the text around the elements is not. */
async function skimBody(response: IncomingMessage, limit: number): Promise<Buffer> {
	// the error is seen by whoever reads the result
	const stream = isPacked(response) ? pipeline(response, createGunzip(), () => undefined) : response;
	const skim = skimmer();
	const kept: Uint8Array[] = [];
	let bytes = 0;
	let held = 0;
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		for (const part of skim(chunk)) {
			kept.push(part);
			held += part.length;
		}
		if (bytes > limit || held > MOST_HELD) throw new TooLarge();
	}
	return Buffer.concat(kept);
}

/** Rejects an encoding that we did not ask for. */
function isPacked({ headers }: IncomingMessage): boolean {
	const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
	if (encoding === 'identity') return false;
	if (encoding === 'gzip' || encoding === 'x-gzip') return true;
	throw Object.assign(new Error('unknown content encoding'), { code: 'UNKNOWN_CONTENT_ENCODING' });
}

/** Node has their names in lower case. */
function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message.slice(0, 500) : 'the key cannot be read';
}
