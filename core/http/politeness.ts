/**
 * Pacing, retries and pauses for one rate-limit domain: everything that shares a credential shares its `Domain`.
 * p-retry counts attempts; all waiting is done by our clock.
 */
import pRetry from 'p-retry';
import type { Call, Clock, HttpRequest } from '../contract';
import { isTransient, RequestError, type Failure } from './failure';
import { Semaphore } from './semaphore';
import { remaining, resetMs } from './retryAfter';

export interface DomainOptions {
	clock: Clock;
	/** Uniform in [0, 1). Default `Math.random`. */
	random?: () => number;
	/** Never more start within a minute; without a burst they start evenly, also after a start. Default 60. */
	requestsPerMinute?: number;
	/** So many of them may start at once after a quiet time. Default 1. */
	burst?: number;
	/** Requests under way at once. Default 2. */
	maxConcurrent?: number;
	/** Repeats after the first attempt. Default 4. */
	retries?: number;
	/** No repeat begins later than this after the first attempt has, and no pause that lasts longer is waited for. Default: no such limit. */
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

/** What may change while requests are made. */
export type Limits = Pick<DomainOptions, 'requestsPerMinute' | 'burst' | 'maxConcurrent' | 'retries' | 'reserve'>;

/**
 * Requests start in the order in which they ask. `background` (back-fill) has the whole budget while the others are quiet, but asks
 * for one request at a time: a live request waits for one of them at most, and whoever asks all the time has at least half of the rate.
 * `asked` (a person waits in front of it) is sent inside a pause too, once, and a success ends the pause for all.
 */
export type Urgency = 'live' | 'background' | 'asked';

export interface Domain {
	/** Milliseconds since the epoch; in the past when there is no pause. 0: there never was one. */
	readonly pausedUntil: number;
	/** Requests started, repeats included. */
	readonly requests: number;
	/** Milliseconds of pause ordered so far; overlapping pauses count once. */
	readonly rateLimitedMs: number;
	readonly options: Readonly<Required<DomainOptions>>;
	/** Extends the pause to at least `ms` from now. `status`: of the answer that ordered it. Default 429. */
	pause(ms: number, status?: number): void;
	/** Tells the length of each pause that begins or grows, in milliseconds; 0 when one is ended early. Returns what ends that. */
	onPause(listener: (ms: number) => void): () => void;
	/** Other limits, from the next request on; those that are not given stay. */
	setLimits(limits: Limits): void;
	/**
	 * Starts the request when it is its turn, and never inside a pause, unless it is `asked`.
	 * @param patienceMs A longer pause is not waited for: it is thrown at once, as the answer that ordered it.
	 */
	admit<T>(request: HttpRequest, start: () => Promise<T>, urgency?: Urgency, patienceMs?: number): Promise<T>;
}

export function createDomain(given: DomainOptions): Domain {
	const options: Required<DomainOptions> = {
		random: Math.random,
		requestsPerMinute: 60,
		burst: 1,
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
	const { clock } = options;
	const running = new Semaphore(options.maxConcurrent);
	/** Held by the request whose turn is next, until it starts. */
	const turn = new Semaphore(1);
	const oneByOne = new Semaphore(1);
	let { apart, ahead } = paceOf(options.requestsPerMinute, options.burst);
	/** When the last request was due by the even pace; with the fraction that the pace has and the clock has not. */
	let last = -Infinity;
	let pausedUntil = 0;
	/** Of the pause that ends then. */
	let pauseLength = 0;
	let pauseStatus = 429;
	/** Cuts the sleep of the request whose turn it is. */
	let wake = new AbortController();
	/** Whoever waits, and what ends it. */
	const waiters = new Set<{ patienceMs: number; giveUp: () => void }>();
	const listeners = new Set<(ms: number) => void>();
	const tell = (ms: number) => listeners.forEach((listener) => listener(ms));
	let requests = 0;
	let rateLimitedMs = 0;

	function pausedFor(): number {
		const now = clock.now();
		// a wall clock that was set back must not stretch a wait
		pausedUntil = Math.min(pausedUntil, now + pauseLength);
		return pausedUntil - now;
	}

	/** Resolves when the next request may start, or when the signal aborts. A pause or a pace may come while this one waits. */
	async function ready(signal: AbortSignal): Promise<void> {
		while (!signal.aborted) {
			const now = clock.now();
			last = Math.min(last, now + ahead + 1);
			const wait = Math.max(pausedFor(), last + apart - ahead - now);
			if (wait < 1) return;
			wake = new AbortController();
			await clock.sleep(wait, wake.signal);
		}
	}

	function started(): void {
		last = Math.max(last + apart, clock.now());
		requests++;
	}

	/** False when the signal aborted first. */
	async function takesTurn(signal: AbortSignal): Promise<boolean> {
		if (!(await turn.enter(signal))) return false;
		try {
			if (!(await running.enter(signal))) return false;
			await ready(signal);
			if (signal.aborted) running.leave();
			else started();
			return !signal.aborted;
		} finally {
			turn.leave();
		}
	}

	async function admit<T>(request: HttpRequest, start: () => Promise<T>, patienceMs: number): Promise<T> {
		const waiting = new AbortController();
		const giveUp = () => {
			waiting.abort();
			wake.abort();
		};
		const waiter = { patienceMs, giveUp };
		if (request.signal?.aborted || pausedFor() > patienceMs) waiting.abort();
		request.signal?.addEventListener('abort', giveUp, { once: true });
		waiters.add(waiter);
		const admitted = await takesTurn(waiting.signal);
		waiters.delete(waiter);
		request.signal?.removeEventListener('abort', giveUp);
		if (!admitted) throw request.signal?.aborted ? aborted(request) : paused(request);
		try {
			return await start();
		} finally {
			running.leave();
		}
	}

	function paused({ method, path }: HttpRequest): RequestError {
		return new RequestError({
			method,
			path,
			kind: 'http',
			status: pauseStatus,
			retryAfterMs: Math.max(0, pausedFor()),
		});
	}

	async function admitBackground<T>(request: HttpRequest, start: () => Promise<T>, patienceMs: number): Promise<T> {
		if (!(await oneByOne.enter(request.signal))) throw aborted(request);
		try {
			return await admit(request, start, patienceMs);
		} finally {
			oneByOne.leave();
		}
	}

	async function admitAsked<T>(request: HttpRequest, start: () => Promise<T>, patienceMs: number): Promise<T> {
		if (request.signal?.aborted || pausedFor() <= 0) return admit(request, start, patienceMs);
		started();
		const result = await start();
		pausedUntil = Math.min(pausedUntil, clock.now());
		wake.abort();
		tell(0);
		return result;
	}

	const admitters = { live: admit, background: admitBackground, asked: admitAsked };

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
		pause(ms, status = 429) {
			const until = clock.now() + ms;
			if (until <= pausedUntil) return;
			rateLimitedMs += until - Math.max(pausedUntil, clock.now());
			pausedUntil = until;
			pauseLength = ms;
			pauseStatus = status;
			for (const { patienceMs, giveUp } of waiters) if (ms > patienceMs) giveUp();
			tell(ms);
		},
		onPause(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		setLimits(limits) {
			Object.assign(options, definedOnly(limits));
			({ apart, ahead } = paceOf(options.requestsPerMinute, options.burst));
			running.resize(options.maxConcurrent);
		},
		admit: (request, start, urgency = 'live', patienceMs = Infinity) => admitters[urgency](request, start, patienceMs),
	};
}

/** Milliseconds between two starts, and how far ahead of that a burst may be. A burst comes out of the minute's number. */
function paceOf(requestsPerMinute: number, burst: number): { apart: number; ahead: number } {
	const more = Math.min(burst, Math.ceil(requestsPerMinute / 2)) - 1;
	const apart = 60_000 / (requestsPerMinute - more);
	return { apart, ahead: more * apart };
}

/**
 * Repeats what `isTransient` calls worth a repeat. 429 and 503 pause the whole domain for the longest of `Retry-After`, the
 * reset header and our own back-off; other failures delay only their own request. A request that is not idempotent is
 * repeated only after 429, or 503 with `Retry-After`: other failures leave open whether it was carried out.
 * The signal ends every wait at once, with a `RequestError` of kind `aborted`.
 */
export function polite(call: Call, domain: Domain, urgency?: Urgency): Call {
	const { clock, random, keepTryingMs, backoffMs, maxBackoffMs, maxPauseMs, maxRetryAfterMs } = domain.options;
	const jitter = (attempt: number) => random() * Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));

	return (request) => {
		let end = clock.now() + keepTryingMs;
		const left = () => Math.max(0, end - clock.now());
		/** The last repeat comes when the time is over, and not a long wait before. */
		const backOff = (number: number) => Math.min(jitter(number), left());
		const attempt = async (number: number) => {
			const isFirst = number === 1;
			const start = () => {
				if (isFirst) end = clock.now() + keepTryingMs;
				return call(request);
			};
			const reply = await domain
				// what a person asked for is not a reason to ask again and again
				.admit(request, start, urgency === 'asked' && !isFirst ? 'live' : urgency, isFirst ? keepTryingMs : left())
				.catch((error: unknown) => {
					const failure = failureOf(error);
					if (failure?.kind === 'http' && asksToWait(failure)) {
						const wanted = Math.min(failure.retryAfterMs ?? 0, maxRetryAfterMs);
						const reset = Math.min(failure.resetMs ?? 0, maxPauseMs);
						domain.pause(Math.max(wanted, reset, backOff(number)), failure.status);
					}
					throw error;
				});
			const others = remaining(reply.headers);
			const reset = resetMs(reply.headers, clock.now());
			if (others !== undefined && others <= domain.options.reserve && reset) domain.pause(Math.min(reset, maxPauseMs));
			return reply;
		};
		const shouldRetry = async ({ error, attemptNumber }: { error: Error; attemptNumber: number }) => {
			const failure = failureOf(error);
			if (!failure || request.signal?.aborted || !isRepeatable(request, failure)) return false;
			if (clock.now() >= end || domain.pausedUntil > end) return false;
			if (!asksToWait(failure)) await clock.sleep(backOff(attemptNumber), request.signal);
			return !request.signal?.aborted;
		};
		return pRetry(attempt, { retries: domain.options.retries, minTimeout: 0, shouldRetry }).catch((error: unknown) => {
			throw request.signal?.aborted ? aborted(request) : error;
		});
	};
}

function isRepeatable({ method, idempotent = method === 'GET' }: HttpRequest, failure: Failure): boolean {
	if (!isTransient(failure)) return false;
	if (idempotent || failure.kind !== 'http') return idempotent;
	return failure.status === 429 || (failure.status === 503 && failure.retryAfterMs !== undefined);
}

function asksToWait(failure: Failure): boolean {
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
