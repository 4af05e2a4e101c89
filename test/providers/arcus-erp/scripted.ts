/** A `Call` that gives prepared answers and keeps what it was asked. */
import type { Call, HttpRequest, JsonReply } from '../../../core/contract';
import { RequestError, type HttpFailure } from '../../../core/http/failure';
import { answerOf } from '../../support/answer';

type Refusal = { refuse: number } & Partial<Omit<HttpFailure, 'kind' | 'status'>>;
type Answer = Refusal | { text: string; headers?: Record<string, string> } | { json: unknown };

export const DATE = 'Wed, 11 Feb 2026 09:31:00 GMT';

export function scripted(...answers: (Answer | ((request: HttpRequest) => Answer))[]) {
	const requests: HttpRequest[] = [];
	const call: Call = async (request) => {
		requests.push(request);
		const next = answers[requests.length - 1];
		if (next === undefined) throw new Error(`unexpected request ${requests.length}: ${JSON.stringify(request)}`);
		return reply(request, typeof next === 'function' ? next(request) : next);
	};
	return {
		call,
		requests,
		/** Query of every request, without what was not given. */
		queries: () => requests.map(({ query }) => JSON.parse(JSON.stringify(query ?? {})) as Record<string, unknown>),
	};
}

/** A `Call` over a function from request to answer, for as many requests as it takes. */
export function answering(answer: (request: HttpRequest) => Answer) {
	const requests: HttpRequest[] = [];
	const call: Call = async (request) => {
		requests.push(request);
		return reply(request, answer(request));
	};
	return { call, requests };
}

function reply(request: HttpRequest, answer: Answer): JsonReply {
	if ('refuse' in answer) {
		const { refuse, ...words } = answer;
		const { method, path } = request;
		throw new RequestError({ kind: 'http', status: refuse, method, path, ...words });
	}
	const text = 'text' in answer ? answer.text : JSON.stringify(answer.json);
	const headers = 'headers' in answer && answer.headers ? answer.headers : { date: DATE };
	return { status: 200, headers, ...answerOf(text) };
}

/** A list answer; elements are given as objects or as text. */
export function listOf(elements: readonly unknown[], rest: Record<string, unknown> = {}): { text: string } {
	const data = elements.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(',');
	const tail = Object.entries(rest).map(([key, value]) => `,${JSON.stringify(key)}:${JSON.stringify(value)}`);
	return { text: `{"object":"list","data":[${data}]${tail.join('')}}` };
}

export async function thrown(promise: Promise<unknown>): Promise<unknown> {
	return promise.then(
		() => undefined,
		(error: unknown) => error,
	);
}
