import type { Batch, DeadLetter, Outbox } from '../../../../forwarder/store/contract';

/** The outbox of one destination, in memory. */
export class MemoryOutbox implements Outbox {
	readonly batches: Batch[] = [];
	/** Ids in the order of their acknowledgement. */
	readonly acknowledged: number[] = [];
	readonly deadLetters: DeadLetter[] = [];
	shipped = 0;
	/** Thrown by the next calls, one each. */
	readonly failures: Error[] = [];

	add(...batches: Batch[]): this {
		this.batches.push(...batches);
		return this;
	}

	async pending(after: number, limit: number): Promise<Batch[]> {
		const failure = this.failures.shift();
		if (failure) throw failure;
		return this.batches.filter(({ id }) => id > after).slice(0, limit);
	}

	async acknowledge(
		batches: readonly Batch[],
		shipped: number,
		deadLetters: readonly DeadLetter[] = [],
	): Promise<void> {
		const failure = this.failures.shift();
		if (failure) throw failure;
		for (const batch of batches) {
			const index = this.batches.findIndex(({ id }) => id === batch.id);
			if (index < 0) throw new Error(`batch ${batch.id} is not pending`);
			this.batches.splice(index, 1);
			this.acknowledged.push(batch.id);
		}
		this.shipped += shipped;
		this.deadLetters.push(...deadLetters);
	}
}
