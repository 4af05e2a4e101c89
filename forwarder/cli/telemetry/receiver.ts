/** One receiver of the process's own telemetry: the connection that destinations have, and a few attempts, for nothing of it is kept. */
import pRetry, { AbortError } from 'p-retry';
import { readSecrets } from '../../config/secrets';
import type { OtlpReceiver } from '../../config/types';
import type { Answer } from '../../export/answer';
import { createDestination, type Destination } from '../../export/destination';
import { VERSION } from '../../version';
import type { Io } from '../io';
import type { Signal } from './tell';

/** So that an outage of the receiver takes up nothing: then the next metrics are newer, and the log is at stderr too. */
const RETRIES = 3;

/** At the end of the process a receiver that does not answer is waited for no longer than this. */
const END_MS = 3000;

export interface OpenReceiver {
	exporter: Destination['exporter'];
	/** Resolves with what is worth a warning, or with nothing. */
	deliver(send: (signal: AbortSignal) => Promise<Answer>): Promise<string | undefined>;
	/** Waits for what is under way, but not for long. */
	end(rest: Promise<unknown>): Promise<void>;
}

export function openReceiver(name: Signal, receiver: OtlpReceiver, io: Pick<Io, 'clock' | 'env'>): OpenReceiver {
	const headers = () => readSecrets(receiver.headers);
	const { exporter, close } = createDestination(
		{ name, ...receiver, headers, lenientResponse: false, inFlight: 1 },
		{ clock: io.clock, version: VERSION, env: io.env },
	);
	const giveUp = new AbortController();
	return {
		exporter,
		deliver: (send) => patiently(() => send(giveUp.signal), giveUp.signal),
		async end(rest) {
			const ended = new AbortController();
			void io.clock
				.sleep(END_MS, ended.signal)
				.then(() => giveUp.abort(new Error('no answer before the process ended')));
			await rest;
			ended.abort();
			await close();
		},
	};
}

async function patiently(send: () => Promise<Answer>, signal: AbortSignal): Promise<string | undefined> {
	const attempt = async () => {
		const answer = await send();
		if (answer.kind === 'retry' || answer.kind === 'maybe') throw new Error(answer.reason);
		if (answer.kind !== 'accepted') throw new AbortError(answer.message);
		return answer.warning;
	};
	try {
		return await pRetry(attempt, { retries: RETRIES, minTimeout: 500, maxTimeout: 5000, signal });
	} catch (error) {
		return (error as Error).message;
	}
}
