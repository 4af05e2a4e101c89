/** I13: no request inside a pause that the provider asked for, and never more of them than the budget, whatever it answers. */
import fc from 'fast-check';
import type { Call, JsonReply } from '../../core/contract';
import { answerOf } from '../support/answer';
import { RequestError, type Failure } from '../../core/http/failure';
import { createDomain, polite } from '../../core/http/politeness';
import { timerClock as clock } from '../support/timerClock';
import { property } from './tools/check';

type Answer =
	| { kind: 'ok'; remaining?: number }
	| { kind: 'told off'; status: 429 | 503; retryAfterMs?: number; resetMs?: number }
	| { kind: 'broken'; status: 500 | 408 }
	| { kind: 'lost' };

const answer: fc.Arbitrary<Answer> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({ kind: fc.constant('ok' as const), remaining: fc.constantFrom(undefined, 0, 5) }),
	},
	fc.record({
		kind: fc.constant('told off' as const),
		status: fc.constantFrom(429 as const, 503 as const),
		retryAfterMs: fc.option(fc.nat(600_000), { nil: undefined }),
		resetMs: fc.option(fc.nat(120_000), { nil: undefined }),
	}),
	fc.record({ kind: fc.constant('broken' as const), status: fc.constantFrom(500 as const, 408 as const) }),
	fc.constant({ kind: 'lost' as const }),
);

const story = fc.record({
	requestsPerMinute: fc.constantFrom(1, 7, 60, 240),
	maxConcurrent: fc.integer({ min: 1, max: 3 }),
	callers: fc.integer({ min: 1, max: 3 }),
	each: fc.integer({ min: 1, max: 4 }),
	answers: fc.array(answer, { maxLength: 20 }),
	tookMs: fc.constantFrom(0, 50, 5000),
	random: fc.constantFrom(0, 0.5, 0.999),
});

beforeEach(() => jest.useFakeTimers({ doNotFake: ['performance'] }));
afterEach(() => jest.useRealTimers());

property('I13: pauses are kept and the budget is never exceeded', story, async (given) => {
	const { requestsPerMinute, maxConcurrent, callers, each, tookMs, random } = given;
	const answers = [...given.answers];
	const starts: number[] = [];
	let pausedUntil = 0;
	let tooEarly = 0;
	const call: Call = async (request) => {
		starts.push(Date.now());
		if (Date.now() < pausedUntil) tooEarly++;
		const next = answers.shift() ?? { kind: 'ok' as const };
		if (tookMs > 0) await clock.sleep(tookMs);
		if (next.kind === 'ok') return reply(next.remaining);
		const { kind, ...rest } = next;
		if (kind === 'lost') throw new RequestError({ ...request, kind: 'network', code: 'ECONNRESET' });
		if ('retryAfterMs' in rest && rest.retryAfterMs)
			pausedUntil = Math.max(pausedUntil, Date.now() + rest.retryAfterMs);
		throw new RequestError({ method: 'GET', path: '/x', kind: 'http', ...rest } as Failure);
	};
	const domain = createDomain({ clock, random: () => random, requestsPerMinute, maxConcurrent });
	const asking = polite(call, domain);
	let done = false;
	const all = Promise.all(
		Array.from({ length: callers }, async () => {
			for (let n = 0; n < each; n++) await asking({ method: 'GET', path: '/x' }).catch(() => undefined);
		}),
	).then(() => (done = true));
	while (!done) await jest.advanceTimersByTimeAsync(60_000);
	await all;
	expect(tooEarly).toBe(0);
	const apart = Math.floor(60_000 / requestsPerMinute);
	const gaps = starts.slice(1).map((at, index) => at - starts[index]!);
	expect(Math.min(apart, ...gaps)).toBe(apart);
	const busiest = Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + 60_000).length));
	expect(busiest).toBeLessThanOrEqual(requestsPerMinute + 1);
	return { pages: starts.length };
});

function reply(remaining: number | undefined): JsonReply {
	const headers: Record<string, string> =
		remaining === undefined ? {} : { 'x-ratelimit-remaining': String(remaining), 'x-ratelimit-reset': '20' };
	return { status: 200, headers, ...answerOf('{}') };
}
