/** What can go wrong between an HTTP server and its client, and when it does. */
import type { SimRequest } from './api';

export type Fault =
	/** The body comes in pieces with a pause before each. */
	| { readonly kind: 'slow'; readonly pauseMs: number; readonly pieces?: number }
	/** The connection ends before the body does: Content-Length too large, or a chunked body without its end. */
	| { readonly kind: 'truncated'; readonly framing: 'content-length' | 'chunked' }
	/** The connection is reset; `after`: the API has handled the request, so a POST took effect. */
	| { readonly kind: 'reset'; readonly when: 'before' | 'after' }
	/** A login page or a proxy's error page. */
	| { readonly kind: 'html'; readonly status: number }
	| { readonly kind: 'throttled'; readonly retryAfter?: { readonly seconds: number } | { readonly date: number } }
	| {
			readonly kind: 'status';
			readonly status: number;
			readonly body?: string;
			readonly headers?: Record<string, string>;
	  }
	/** The true body, padded with white space until it has this many bytes. */
	| { readonly kind: 'oversize'; readonly bytes: number }
	/** No answer until the server closes. */
	| { readonly kind: 'silent' };

/** `number` counts requests from 1. */
export type FaultPlan = (number: number, request: SimRequest) => Fault | undefined;

export const htmlPage = '<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>';

export function retryAfterText(retryAfter: { readonly seconds: number } | { readonly date: number }): string {
	return 'seconds' in retryAfter ? String(retryAfter.seconds) : new Date(retryAfter.date).toUTCString();
}

/** The same faults for the same seed: `rate` of all requests, drawn evenly from `faults`. */
export function seededFaults(seed: number, rate: number, faults: readonly Fault[]): FaultPlan {
	const random = randomFrom(seed);
	return () => {
		const hit = random() < rate;
		const pick = random();
		return hit ? faults[Math.floor(pick * faults.length)] : undefined;
	};
}

/** Mulberry32: small, and good enough to spread faults. */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
