/** Sends one request through n8n's request helper, which adds the credential, the proxy settings and the cancel signal. */
import type {
	IAllExecuteFunctions,
	ICredentialsDecrypted,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { object, text } from '../../core/record/attributes';
import type { HttpRequest, HttpResponse } from '../../core/contract';
import { RequestError } from '../../core/http/failure';
import { skimmer } from '../../core/json/skim';
import { runtime } from './runtime';

export type Requesting = Pick<IAllExecuteFunctions, 'helpers'> & IAllExecuteFunctions;

/** The vendors' own clients wait this long: for the headers, and then for the end of the body. */
const TIMEOUT_MS = 60_000;
const MiB = 1024 * 1024;
/** Of an unpacked body. */
const MOST_HELD = 32 * MiB;
/** Of a body that is only skimmed. */
const MOST_SKIMMED = 1024 * MiB;

/** With `encoding: 'stream'` n8n gives the body as Node's stream, unpacked. */
type Body = AsyncIterable<Uint8Array> & { destroy(error?: Error): void };

const NOTHING: Body = { async *[Symbol.asyncIterator]() {}, destroy: () => undefined };

class TooLarge extends Error {}

/**
 * Resolves for every status; every error is turned into our own here, because those below may hold headers with the key.
 * @param credential As n8n gave it: without it, n8n would read and decrypt it again for each request.
 */
export async function sendOnce(
	context: Requesting,
	credential: ICredentialsDecrypted,
	request: HttpRequest,
	wire: Pick<IHttpRequestOptions, 'url' | 'headers' | 'body'>,
): Promise<HttpResponse> {
	const options: IHttpRequestOptions = {
		...wire,
		method: request.method,
		json: false,
		// a redirect would carry the key to another host and make an empty GET of a POST: its status is reported as it is
		disableFollowRedirect: true,
		// bytes, because n8n would parse JSON and round large integers; piece by piece, because n8n's options know no limit
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		timeout: TIMEOUT_MS,
		abortSignal: request.signal,
	};
	const send = async (given: IHttpRequestOptions) =>
		(await context.helpers.httpRequestWithAuthentication.call(context, credential.type, given, {
			credentialsDecrypted: credential,
		})) as IN8nHttpFullResponse;
	const {
		statusCode: status,
		headers,
		body,
	} = await send(options)
		.then((answer) => (answer.statusCode === 401 && isOAuth2(credential) ? renewed(answer, options, send) : answer))
		.catch((error: unknown) => failed(request, error));
	const isError = status < 200 || status > 299;
	const bytes = await read(body as unknown as Body, request).catch((error: RequestError) => {
		// an error is told by its status and headers: a `Retry-After` must not be lost with a body that nobody can read
		if (isError && error.failure.kind !== 'aborted') return new Uint8Array();
		throw error;
	});
	return { status, headers: plainHeaders(headers), body: bytes };
}

const isOAuth2 = ({ type }: ICredentialsDecrypted) => type.endsWith('OAuth2Api');

/** n8n asks for a new token when it sees an error, and sees none where every status is told. @returns what the new token gets, if there was one */
async function renewed(
	refused: IN8nHttpFullResponse,
	options: IHttpRequestOptions,
	send: (options: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>,
): Promise<IN8nHttpFullResponse> {
	(refused.body as unknown as Body).destroy();
	return send({ ...options, ignoreHttpStatusErrors: false }).catch((error: unknown) => {
		const statusCode = Number((error as { httpCode?: unknown }).httpCode);
		// without a status it is the connection, or the place where tokens are given
		if (!(statusCode >= 400)) throw error;
		return { ...refused, statusCode, body: NOTHING as unknown as IN8nHttpFullResponse['body'] };
	});
}

/** Ends the connection when the body is too large, too slow, or no longer wanted. */
async function read(body: Body, request: HttpRequest): Promise<Uint8Array> {
	const { method, path, signal, skim = false } = request;
	const late = runtime.deadline(TIMEOUT_MS);
	const stop = () => body.destroy(new Error('stopped'));
	const stops = signal ? [signal, late] : [late];
	for (const one of stops) one.addEventListener('abort', stop, { once: true });
	if (signal?.aborted) stop();
	const limitBytes = skim ? MOST_SKIMMED : MOST_HELD;
	return collected(body, skim ? skimmer() : (piece) => [piece], limitBytes)
		.catch((error: unknown) => {
			if (error instanceof TooLarge) throw new RequestError({ method, path, kind: 'tooLarge', limitBytes });
			if (late.aborted && !signal?.aborted) throw new RequestError({ method, path, kind: 'timeout', phase: 'body' });
			return failed(request, error);
		})
		.finally(() => {
			for (const one of stops) one.removeEventListener('abort', stop);
		});
}

async function collected(body: Body, kept: (piece: Uint8Array) => Uint8Array[], limit: number): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	let held = 0;
	for await (const piece of body) {
		bytes += piece.length;
		for (const part of kept(piece)) {
			parts.push(part);
			held += part.length;
		}
		// leaving the loop ends the stream
		if (bytes > limit || held > MOST_HELD) throw new TooLarge();
	}
	return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}

/** Names in lower case, several values joined. */
function plainHeaders(headers: IDataObject | undefined): Record<string, string> {
	const lower = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
		name.toLowerCase(),
		Array.isArray(value) ? value.map(text).join(', ') : (text(value) ?? ''),
	]);
	return Object.fromEntries(lower);
}

/** Only the code of an error is taken over. */
function failed({ method, path, signal }: HttpRequest, error: unknown): never {
	const code = codeOf(error);
	if (signal?.aborted || code === 'ERR_CANCELED') throw new RequestError({ method, path, kind: 'aborted' });
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
		throw new RequestError({ method, path, kind: 'timeout', phase: 'headers' });
	}
	// the place where OAuth2 tokens are given has refused client ID and secret
	if (code === 'EAUTH') throw new RequestError({ method, path, kind: 'http', status: 401 });
	throw new RequestError({ method, path, kind: 'network', code });
}

/** Code of a broken connection, from whatever n8n wrapped around it. */
function codeOf(error: unknown, depth = 0): string {
	const { code, cause, errorResponse } = (error ?? {}) as { code?: unknown; cause?: unknown; errorResponse?: unknown };
	const own = text(code) ?? text(object(errorResponse).code);
	if (own) return own;
	return cause && depth < 4 ? codeOf(cause, depth + 1) : 'UNKNOWN';
}
