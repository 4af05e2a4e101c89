/** What lies between the walk and the simulated API: requests as they are sent, and answers as a transport hands them on. */
import type { HttpRequest, HttpResponse } from '../../core/contract';
import { RequestError } from '../../core/http/failure';
import { skimmer } from '../../core/json/skim';
import { joined, type SimReply } from '../../sandbox/api';

export function urlOf({ path, query = {} }: HttpRequest): string {
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		(value === undefined ? [] : [value].flat()).map((one): [string, string] => [name, one]),
	);
	return pairs.length ? `${path}?${new URLSearchParams(pairs).toString()}` : path;
}

export function received({ status, headers, body }: SimReply): HttpResponse {
	return { status, headers: joined(headers), body: Buffer.from(body) };
}

/** Where no more than so many bytes can be held. Throws `RequestError`. */
export function held(request: HttpRequest, response: HttpResponse, limitBytes: number): HttpResponse {
	if (request.skim) return { ...response, body: Buffer.concat(skimmer()(response.body)) };
	if (response.body.length <= limitBytes) return response;
	throw new RequestError({ ...named(request), kind: 'tooLarge', limitBytes });
}

export function lostAnswer(request: Pick<HttpRequest, 'method' | 'path'>): RequestError {
	return new RequestError({ ...named(request), kind: 'network', code: 'ECONNRESET' });
}

const named = ({ method, path }: Pick<HttpRequest, 'method' | 'path'>) => ({ method, path });
