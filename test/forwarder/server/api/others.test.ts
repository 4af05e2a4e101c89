/** What a worker tells of sources that others hold. */
import { fromMillis } from '../../../../core/time';
import type { SourceConfig } from '../../../../forwarder/config/types';
import { streamState } from '../../../../forwarder/run/snapshot';
import { withOthers } from '../../../../forwarder/server/api/others';
import type { StreamSummary, Summary } from '../../../../forwarder/store/summary';
import { MINUTE, NOW, snapshot, stream } from '../support';

const source = (name: string) =>
	({ name, provider: { name: 'github' }, latenessMs: MINUTE, pollIntervalMs: MINUTE }) as SourceConfig;
const row = (name: string, change: Partial<StreamSummary> = {}): StreamSummary => ({
	...{ name, shipped: 7, waiting: 2, waitingBytes: 9, deadLetters: 1, doubtful: 0, gaps: 0, gapReasons: {} },
	...{ watermark: fromMillis(NOW - 3 * MINUTE), lastSuccess: fromMillis(NOW - MINUTE) },
	...change,
});
const summary: Summary = {
	streams: [
		row('dr'),
		row('well'),
		row('failing', { lastError: 'status 503', lastErrorAt: fromMillis(NOW - 1000) }),
		row('gone'),
	],
	destinations: [
		{ name: 'siem', shipped: 28, waiting: 8, waitingSince: fromMillis(NOW - 4000), deadLetters: 4, doubtful: 0 },
	],
	past: [],
	unseen: [],
	paused: [{ source: 'halted', since: fromMillis(NOW), by: 'ada' }],
};
const workers = new Map([['well', 'host-b']]);
const sources = ['dr', 'well', 'failing', 'new', 'halted'].map(source);
const whole = () => withOthers(snapshot(), { summary, workerOf: (name) => workers.get(name) }, sources);

test('its own stay as it knows them; the others are told from the database, with who has them', () => {
	const { streams } = whole();
	expect(streams[0]).toEqual(stream());
	expect(streams.slice(1).map((one) => [one.name, one.worker, streamState(one), one.lagMs])).toEqual([
		['well', 'host-b', 'ok', 2 * MINUTE],
		['failing', 'nobody', 'failing', 2 * MINUTE],
		['new', 'nobody', 'starting', undefined],
		['halted', 'nobody', 'paused', undefined],
	]);
	expect(streams[2]!.counts.failure).toMatchObject({ message: 'status 503', sinceMs: NOW - 1000 });
});

test('destinations have what was shipped and what waits in all shards', () => {
	expect(whole().destinations).toMatchObject([
		{ name: 'siem', state: 'ok', shipped: 28, waiting: 8, deadLetters: 4, oldestUnacknowledgedMs: 4000 },
	]);
});
