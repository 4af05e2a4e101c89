import type { ReadWriteLogRecord } from '@opentelemetry/sdk-logs';
import { BatchCollector } from '../../../forwarder/sink/collector';

const record = (body: string) => ({ body }) as ReadWriteLogRecord;

describe('BatchCollector', () => {
	it('gives out what was emitted once, in order', () => {
		const collector = new BatchCollector();
		collector.onEmit(record('a'));
		collector.onEmit(record('b'));
		expect(collector.take().map(({ body }) => body)).toEqual(['a', 'b']);
		expect(collector.take()).toEqual([]);
	});

	it('refuses a flush while records were never taken', async () => {
		const collector = new BatchCollector();
		collector.onEmit(record('a'));
		await expect(collector.forceFlush()).rejects.toThrow('1 log records were never taken');
		await expect(collector.shutdown()).rejects.toThrow('never taken');
		collector.take();
		await expect(collector.shutdown()).resolves.toBeUndefined();
	});
});
