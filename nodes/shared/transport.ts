/** The core's transport on top of n8n's request helper, which adds the credential, the proxy settings and the cancel signal. */
import type {
	IAllExecuteFunctions,
	ICredentialsDecrypted,
	IDataObject,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';
import { object, text } from '../../providers/attributes';
import type { HttpRequest, HttpResponse, Transport } from '../../providers/contract';
import { RequestError } from '../../providers/failure';
import { skimmer } from '../../providers/json/skim';
import { queryText } from '../../providers/http/queryText';

/** The vendors' own clients wait this long. */
const TIMEOUT_MS = 60_000;

export type Requesting = Pick<IAllExecuteFunctions, 'helpers'> & IAllExecuteFunctions;

/**
 * The body is asked for as bytes: n8n would parse JSON, and integers beyond 2^53 would be wrong from then on. As text, it would
 * stay with what n8n remembers of the request until V8 collects old garbage: hundreds of pages of a long list.
 * @param credential As n8n gave it: without it, n8n would read and decrypt it again for each request.
 * @param baseUrl Without a slash at the end.
 */
export function n8nTransport(context: Requesting, credential: ICredentialsDecrypted, baseUrl: string): Transport {
	return async (request) => {
		const options: IHttpRequestOptions = {
			method: request.method,
			url: baseUrl + request.path + queryText(request.query),
			headers: {
				accept: 'application/json',
				...(request.body !== undefined && { 'content-type': 'application/json' }),
			},
			body: request.body,
			json: false,
			encoding: 'arraybuffer',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			timeout: TIMEOUT_MS,
			abortSignal: request.signal,
		};
		let answer: IN8nHttpFullResponse;
		try {
			answer = (await context.helpers.httpRequestWithAuthentication.call(context, credential.type, options, {
				credentialsDecrypted: credential,
			})) as IN8nHttpFullResponse;
		} catch (error) {
			return refusedIn(error, request.signal) ?? failed(request, error);
		}
		return response(answer, request.skim);
	};
}

function response({ statusCode, headers, body }: IN8nHttpFullResponse, skim = false): HttpResponse {
	const bytes = bytesOf(body);
	return {
		status: statusCode,
		headers: headersOf(headers),
		body: skim ? Buffer.concat(skimmer()(bytes)) : bytes,
	};
}

function bytesOf(body: unknown): Uint8Array {
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? ''));
}

/** Names in lower case, several values joined. */
export function headersOf(headers: IDataObject | undefined): Record<string, string> {
	const lower = Object.entries(headers ?? {}).map(([name, value]): [string, string] => [
		name.toLowerCase(),
		Array.isArray(value) ? value.map(text).join(', ') : (text(value) ?? ''),
	]);
	return Object.fromEntries(lower);
}

/**
 * An error status whose body nobody could unpack: n8n's client throws then, but what was answered is in its error, and a
 * `Retry-After` must not be lost. A success without a body stays a failure.
 */
export function refusedIn(error: unknown, signal?: AbortSignal, depth = 0): HttpResponse | undefined {
	if (signal?.aborted) return undefined;
	const { response: answered, cause } = (error ?? {}) as { response?: unknown; cause?: unknown };
	const { status, headers } = object(answered);
	if (typeof status === 'number' && (status < 200 || status > 299)) {
		return { status, headers: headersOf(headers as IDataObject | undefined), body: new Uint8Array() };
	}
	return cause && depth < 4 ? refusedIn(cause, signal, depth + 1) : undefined;
}

/** n8n throws its own error around the client's. Only the code is taken over: the rest may hold headers with the key. */
function failed({ method, path, signal }: HttpRequest, error: unknown): never {
	const code = codeOf(error);
	if (signal?.aborted || code === 'ERR_CANCELED') throw new RequestError({ method, path, kind: 'aborted' });
	if (code === 'ECONNABORTED' || code === 'ETIMEDOUT') {
		throw new RequestError({ method, path, kind: 'timeout', phase: 'headers' });
	}
	throw new RequestError({ method, path, kind: 'network', code });
}

/** Code of a broken connection, from whatever n8n wrapped around it. */
export function codeOf(error: unknown, depth = 0): string {
	const { code, cause, errorResponse } = (error ?? {}) as { code?: unknown; cause?: unknown; errorResponse?: unknown };
	const own = text(code) ?? text(object(errorResponse).code);
	if (own) return own;
	return cause && depth < 4 ? codeOf(cause, depth + 1) : 'UNKNOWN';
}
