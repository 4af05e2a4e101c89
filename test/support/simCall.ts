/** Connects a provider client to a simulated API without HTTP: through the provider's own filters, in simulated time. */
import type { Call, Clock, HttpRequest, Transport } from '../../core/contract';
import { readingJson } from '../../core/http/readJson';
import { joined, type SimulatedApi } from '../../sandbox/api';

export function urlOf({ path, query = {} }: HttpRequest): string {
	const pairs = Object.entries(query).flatMap(([name, value]) =>
		(value === undefined ? [] : Array.isArray(value) ? value : [value]).map((one): [string, string] => [
			name,
			one as string,
		]),
	);
	return pairs.length ? `${path}?${new URLSearchParams(pairs).toString()}` : path;
}

export function simTransport(api: SimulatedApi, headers: Record<string, string>, basePath = ''): Transport {
	return async (request) => {
		const url = basePath + urlOf(request);
		const answer = api.handle({ method: request.method, url, headers, body: request.body ?? '' });
		return { ...answer, headers: joined(answer.headers), body: Buffer.from(answer.body) };
	};
}

export function simCall(api: SimulatedApi, clock: Clock, headers: Record<string, string>, basePath = ''): Call {
	return readingJson(simTransport(api, headers, basePath), clock);
}
