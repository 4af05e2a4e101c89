/** What the nodes take from the process. One object, so that tests can turn the clock. */
import { sleep, type IDataObject } from 'n8n-workflow';
import type { Clock } from '../../core/contract';
import type { Domain } from '../../core/http/politeness';
import type { PollState } from './trigger/saved';

/** What this process knows of the polls of a trigger. */
export interface PollReport {
	domain?: Pick<Domain, 'pausedUntil'>;
	/** Since the last one that did not fail. */
	failedPolls: number;
	/** Of the last poll, if it failed: why, and when. */
	failure?: string;
	failedAt?: number;
}

export interface Runtime {
	clock: Clock;
	/** Uniform in [0, 1). */
	random: () => number;
	/** A signal that aborts `ms` milliseconds from now. */
	deadline: (ms: number) => AbortSignal;
	/** One limiter per credential for all nodes and executions of this process. */
	domains: Map<string, Domain>;
	/** Applications by credential and account; each by its ID. */
	applications: Map<string, { readAt: number; byId: Promise<ReadonlyMap<string, IDataObject>> }>;
	/** Polls under way, by trigger, with the static data that they work on. */
	polling: Map<string, { data: object; ended: Promise<unknown> }>;
	/** What the last poll of a trigger saved, whether or not n8n has stored it. */
	latest: Map<string, { state: PollState; data: object; isDelivering: boolean; at: number }>;
	/** By trigger, as in `core/walk`. */
	reports: Map<string, PollReport>;
	/** Webhook events of the last minutes, with the time at which each is forgotten. */
	received: Map<string, number>;
	/** The static data of every trigger that was polled. */
	polledWith: WeakSet<object>;
	/** Which triggers keep a copy in a workflow's static data, which is one object in all polls of one activation on the ordinary engine. */
	keeping: WeakMap<object, Set<string>>;
}

/** n8n's sleep cannot be cut short, so a long wait is made of slices. */
const SLICE_MS = 5_000;

const clock: Clock = {
	now: () => Date.now(),
	async sleep(ms, signal) {
		const end = Date.now() + ms;
		for (let left = ms; left > 0 && !signal?.aborted; left = end - Date.now()) {
			await aborted(signal, sleep(Math.min(left, SLICE_MS)));
		}
	},
};

function aborted(signal: AbortSignal | undefined, slice: Promise<unknown>): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			signal?.removeEventListener('abort', done);
			resolve();
		};
		signal?.addEventListener('abort', done, { once: true });
		void slice.then(done);
	});
}

export const runtime: Runtime = {
	clock,
	random: Math.random,
	deadline: (ms) => AbortSignal.timeout(ms),
	domains: new Map(),
	applications: new Map(),
	polling: new Map(),
	latest: new Map(),
	reports: new Map(),
	received: new Map(),
	polledWith: new WeakSet(),
	keeping: new WeakMap(),
};
