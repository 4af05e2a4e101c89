import type { LogRecordProcessor, ReadableLogRecord, ReadWriteLogRecord } from '@opentelemetry/sdk-logs';

/**
 * Turns `Logger.emit`, which is synchronous, into batches. The SDK's own batch processor drops records when its queue is
 * full and resolves `forceFlush()` after a failed export; this one has no queue and no timer, it only collects.
 */
export class BatchCollector implements LogRecordProcessor {
	#records: ReadableLogRecord[] = [];

	onEmit(record: ReadWriteLogRecord): void {
		this.#records.push(record);
	}

	/** The records emitted since the last call, in order. They belong to the caller from here on. */
	take(): ReadableLogRecord[] {
		const records = this.#records;
		this.#records = [];
		return records;
	}

	/** Throws when records were emitted and never taken: nobody would send them. */
	async forceFlush(): Promise<void> {
		if (this.#records.length > 0) throw new Error(`${this.#records.length} log records were never taken`);
	}

	async shutdown(): Promise<void> {
		await this.forceFlush();
	}
}
