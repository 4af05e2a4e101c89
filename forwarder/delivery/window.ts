/** The batches of one destination that are on their way, in commit order. */
import { recordsIn, type Batch } from '../store/contract';
import type { DeliveryOutcome } from './isolate';
import { refusedAll, type Progress } from './progress';

export interface InFlight {
	/** Sent and acknowledged together: at least one, all of one stream. */
	batches: readonly Batch[];
	/** Absent until they were encoded. */
	progress?: Progress;
	/** Absent while it is being sent. */
	outcome?: DeliveryOutcome;
	/** Started to find out whether the destination still has to be halted. */
	probing: boolean;
	/** Settles with the attempt, never rejects. */
	running: Promise<void>;
}

export class Window {
	readonly #entries: InFlight[] = [];

	constructor(readonly size: number) {}

	/** The oldest batches: the only ones that may be acknowledged. */
	get head(): InFlight | undefined {
		return this.#entries[0];
	}

	get free(): number {
		return this.size - this.#entries.length;
	}

	get empty(): boolean {
		return this.#entries.length === 0;
	}

	/**
	 * Id from which to look for more. Below all ids when empty: with several writers a lower id can appear after a higher one.
	 */
	get lastId(): number {
		return this.#entries.at(-1)?.batches.at(-1)!.id ?? -1;
	}

	/** Records being sent, by stream. */
	get runningByStream(): Record<string, number> {
		const count: Record<string, number> = {};
		for (const { batches, outcome } of this.#entries) {
			for (const batch of outcome ? [] : batches) count[batch.stream] = (count[batch.stream] ?? 0) + recordsIn(batch);
		}
		return count;
	}

	/** Batches that a wrong configuration may have held up. */
	get stuck(): InFlight[] {
		return this.#entries.filter(
			({ outcome, progress }) => outcome?.kind === 'halted' || (outcome?.kind === 'done' && refusedAll(progress!)),
		);
	}

	push(entry: InFlight): void {
		this.#entries.push(entry);
	}

	shift(): void {
		this.#entries.shift();
	}

	/** Resolves when nothing is being sent. */
	async settled(): Promise<void> {
		await Promise.all(this.#entries.map(({ running }) => running));
	}

	/** Waits for everything that is being sent, then forgets all of it. */
	async clear(): Promise<void> {
		await this.settled();
		this.#entries.length = 0;
	}
}
