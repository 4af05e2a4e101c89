/** What the nodes take from the process. One object, so that tests can turn the clock. */
import { sleep } from 'n8n-workflow';
import type { Clock } from '../../providers/contract';
import type { Domain } from '../../providers/http/politeness';
import type { PollState } from './trigger/saved';

export interface Runtime {
	clock: Clock;
	/** Uniform in [0, 1). */
	random: () => number;
	/** A signal that aborts `ms` milliseconds from now. */
	deadline: (ms: number) => AbortSignal;
	/** One limiter per credential for all nodes and executions of this process. */
	domains: Map<string, Domain>;
	/** Trigger nodes with a poll under way. */
	polling: Set<string>;
	/** Where trigger nodes began, until n8n has kept it. */
	begun: Map<string, PollState>;
	/** Of trigger nodes: the stored position from which the last poll with events began, and when it ended. */
	handedOver: Map<string, { from: string | undefined; at: number }>;
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
	polling: new Set(),
	begun: new Map(),
	handedOver: new Map(),
};
