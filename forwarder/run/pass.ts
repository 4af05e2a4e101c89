/** One pass: reads to an end and ships all of it, or says what was in the way. */
import type { Clock } from '../../core/contract';
import type { Delivery } from '../delivery/delivery';
import type { AfterFailure } from './afterFailure';

export interface Reader {
	name: string;
	/** Undefined when all was read, or when the signal aborted. */
	read(signal: AbortSignal): Promise<AfterFailure | undefined>;
}

export interface PassDeps {
	readers: readonly Reader[];
	outlets: readonly { name: string; delivery: Delivery }[];
	/** Whether reading waits for room in the outbox. */
	isFull: () => boolean;
	/** Why there will be no room whatever destinations take, when that is so. */
	noRoom: () => Promise<string | undefined>;
	clock: Clock;
	stop: AbortSignal;
	/** A destination that accepts nothing for this long is given up; what it should get stays in the outbox. */
	patienceMs: number;
}

/** Returns what kept it from reading and shipping everything: empty when all is acknowledged. */
export async function pass({ readers, outlets, isFull, noRoom, clock, stop, patienceMs }: PassDeps): Promise<string[]> {
	const troubles: string[] = [];
	const over = new AbortController();
	// a destination that accepts nothing frees no room: reading would wait forever
	const stuck = new AbortController();
	const lines = outlets.map(({ name, delivery }) => ({ name, delivery, givenUp: new AbortController() }));
	const running = Promise.all(lines.map(({ delivery }) => delivery.run(over.signal)));
	running.catch(() => stuck.abort());

	const watching = (async () => {
		while (!over.signal.aborted) {
			await clock.sleep(Math.min(1000, patienceMs), over.signal);
			if ((await noRoom()) !== undefined) stuck.abort();
			for (const { delivery, givenUp } of lines) {
				const { state, failingSince = Infinity } = delivery.status();
				const lost = clock.now() - failingSince >= patienceMs;
				if (lost) givenUp.abort();
				if (isFull() && (lost || state === 'halted')) stuck.abort();
			}
		}
	})();

	async function read({ name, read: readAll }: Reader): Promise<void> {
		const signal = AbortSignal.any([stop, stuck.signal]);
		const failure = await readAll(signal);
		if (failure) troubles.push(`source ${name}: ${failure.message}`);
		else if (signal.aborted)
			troubles.push(`source ${name}: ${(await noRoom()) ?? 'stopped before everything was read'}`);
	}

	async function ship({ name, delivery, givenUp }: (typeof lines)[number]): Promise<void> {
		const result = await delivery.drain(AbortSignal.any([stop, givenUp.signal]));
		if (result.kind === 'drained') return;
		if (result.kind === 'halted') troubles.push(`destination ${name}: ${result.message}`);
		else if (stop.aborted) troubles.push(`destination ${name}: stopped before everything was shipped`);
		else
			troubles.push(
				`destination ${name}: accepts nothing (${delivery.status().lastError?.message ?? 'no answer'}); events wait`,
			);
	}

	try {
		await Promise.all(readers.map(read));
		await Promise.all(lines.map(ship));
	} finally {
		over.abort();
		await Promise.all([running, watching]);
	}
	return troubles;
}
