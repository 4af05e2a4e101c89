/**
 * Pacing, retries and pauses for one rate-limit domain: everything that shares a credential shares its `Domain`
 * (lossless-polling §7). p-retry counts attempts; all waiting is done by our clock.
 */
import pRetry from 'p-retry';
import type { Call, Clock, HttpRequest } from '../contract';
import { isTransient, RequestError, type Failure } from '../failure';
import { Places } from './places';
import { remaining, resetMs } from './retryAfter';

export interface DomainOptions {
	clock: Clock;
	/** Uniform in [0, 1). Default `Math.random`. */
	random?: () => number;
	/** Requests start at least 60 000 / this many milliseconds apart: no bursts, also not after a start. Default 60. */
	requestsPerMinute?: number;
	/** Requests under way at once. Default 2. */
	maxConcurrent?: number;
	/** Repeats after the first attempt. Default 4. */
	retries?: number;
	/** No repeat begins later than this after the first attempt has. Default: no such limit. */
	keepTryingMs?: number;
	/** Full jitter: the n-th wait is random between 0 and `backoffMs` · 2^(n−1). Default 1000. */
	backoffMs?: number;
	/** Upper end of the jitter. Default 60 000. */
	maxBackoffMs?: number;
	/** Longest pause that a reset header can cause: it is a hint, others share the quota. Default 300 000 (5 min). */
	maxPauseMs?: number;
	/** Longest `Retry-After` that is obeyed in full. Default 3 600 000 (1 h). */
	maxRetryAfterMs?: number;
	/** Pause until the reset once this few requests are left for everybody else. Default 0. */
	reserve?: number;
}

/**
 * Requests start in the order in which they ask. `background` (back-fill) has the whole budget while the others are quiet, but asks
 * for one request at a time: a live request waits for one of them at most, and whoever asks all the time has at least half of the rate.
 */
export type Urgency = 'live' | 'background';

export interface Domain {
	/** Milliseconds since the epoch; in the past when there is no pause. 0: there never was one. */
	readonly pausedUntil: number;
	/** Requests started, repeats included. */
	readonly requests: number;
	/** Milliseconds of pause ordered so far; overlapping pauses count once. */
	readonly rateLimitedMs: number;
	readonly options: Readonly<Required<DomainOptions>>;
	/** Extends the pause to at least `ms` from now. */
	pause(ms: number): void;
	/** Another `requestsPerMinute`, from the next request on. */
	setPace(requestsPerMinute: number): void;
	/** Starts the request when it is its turn, and never inside a pause. */
	admit<T>(request: HttpRequest, start: () => Promise<T>, urgency?: Urgency): Promise<T>;
}

export function createDomain(given: DomainOptions): Domain {
	const options: Required<DomainOptions> = {
		random: Math.random,
		requestsPerMinute: 60,
		maxConcurrent: 2,
		retries: 4,
		keepTryingMs: Infinity,
		backoffMs: 1000,
		maxBackoffMs: 60_000,
		maxPauseMs: 300_000,
		maxRetryAfterMs: 3_600_000,
		reserve: 0,
		...definedOnly(given),
	};
	const { clock, maxConcurrent } = options;
	const running = new Places(maxConcurrent);
	/** Held by the request whose turn is next, until it starts. */
	const turn = new Places(1);
	const oneByOne = new Places(1);
	let apart = 60_000 / options.requestsPerMinute;
	/** When the last request started; with the fraction that the pace has and the clock has not, so less than 1 ms ahead. */
	let last = -Infinity;
	let pausedUntil = 0;
	/** Of the pause that ends then. */
	let pauseLength = 0;
	let requests = 0;
	let rateLimitedMs = 0;

	/** Resolves when the next request may start, or when the signal aborts. A pause or a pace may come while this one waits. */
	async function ready(signal?: AbortSignal): Promise<void> {
		while (!signal?.aborted) {
			const now = clock.now();
			// a wall clock that was set back must not stretch a wait
			pausedUntil = Math.min(pausedUntil, now + pauseLength);
			last = Math.min(last, now + 1);
			const wait = Math.max(pausedUntil, last + apart) - now;
			if (wait < 1) return;
			await clock.sleep(wait, signal);
		}
	}

	async function admit<T>(request: HttpRequest, start: () => Promise<T>): Promise<T> {
		const { signal } = request;
		if (!(await turn.enter(signal))) throw aborted(request);
		let entered = false;
		try {
			entered = await running.enter(signal);
			if (entered) await ready(signal);
			if (signal?.aborted) throw aborted(request);
			last = Math.max(last + apart, clock.now());
			requests++;
		} catch (error) {
			if (entered) running.leave();
			throw error;
		} finally {
			turn.leave();
		}
		try {
			return await start();
		} finally {
			running.leave();
		}
	}

	async function admitBackground<T>(request: HttpRequest, start: () => Promise<T>): Promise<T> {
		if (!(await oneByOne.enter(request.signal))) throw aborted(request);
		try {
			return await admit(request, start);
		} finally {
			oneByOne.leave();
		}
	}

	return {
		options,
		get pausedUntil() {
			return pausedUntil;
		},
		get requests() {
			return requests;
		},
		get rateLimitedMs() {
			return rateLimitedMs;
		},
		pause(ms) {
			const until = clock.now() + ms;
			if (until <= pausedUntil) return;
			rateLimitedMs += until - Math.max(pausedUntil, clock.now());
			pausedUntil = until;
			pauseLength = ms;
		},
		setPace(requestsPerMinute) {
			apart = 60_000 / requestsPerMinute;
		},
		admit: (request, start, urgency = 'live') => (urgency === 'live' ? admit : admitBackground)(request, start),
	};
}

/**
 * Repeats what `isTransient` calls worth a repeat. 429 and 503 pause the whole domain for the longest of `Retry-After`, the
 * reset header and our own back-off; other failures delay only their own request. A request that is not idempotent is
 * repeated only after 429, or 503 with `Retry-After`: other failures leave open whether it was carried out.
 * The signal ends every wait at once, with a `RequestError` of kind `aborted`.
 */
export function polite(call: Call, domain: Domain, urgency?: Urgency): Call {
	const { clock, random, retries, keepTryingMs, backoffMs, maxBackoffMs, maxPauseMs, maxRetryAfterMs, reserve } =
		domain.options;
	const jitter = (attempt: number) => random() * Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));

	return (request) => {
		const end = clock.now() + keepTryingMs;
		/** The last repeat comes when the time is over, and not a long wait before. */
		const backOff = (number: number) => Math.min(jitter(number), Math.max(0, end - clock.now()));
		const attempt = async (number: number) => {
			try {
				const reply = await domain.admit(request, () => call(request), urgency);
				const left = remaining(reply.headers);
				const reset = resetMs(reply.headers, clock.now());
				if (left !== undefined && left <= reserve && reset) domain.pause(Math.min(reset, maxPauseMs));
				return reply;
			} catch (error) {
				const failure = failureOf(error);
				if (failure?.kind === 'http' && isToldOff(failure)) {
					const wanted = Math.min(failure.retryAfterMs ?? 0, maxRetryAfterMs);
					domain.pause(Math.max(wanted, Math.min(failure.resetMs ?? 0, maxPauseMs), backOff(number)));
				}
				throw error;
			}
		};
		const shouldRetry = async ({ error, attemptNumber }: { error: Error; attemptNumber: number }) => {
			const failure = failureOf(error);
			if (!failure || request.signal?.aborted || !isRepeatable(request, failure)) return false;
			if (clock.now() >= end || domain.pausedUntil > end) return false;
			if (!isToldOff(failure)) await clock.sleep(backOff(attemptNumber), request.signal);
			return !request.signal?.aborted;
		};
		return pRetry(attempt, { retries, minTimeout: 0, shouldRetry }).catch((error: unknown) => {
			throw request.signal?.aborted ? aborted(request) : error;
		});
	};
}

function isRepeatable({ method, idempotent = method === 'GET' }: HttpRequest, failure: Failure): boolean {
	if (!isTransient(failure)) return false;
	if (idempotent || failure.kind !== 'http') return idempotent;
	return failure.status === 429 || (failure.status === 503 && failure.retryAfterMs !== undefined);
}

function isToldOff(failure: Failure): boolean {
	return failure.kind === 'http' && (failure.status === 429 || failure.status === 503);
}

function failureOf(error: unknown): Failure | undefined {
	return error instanceof RequestError ? error.failure : undefined;
}

function aborted({ method, path }: HttpRequest): RequestError {
	return new RequestError({ method, path, kind: 'aborted' });
}

function definedOnly<T extends object>(values: T): T {
	return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
