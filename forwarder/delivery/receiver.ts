/**
 * One receiver, as all deliveries to it in this process see it: it is asked once whether it is well again, halted once, and
 * gets no more requests at a time than it is configured for, however many outboxes are emptied into it.
 */
import { Semaphore } from '../../core/http/semaphore';
import type { Line } from './attempts';
import { Halt, type HaltNotice } from './halt';
import { Health, type HealthNotice } from './health';
import { Outage } from './outage';

export interface ReceiverOptions extends Pick<Line, 'send' | 'clock' | 'random'> {
	/** Requests at the same time. Default 4. */
	inFlight?: number;
	/** How long `send` may take. Default 10 s. */
	timeoutMs?: number;
	/** How often it is tried while it is halted. Default 5 min. */
	probeEveryMs?: number;
	report?: (notice: HaltNotice | HealthNotice) => void;
}

export interface Receiver extends Pick<Line, 'send' | 'health' | 'outage'> {
	halt: Halt;
}

const LEAST_PATIENCE_MS = 1_500;

export function createReceiver(options: ReceiverOptions): Receiver {
	const { clock, random, inFlight = 4, timeoutMs = 10_000, probeEveryMs: everyMs = 300_000 } = options;
	const { report = () => undefined } = options;
	const health = new Health(clock, report);
	// as many questions as requests at most, evenly spread over the time that one without an answer takes
	const outage = new Outage({ clock, random, patienceMs: Math.max(LEAST_PATIENCE_MS, timeoutMs / inFlight) });
	const halt = new Halt({ clock, health, outage, everyMs, report });
	const places = new Semaphore(inFlight);
	return {
		health,
		outage,
		halt,
		async send(items, signal) {
			if (!(await places.enter(signal))) signal.throwIfAborted();
			try {
				return await options.send(items, signal);
			} finally {
				places.leave();
			}
		},
	};
}
