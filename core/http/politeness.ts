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

/** How long is tried. */
export type Tries = Pick<DomainOptions, 'retries' | 'keepTryingMs'>;

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
	return new Limiter(given);
}

/** Whoever waits, and what ends it. */
interface Waiter {
	patienceMs: number;
	giveUp: () => void;
}

/** A class, because there are thousands: what each has of its own is its fields, and lists that are empty cost nothing. */
class Limiter implements Domain {
	readonly options: Required<DomainOptions>;
	readonly #running: Semaphore;
	/** Held by the request whose turn is next, until it starts. */
	readonly #turn = new Semaphore(1);
	readonly #oneByOne = new Semaphore(1);
	readonly #waiters: Waiter[] = [];
	#listeners: readonly ((ms: number) => void)[] = [];
	/** Milliseconds (`paceOf`). */
	#apart: number;
	#ahead: number;
	/** When the last request was due by the even pace; with the fraction that the pace has and the clock has not. */
	#last = -Infinity;
	#pausedUntil = 0;
	/** Of the pause that ends then. */
	#pauseLength = 0;
	#pauseStatus = 429;
	/** Cuts the sleep of the request whose turn it is. */
	#wake: AbortController | undefined;
	#requests = 0;
	#rateLimitedMs = 0;

	constructor(given: DomainOptions) {
		this.options = {
			clock: given.clock,
			random: given.random ?? Math.random,
			requestsPerMinute: given.requestsPerMinute ?? 60,
			burst: given.burst ?? 1,
			maxConcurrent: given.maxConcurrent ?? 2,
			retries: given.retries ?? 4,
			keepTryingMs: given.keepTryingMs ?? Infinity,
			backoffMs: given.backoffMs ?? 1000,
			maxBackoffMs: given.maxBackoffMs ?? 60_000,
			maxPauseMs: given.maxPauseMs ?? 300_000,
			maxRetryAfterMs: given.maxRetryAfterMs ?? 3_600_000,
			reserve: given.reserve ?? 0,
		};
		this.#running = new Semaphore(this.options.maxConcurrent);
		const { apart, ahead } = paceOf(this.options.requestsPerMinute, this.options.burst);
		this.#apart = apart;
		this.#ahead = ahead;
	}

	get pausedUntil(): number {
		return this.#pausedUntil;
	}

	get requests(): number {
		return this.#requests;
	}

	get rateLimitedMs(): number {
		return this.#rateLimitedMs;
	}

	pause(ms: number, status = 429): void {
		const now = this.options.clock.now();
		const until = now + ms;
		if (until <= this.#pausedUntil) return;
		this.#rateLimitedMs += until - Math.max(this.#pausedUntil, now);
		this.#pausedUntil = until;
		this.#pauseLength = ms;
		this.#pauseStatus = status;
		for (const { patienceMs, giveUp } of [...this.#waiters]) if (ms > patienceMs) giveUp();
		this.#tell(ms);
	}

	onPause(listener: (ms: number) => void): () => void {
		// a list that is pushed to has room for 17
		this.#listeners = this.#listeners.concat(listener);
		return () => {
			this.#listeners = this.#listeners.filter((one) => one !== listener);
		};
	}

	setLimits(limits: Limits): void {
		Object.assign(this.options, definedOnly(limits));
		const { apart, ahead } = paceOf(this.options.requestsPerMinute, this.options.burst);
		this.#apart = apart;
		this.#ahead = ahead;
		this.#running.resize(this.options.maxConcurrent);
	}

	admit<T>(
		request: HttpRequest,
		start: () => Promise<T>,
		urgency: Urgency = 'live',
		patienceMs = Infinity,
	): Promise<T> {
		if (urgency === 'background') return this.#admitBackground(request, start, patienceMs);
		return urgency === 'asked' ? this.#admitAsked(request, start, patienceMs) : this.#admit(request, start, patienceMs);
	}

	#tell(ms: number): void {
		for (const listener of this.#listeners) listener(ms);
	}

	#pausedFor(): number {
		const now = this.options.clock.now();
		// a wall clock that was set back must not stretch a wait
		this.#pausedUntil = Math.min(this.#pausedUntil, now + this.#pauseLength);
		return this.#pausedUntil - now;
	}

	/** Resolves when the next request may start, or when the signal aborts. A pause or a pace may come while this one waits. */
	async #ready(signal: AbortSignal): Promise<void> {
		const { clock } = this.options;
		while (!signal.aborted) {
			const now = clock.now();
			this.#last = Math.min(this.#last, now + this.#ahead + 1);
			const wait = Math.max(this.#pausedFor(), this.#last + this.#apart - this.#ahead - now);
			if (wait < 1) break;
			this.#wake = new AbortController();
			await clock.sleep(wait, this.#wake.signal);
		}
		this.#wake = undefined;
	}

	#started(): void {
		this.#last = Math.max(this.#last + this.#apart, this.options.clock.now());
		this.#requests++;
	}

	/** False when the signal aborted first. */
	async #takesTurn(signal: AbortSignal): Promise<boolean> {
		if (!(await this.#turn.enter(signal))) return false;
		try {
			if (!(await this.#running.enter(signal))) return false;
			await this.#ready(signal);
			if (signal.aborted) this.#running.leave();
			else this.#started();
			return !signal.aborted;
		} finally {
			this.#turn.leave();
		}
	}

	async #admit<T>(request: HttpRequest, start: () => Promise<T>, patienceMs: number): Promise<T> {
		const waiting = new AbortController();
		const giveUp = () => {
			waiting.abort();
			this.#wake?.abort();
		};
		const waiter = { patienceMs, giveUp };
		if (request.signal?.aborted || this.#pausedFor() > patienceMs) waiting.abort();
		request.signal?.addEventListener('abort', giveUp, { once: true });
		this.#waiters.push(waiter);
		const admitted = await this.#takesTurn(waiting.signal);
		this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
		request.signal?.removeEventListener('abort', giveUp);
		if (!admitted) throw request.signal?.aborted ? aborted(request) : this.#paused(request);
		try {
			return await start();
		} finally {
			this.#running.leave();
		}
	}

	#paused({ method, path }: HttpRequest): RequestError {
		const retryAfterMs = Math.max(0, this.#pausedFor());
		return new RequestError({ method, path, kind: 'http', status: this.#pauseStatus, retryAfterMs });
	}

	async #admitBackground<T>(request: HttpRequest, start: () => Promise<T>, patienceMs: number): Promise<T> {
		if (!(await this.#oneByOne.enter(request.signal))) throw aborted(request);
		try {
			return await this.#admit(request, start, patienceMs);
		} finally {
			this.#oneByOne.leave();
		}
	}

	async #admitAsked<T>(request: HttpRequest, start: () => Promise<T>, patienceMs: number): Promise<T> {
		if (request.signal?.aborted || this.#pausedFor() <= 0) return this.#admit(request, start, patienceMs);
		this.#started();
		const result = await start();
		this.#pausedUntil = Math.min(this.#pausedUntil, this.options.clock.now());
		this.#wake?.abort();
		this.#tell(0);
		return result;
	}
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
 * @param own Instead of what the domain says, which others share.
 */
export function polite(call: Call, domain: Domain, urgency?: Urgency, own: Tries = {}): Call {
	const { clock, random, backoffMs, maxBackoffMs, maxPauseMs, maxRetryAfterMs } = domain.options;
	const { keepTryingMs = domain.options.keepTryingMs, retries } = own;
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
		return pRetry(attempt, { retries: retries ?? domain.options.retries, minTimeout: 0, shouldRetry }).catch(
			(error: unknown) => {
				throw request.signal?.aborted ? aborted(request) : error;
			},
		);
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
