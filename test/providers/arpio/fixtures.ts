import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, HttpRequest, JsonObject, JsonReply, SourceEvent } from '../../../core/contract';
import { RequestError } from '../../../core/http/failure';
import { arpio } from '../../../providers/arpio/provider';
import { answerOf } from '../../support/answer';

export const ACCOUNT = 'q7RkT2mZpX0vLd9sYbNc4H';

export function fixtureText(name: string): string {
	return readFileSync(join(__dirname, '../../../sandbox/fixtures', `arpio-${name}.json`), 'utf8');
}

export function fixtureEvents(name = 'audit-events'): SourceEvent[] {
	return answerOf(fixtureText(name))
		.lists.get('events')!
		.map((element) => arpio.event(element) as SourceEvent);
}

/** An event made from parts; its text is the JSON of them. */
export function eventOf(json: JsonObject): SourceEvent {
	const whole = { eventId: 'e1', timestamp: '2026-02-11T09:00:00Z', ...json };
	return arpio.event({ raw: JSON.stringify(whole), json: whole }) as SourceEvent;
}

export function reply(body: unknown, headers: Record<string, string> = {}): JsonReply {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return { status: 200, headers, ...answerOf(text) };
}

export function httpError(status: number, message?: string): RequestError {
	return new RequestError({ method: 'GET', path: '/x', kind: 'http', status, ...(message ? { message } : {}) });
}

/** Records the requests; answers in turn, the last answer repeats. */
export function scripted(...answers: (JsonReply | Error)[]): { call: Call; requests: HttpRequest[] } {
	const requests: HttpRequest[] = [];
	const call: Call = async (request) => {
		const answer = answers[Math.min(requests.length, answers.length - 1)]!;
		requests.push(request);
		if (answer instanceof Error) throw answer;
		return answer;
	};
	return { call, requests };
}

/** Only what was sent. */
export function query(request: HttpRequest | undefined): Record<string, unknown> {
	return Object.fromEntries(Object.entries(request?.query ?? {}).filter(([, value]) => value !== undefined));
}
