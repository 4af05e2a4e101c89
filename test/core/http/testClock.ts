import type { Call, Clock, JsonReply } from '../../../core/contract';
import { RequestError, type HttpFailure } from '../../../core/http/failure';
import { answerOf } from '../../support/answer';

/** 2026-02-11T09:00:00Z */
export const START = Date.UTC(2026, 1, 11, 9);

export interface TestClock extends Clock {
	/** Every sleep asked for, in milliseconds. */
	slept: number[];
}

/** Time passes only while somebody sleeps. */
export function testClock(): TestClock {
	let now = START;
	const slept: number[] = [];
	return {
		slept,
		now: () => now,
		async sleep(ms) {
			slept.push(ms);
			now += ms;
		},
	};
}

export const ok: JsonReply = { status: 200, headers: {}, ...answerOf('{}') };

export function refused(status: number, more: Partial<HttpFailure> = {}): RequestError {
	return new RequestError({ method: 'GET', path: '/x', kind: 'http', status, ...more });
}

/** Answers in turn; the last answer repeats. */
export function answering(...answers: (JsonReply | Error)[]): Call & jest.Mock {
	let next = 0;
	return jest.fn(async () => {
		const answer = answers[Math.min(next++, answers.length - 1)]!;
		if (answer instanceof Error) throw answer;
		return answer;
	});
}
