/** When a poll has read to now, and how long the next one waits. */
import { arcusErp } from '../../../providers/arcus-erp/provider';
import type { SourceConfig } from '../../../forwarder/config/types';
import { createPoller } from '../../../forwarder/run/poller';
import { arpio } from '../../../providers/arpio/provider';
import type { Change } from '../../../core/walk/contract';
import type { Clock, Page, Source, SourceEvent } from '../../../core/contract';
import { fromMillis } from '../../../core/time';
import { stateFile, type StateFile } from '../../support/stateFile';
import { streamOf } from '../../support/streamOf';

let now: number;
let slept: number[];
let file: StateFile;
let stop: AbortController;

beforeEach(() => {
	now = Date.parse('2026-02-11T16:00:00Z');
	slept = [];
	file = stateFile(() => now);
	stop = new AbortController();
});
afterEach(() => file.remove());

const clock: Clock = {
	now: () => now,
	sleep: async (ms) => {
		slept.push(ms);
		if (slept.length === 3) stop.abort();
		now += ms;
	},
};

const event = (id: string): SourceEvent => ({ id, time: fromMillis(now), raw: `{"id":"${id}"}`, json: { id } });

function pollerOf(page: Source['page'], given: Partial<SourceConfig> = {}) {
	const store = file.open();
	const config: SourceConfig = {
		name: 'erp',
		provider: arcusErp,
		baseUrl: 'https://api.example.com',
		settings: {},
		sizes: { pageSize: 100 },
		secrets: {},
		start: fromMillis(now - 60_000),
		pollIntervalMs: 60_000,
		latenessMs: 600_000,
		pastLatenessMs: 600_000,
		rateLimit: { requestsPerMinute: 60, maxConcurrent: 1, retries: 0, reserve: 0 },
		dropReads: false,
		redact: [],
		destinations: ['siem'],
		...given,
	};
	const stream = streamOf(store, { name: 'erp', fingerprint: 'f', destinations: ['siem'] });
	const source: Source = { onRejected: 'continueBelowOldest', page };
	const changes: Change[] = [];
	const notes: string[] = [];
	const poller = createPoller({
		config,
		provider: arpio,
		source,
		store: {
			...stream,
			commit: async (change) => {
				changes.push(change);
				await stream.commit(change);
			},
		},
		clock,
		random: () => 0.5,
		note: async (error) => void notes.push(error ?? 'well'),
	});
	const shipped = async () =>
		(await store.outbox('siem').pending(0, 100)).flatMap(({ events }) => events.map(({ id }) => id));
	const told = async () => (await store.outbox('siem').pending(0, 100)).flatMap(({ gaps }) => gaps);
	return { poller, shipped, told, changes, notes, load: stream.load };
}

test('a walk that a crash cut off is ended, and then what happened since it began is read', async () => {
	const listed = [event('a1'), event('a2')];
	// newest first, one event to a page; the second page fails until the restart
	let broken = true;
	const page: Source['page'] = async (_range, position): Promise<Page> => {
		if (position && broken) throw new Error('down');
		const at = position ? listed.findIndex(({ id }) => id === position['after']) + 1 : 0;
		const events = listed.slice(at, at + 1);
		return { events, invalid: [], ...(at + 1 < listed.length && { next: { after: events[0]!.id } }) };
	};
	expect(await pollerOf(page).poller.once(stop.signal)).toMatchObject({ kind: 'transient' });
	listed.unshift(event('b'));
	broken = false;
	const { poller, shipped } = pollerOf(page);
	expect(await poller.once(stop.signal)).toBeUndefined();
	expect((await shipped()).sort()).toEqual(['a1', 'a2', 'b']);
});

test('a wall clock that is set back during a poll does not hold up the next one', async () => {
	const { poller } = pollerOf(async () => {
		now -= 3_600_000;
		return { events: [], invalid: [] };
	});
	await poller.run(stop.signal);
	for (const ms of slept) expect(ms).toBeLessThanOrEqual(90_000);
	expect(slept).toHaveLength(3);
});

describe('with a provider that keeps events for a day', () => {
	const DAY = 86_400_000;
	const LATENESS = 600_000;

	test('a clock of ours that runs a year ahead skips nothing that can still be read', async () => {
		const provider = now;
		const page: Source['page'] = async () => ({ events: [], invalid: [], serverTime: fromMillis(provider) });
		const { poller, told, load } = pollerOf(page, { retentionMs: DAY });
		now += 365 * DAY;
		await poller.once(stop.signal);
		expect((await load())!.watermark).toBeLessThanOrEqual(fromMillis(provider - 60_000));
		expect((await told()).map(({ reason }) => reason)).toEqual(['collection_start']);
	});

	test('a walk that was cut off before a long pause hides nothing that is gone since', async () => {
		const begun = now;
		let down = false;
		let asked: Parameters<Source['page']>[] = [];
		const page: Source['page'] = async (...request) => {
			asked.push(request);
			const [, position] = request;
			if (position && down) throw new Error('down');
			const serverTime = fromMillis(now);
			return { events: [], invalid: [], serverTime, ...(down && { next: { token: 'b' } }) };
		};
		down = true;
		const before = pollerOf(page, { retentionMs: DAY });
		expect(await before.poller.once(stop.signal)).toMatchObject({ kind: 'transient' });
		expect((await before.load())!.walk).toBeDefined();
		down = false;
		asked = [];
		now += 10 * DAY;
		const { poller, told, load } = pollerOf(page, { retentionMs: DAY });
		await poller.once(stop.signal);
		const gone = { from: fromMillis(begun - 60_000), to: fromMillis(now - DAY) };
		expect(await told()).toEqual([
			expect.objectContaining({ reason: 'collection_start' }),
			expect.objectContaining({ reason: 'retention', ...gone }),
		]);
		expect((await load())!.watermark).toBe(fromMillis(now - LATENESS));
		// the walk is given up with what is gone: nothing is asked for at its position, or below what the provider keeps
		expect(asked.filter(([{ lower }, position]) => position !== undefined || lower < gone.to)).toEqual([]);
	});
});

test('a wall clock that was set back does not hold up the second look', async () => {
	const lowers: bigint[] = [];
	const page: Source['page'] = async ({ lower, upper }) => {
		if (upper !== undefined) lowers.push(lower);
		return { events: [], invalid: [] };
	};
	const reconcile = { everyMs: 3_600_000, spanMs: 7_200_000 };
	const { poller } = pollerOf(page, { reconcile, start: fromMillis(now - 86_400_000) });
	now += 31_536_000_000;
	await poller.once(stop.signal);
	expect(lowers).toHaveLength(1);
	now -= 31_536_000_000;
	await poller.once(stop.signal);
	now += 3_600_000;
	await poller.once(stop.signal);
	expect(lowers).toHaveLength(2);
});

test('the last commit of an ordinary poll says that it succeeded; a failed one is noted beside', async () => {
	let broken = false;
	const { poller, changes, notes } = pollerOf(async () => {
		if (broken) throw new Error('down');
		return { events: [], invalid: [] };
	});
	await poller.once(stop.signal);
	changes.length = 0;
	await poller.once(stop.signal);
	expect(changes).toMatchObject([{ walk: null, polled: {} }]);
	broken = true;
	await poller.once(stop.signal);
	expect(notes).toEqual(['down']);
});

test('a poll with a sweep has succeeded when the sweep has', async () => {
	let sweeps = 0;
	const page: Source['page'] = async ({ upper }) => {
		if (upper !== undefined && ++sweeps === 1) throw new Error('down');
		return { events: [], invalid: [] };
	};
	const reconcile = { everyMs: 3_600_000, spanMs: 3_600_000 };
	const { poller, changes, notes } = pollerOf(page, { reconcile, start: fromMillis(now - 7_200_000) });
	await poller.once(stop.signal);
	await poller.once(stop.signal);
	expect(sweeps).toBe(2);
	expect([changes.filter(({ polled }) => polled), notes]).toEqual([[], ['down', 'well']]);
	await poller.once(stop.signal);
	expect([changes.at(-1)!.polled, notes.length]).toEqual([{}, 2]);
});
