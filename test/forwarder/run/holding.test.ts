import type { DeliveryStatus } from '../../../forwarder/delivery/health';
import { StaleLeaseError } from '../../../forwarder/store/contract';
import { together, type Holding } from '../../../forwarder/run/holding';
import type { DestinationSummary } from '../../../forwarder/store/summary';

const status = (inFlight: Record<string, number>): DeliveryStatus => ({
	...{ state: 'ok', since: 1, consecutiveFailures: 0, inFlight },
});

function part(stream: string, siem: Partial<DestinationSummary>, more: Partial<Holding> = {}): Holding {
	const counts = { shipped: 1, waiting: 0, deadLetters: 0, doubtful: 0, gaps: 0, gapReasons: {}, waitingBytes: 0 };
	return {
		sources: () => [{ name: stream } as never],
		refused: () => new Map(),
		domains: () => new Map(),
		deliveries: () => new Map([['siem', status({ [stream]: 2 })]]),
		summary: async () => ({
			streams: [{ name: stream, ...counts }],
			destinations: [{ name: 'siem', ...counts, ...siem }],
			past: [{ stream, covered: [] }],
			unseen: [],
			paused: [],
		}),
		isFull: () => false,
		isDiskLow: () => false,
		failure: () => undefined,
		...more,
	};
}

test('what several shards hold is one list of streams, and one row for each destination', async () => {
	const all = together(() => [
		part('b', { shipped: 5, waiting: 2, waitingSince: 20n, lastError: 'old', lastErrorAt: 1n }),
		part('a', { shipped: 7, waiting: 1, waitingSince: 10n, lastError: 'new', lastErrorAt: 2n }),
	]);
	const { streams, destinations } = await all.summary();
	expect(streams.map(({ name }) => name)).toEqual(['a', 'b']);
	expect(destinations).toMatchObject([{ name: 'siem', shipped: 12, waiting: 3, waitingSince: 10n, lastError: 'new' }]);
	expect(all.deliveries().get('siem')).toMatchObject({ state: 'ok', inFlight: { a: 2, b: 2 } });
	expect(all.sources().map(({ name }) => name)).toEqual(['b', 'a']);
});

test('one full outbox and the newest failed write show', () => {
	const all = together(() => [
		part('a', {}, { isFull: () => true, failure: () => ({ at: 1, message: 'first' }) }),
		part('b', {}, { failure: () => ({ at: 2, message: 'second' }) }),
	]);
	expect(all.isFull()).toBe(true);
	expect(all.failure()).toEqual({ at: 2, message: 'second' });
});

test('a process that holds nothing has nothing to show, and fails over nothing', async () => {
	const none = together(() => []);
	expect(await none.summary()).toEqual({ streams: [], destinations: [], past: [], unseen: [], paused: [] });
	expect(none.failure()).toBeUndefined();
});

test('a shard that is lost at this moment has nothing to show; a database that is away is an error', async () => {
	const failing = (error: Error) => part('b', {}, { summary: () => Promise.reject(error) });
	const lost = together(() => [part('a', {}), failing(new StaleLeaseError('taken by another'))]);
	expect((await lost.summary()).streams.map(({ name }) => name)).toEqual(['a']);
	const away = together(() => [part('a', {}), failing(new Error('connection refused'))]);
	await expect(away.summary()).rejects.toThrow('connection refused');
});
