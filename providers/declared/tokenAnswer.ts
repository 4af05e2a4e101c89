/** What the answer to a request for a token means. */
import { object, text } from '../../core/record/attributes';
import type { HttpResponse } from '../../core/contract';
import type { Secrets, TokenDoor } from '../../core/provider';
import { RequestError } from '../../core/http/failure';
import { bodyText, readingJson } from '../../core/http/readJson';
import { retryAfterMs } from '../../core/http/retryAfter';

/** Milliseconds, where the answer says nothing. */
const LIFE = 300_000;

/** Throws `RequestError`; a refusal of the client counts as one of its key. What it says never holds a secret. */
export async function tokenIn(
	response: HttpResponse,
	url: string,
	secrets: Secrets,
	door: TokenDoor,
): Promise<{ token: string; lifeMs: number }> {
	const request = { method: 'POST', path: pathOf(url) } as const;
	const told = withoutSecrets(response, secrets);
	if (response.status === 400 || response.status === 401 || response.status === 403) {
		const { error, error_description: description } = object(jsonOf(told));
		const retry = retryAfterMs(told.headers, door.clock.now());
		throw new RequestError({
			...request,
			...{ kind: 'http', status: 401, code: text(error)?.slice(0, 100), message: text(description)?.slice(0, 300) },
			...(retry !== undefined && { retryAfterMs: retry }),
		});
	}
	// only a good answer is not quoted
	const isGood = response.status >= 200 && response.status < 300;
	const { json, status } = await readingJson(async () => (isGood ? response : told), door.clock)(request);
	const { access_token: token, expires_in: seconds } = object(json);
	if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token))
		throw new RequestError({ ...request, kind: 'malformed', status, detail: 'the answer has no token' });
	const life = Number(text(seconds) ?? NaN);
	return { token, lifeMs: life > 0 ? life * 1000 : LIFE };
}

function pathOf(url: string): string {
	return url.replace(/^https?:\/\/[^/]*/, '').replace(/[?#].*$/, '') || '/';
}

function jsonOf({ body }: HttpResponse): unknown {
	try {
		return JSON.parse(bodyText(body));
	} catch {
		return undefined;
	}
}

function withoutSecrets(response: HttpResponse, secrets: Secrets): HttpResponse {
	const hidden = Object.values(secrets).filter((secret) => secret.length > 3);
	const body = hidden.reduce((words, secret) => words.replaceAll(secret, '[hidden]'), bodyText(response.body));
	return { ...response, body: new TextEncoder().encode(body) };
}
