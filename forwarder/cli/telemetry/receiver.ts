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

export function openReceiver(name: Signal, receiver: OtlpReceiver, io: Pick<Io, 'clock' | 'env'>): Destination {
	const headers = () => readSecrets(receiver.headers);
	return createDestination(
		{ name, ...receiver, headers, lenientResponse: false, inFlight: 1 },
		{ clock: io.clock, version: VERSION, env: io.env },
	);
}

/** Resolves with what is worth a warning, or with nothing. */
export async function patiently(send: () => Promise<Answer>): Promise<string | undefined> {
	let last: Answer | undefined;
	const attempt = async () => {
		last = await send();
		if (last.kind === 'retry' || last.kind === 'maybe') throw new Error(last.reason);
		if (last.kind !== 'accepted') throw new AbortError(last.message);
		return last.warning;
	};
	try {
		return await pRetry(attempt, { retries: RETRIES, minTimeout: 500, maxTimeout: 5000, unref: true });
	} catch (error) {
		return (error as Error).message;
	}
}
